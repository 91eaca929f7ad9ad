"""How a page for people is sent: from its template, with headers that keep its link private.

The token stands in the URL, so nothing may remember, index, frame or pass it on. What strangers
wrote is shown as it is: what nobody would see of it, or what would turn it round, as escapes.
"""

from functools import lru_cache
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from core.unseen import seen_block

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
    loader = PackageLoader("gateway.http.pages", ".")
    return Environment(autoescape=True, loader=loader, finalize=_shown)


def _shown(value: Any) -> Any:
    """Return a value as it is put on a page: every one of every page comes by here."""
    is_plain = isinstance(value, str) and not isinstance(value, Markup)
    return seen_block(value) if is_plain else value
