"""How a page for people is sent: from its template, with headers that keep its link private.

The token stands in the URL, so nothing may remember, index, frame or pass it on. What strangers
wrote is shown as it is: what nobody would see of it, or what would turn it round, as escapes. Our
own phrases are not: some languages write with signs that have no width (Persian).
"""

from functools import lru_cache
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from core.translations import Catalogue
from core.unseen import seen_block

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'self'; frame-ancestors 'none'",
}


def page(name: str, words: Catalogue, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page filled in; a template says a phrase by ``say("its name")``."""

    def say(phrase: str, **given: str) -> Markup:
        shown = {key: str(escape(seen_block(value))) for key, value in given.items()}
        return Markup(words.say(phrase, **shown))  # noqa: S704  (ours, without markup in it)

    template = _environment().get_template(f"{name}.html")
    text = template.render(say=say, language=words.language, direction=words.direction, **values)
    headers = _HEADERS | {"Content-Language": words.language}
    return HTMLResponse(text, status_code=status, headers=headers)


def gone(words: Catalogue) -> HTMLResponse:
    """Return the one page for every link that leads nowhere."""
    return page("notice", words, status=404, title="gone", text="gone_hint")


def notice(title: str, words: Catalogue, status: int) -> HTMLResponse:
    """Return a page that says one phrase."""
    return page("notice", words, status=status, title=title, text="")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    loader = PackageLoader("gateway.http.pages", ".")
    return Environment(autoescape=True, loader=loader, finalize=_shown)


def _shown(value: Any) -> Any:
    """Return a value as it is put on a page: every one of every page comes by here."""
    is_plain = isinstance(value, str) and not isinstance(value, Markup)
    return seen_block(value) if is_plain else value
