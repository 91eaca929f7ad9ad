"""What of a mail is ours, whatever its theme says? The frame that nothing in it can overrule.

That is the line to reply above, the marker by which a quote of the mail is known, why it came, and
how to stop it. What a theme made is read by a real parser and written anew, so that nothing in it
is left open, and without what runs, loads, or covers what is beside it. What is ours stands outside
of it, with styles that no rule of a theme's can overrule.

The trap: a theme that could hide the way out would make us spam. Its rules for narrow screens and
dark themes would hold for the whole page, so ``theme_css`` keeps them to the element that it stands
in. What is ours of that element's style is written last, so that it wins over the theme's.
"""

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from core.lazy_import import lazy_import
from core.web import web_url
from notifier.rendering import text_body
from notifier.rendering.clean import block
from notifier.rendering.environment import frame_template
from notifier.rendering.page import Page
from notifier.sandbox.theme_css import SCOPE, declarations, media_rules

if TYPE_CHECKING:
    import nh3
    from selectolax import lexbor
else:
    nh3 = lazy_import("nh3")
    lexbor = lazy_import("selectolax.lexbor")

_TAGS = frozenset(
    {"a", "abbr", "b", "big", "blockquote", "br", "caption", "center", "code", "col", "colgroup"}
    | {"dd", "del", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2"}
    | {"h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "li", "main", "ol", "p", "pre"}
    | {"q", "s", "section", "small", "span", "strike", "strong", "sub", "sup", "table", "tbody"}
    | {"td", "tfoot", "th", "thead", "tr", "u", "ul"}
)
_EVERYWHERE = frozenset(
    {"align", "alt", "aria-hidden", "aria-label", "bgcolor", "border", "cellpadding", "cellspacing"}
    | {"class", "color", "cols", "colspan", "dir", "face", "height", "lang", "role", "rowspan"}
    | {"size", "style", "title", "valign", "width"}
)
_ATTRIBUTES = {"*": set(_EVERYWHERE), "a": {"href"}, "img": {"src"}}
_UNSEEN_CONTENT = frozenset(
    {"script", "style", "title", "noscript", "template", "iframe", "object"}
)
_ENOUGH_WORDS = 3


def framed(html: str, page: Page) -> str:
    """Return a whole page: what a theme made of a mail, in our frame."""
    tree = lexbor.LexborHTMLParser(html)
    rules = "\n".join(media_rules(one.text(deep=True)) for one in tree.css("style"))
    body = tree.body
    given = dict(body.attributes) if body is not None else {}
    inner = nh3.clean(
        (body.html if body is not None else None) or "",
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        clean_content_tags=set(_UNSEEN_CONTENT),
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    )
    ground = declarations(given.get("style") or "")
    if colour := re.fullmatch(r"#?\w{1,20}", given.get("bgcolor") or ""):
        ground = f"background-color:{colour[0]};{ground}"
    shown = {"inner": Markup(inner), "rules": Markup(rules)}  # noqa: S704  they were just cleaned
    return frame_template().render(p=page, ground=ground, scope=SCOPE, **shown)


def framed_text(text: str, page: Page) -> str:
    """Return the text part: what a theme made of a mail, in our frame."""
    own = "\n".join(text_body.wrap(line.rstrip()) for line in block(text).split("\n"))
    return text_body.framed(own, page)


def words_of(html: str) -> str:
    """Return the words of a page, a line for each run of them, to know them by in a quote."""
    body = lexbor.LexborHTMLParser(html).body
    said = body.text(separator="\n") if body is not None else ""
    return "\n".join(line.strip() for line in said.split("\n") if line.strip())


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Return what is left of an attribute of a theme's, None where it goes."""
    if name == "style":
        return declarations(value) or None
    if name == "src" or (name == "href" and not value.lower().startswith(("mailto:", "tel:"))):
        return web_url(value.strip())
    return value


def is_blank(html: str) -> bool:
    """Tell whether a theme says nothing at all: no words that could be read."""
    return len(re.sub(r"[\W_]+", "", words_of(html))) < _ENOUGH_WORDS
