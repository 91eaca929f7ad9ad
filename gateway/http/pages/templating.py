"""How a page for people is sent: from its template, with headers that keep its link private.

The token stands in the URL, so nothing may remember, index, frame or pass it on.
"""

from functools import lru_cache
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'self'; frame-ancestors 'none'",
}


def page(name: str, **values: Any) -> HTMLResponse:
    """Return a page filled in."""
    text = _environment().get_template(f"{name}.html").render(**values)
    return HTMLResponse(text, headers=_HEADERS)


def gone() -> HTMLResponse:
    """Return the one page for every link that leads nowhere."""
    text = _environment().get_template("layout.html").render(gone=True)
    return HTMLResponse(text, status_code=404, headers=_HEADERS)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(autoescape=True, loader=PackageLoader("gateway.http.pages", "."))
