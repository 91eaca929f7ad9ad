"""Is this HTML plain text, or this plain text HTML, whatever its label says?

Text that has not one tag of HTML is plain, and its line breaks matter. Plain text is HTML only
where all of it is: one document, from ``<html`` to ``</html>``, or what a program writes of one,
from its first element to its last. Whoever writes about ``<b>`` or pastes a few lines of HTML
means the signs.
"""

import html
import re

_ELEMENTS = (
    "a abbr address article b base basefont big blockquote body br button center cite code dd del "
    "dir div dl dt em fieldset font footer form frame frameset h[1-6] head header hr html i iframe "
    "img input ins kbd label li link main map mark meta nav ol p pre q s samp section select small "
    "span strike strong style sub sup svg table tbody td tfoot th thead title tr tt u ul var wbr "
    "[ovwm]:[a-z]{1,20}"
)
_TAG = re.compile(
    rf"</?(?:{'|'.join(_ELEMENTS.split())})(?=[\s/>])|<!doctype|<!--",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"[\s\ufeff]{0,200}(?:<\?xml[^<>]{0,200}>\s{0,99})?"
    r"(?:<!--.{0,2000}?-->\s{0,99})?<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_BEGINS = re.compile(r"[\s\ufeff]{0,200}<")  # as whatever is HTML does
_CLOSES = re.compile(r"</(?:html|body)\s{0,9}>\s{0,999}\Z", re.IGNORECASE)
_ENDS = re.compile(r"</html\s{0,9}>", re.IGNORECASE)
_RULE = re.compile(r"\s{0,200}[-_=*]{2,200}[ \t]{0,20}\n")
_TAIL = 2_000
# A page without ``<html>``: what only a page has, or blocks from its beginning to its end.
_BODY = re.compile(r"[\s\ufeff]{0,200}<(?:body|meta|head)\b[^<>]{0,1000}>", re.IGNORECASE)
_BLOCK = re.compile(r"[\s\ufeff]{0,200}<(p|div|table|span|font)\b[^<>]{0,1000}>", re.IGNORECASE)
_LAST_TAG = re.compile(
    r"</(?:p|div|table|span|font|body|html)\s{0,9}>(?:\s{0,9}<br\s{0,9}/?>)?\s{0,999}\Z",
    re.IGNORECASE,
)
_BREAKS = re.compile(r"</(?:p|div|tr)\s{0,9}>|<br\s{0,9}/?>", re.IGNORECASE)
_ONLY_TAGS = re.compile(r"(?:\s|<[^<>]{1,2000}>)*+\Z")
_INDENTED = re.compile(r"^[ \t]{1,40}<", re.MULTILINE)  # as who writes HTML by hand has it
_FEWEST_BREAKS = 2
# The styles of a page that Outlook's converter left in the text.
_STYLES = re.compile(
    r"\s{0,200}<!--\s{0,99}(?:/\*[^*]{0,200}\*/|@font-face|p\.Mso|\.Mso|v\\:)[^>]{0,20000}?-->\s{0,99}",
)


def is_plain(markup: str) -> bool:
    """Tell whether what is called HTML has lines, and no tag at all. One line reads alike."""
    return "\n" in markup.strip() and _TAG.search(markup) is None


def plain_of(markup: str) -> str:
    """Return the text that such HTML is: entities may still stand in it."""
    return html.unescape(markup) if "&" in markup else markup


def document_of(text: str) -> str | None:
    """Return the HTML that a plain text is as a whole, with what a list put below it, or None."""
    if _BEGINS.match(text) is None:
        return None
    if _OPENS.match(text[:4_000]) is None:
        return text.lstrip("\ufeff") if _is_fragment(text) else None
    if _CLOSES.search(text, max(0, len(text) - _TAIL)):
        return text.lstrip("\ufeff")
    end = _ENDS.search(text)
    if end is None or _RULE.match(text, end.end()) is None:
        return None
    below = html.escape(text[end.end() :].strip("\n"), quote=False).replace("\n", "<br>\n")
    return f"{text[: end.start()]}<div>{below}</div>{end.group()}"


def without_styles(text: str) -> str:
    """Return plain text without the comment of styles that Outlook's converter left above it."""
    found = _STYLES.match(text) if "<!--" in text[:400] else None
    return text[found.end() :] if found is not None and text[found.end() :].strip() else text


def _is_fragment(text: str) -> bool:
    """Tell whether a plain text is a page that lacks ``<html>``, as programs write it.

    Several blocks or line breaks as tags, words in them, and nothing outside: who shows a piece of
    HTML shows one element, or indents it.
    """
    is_body = _BODY.match(text) is not None
    begins = is_body or _BLOCK.match(text) is not None
    if not begins or _LAST_TAG.search(text, max(0, len(text) - _TAIL)) is None:
        return False
    if _ONLY_TAGS.match(text) or _INDENTED.search(text):
        return False
    return is_body or len(_BREAKS.findall(text)) >= _FEWEST_BREAKS
