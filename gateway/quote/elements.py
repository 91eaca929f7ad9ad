"""Which HTML elements mean what to a reader of lines?"""

from collections.abc import Mapping

_BLOCK_NAMES = (
    "address article aside blockquote body center dd div dl dt fieldset figure footer form header"
    " h1 h2 h3 h4 h5 h6 hr html li main nav ol p pre section table tbody td tfoot th thead tr ul"
)
_PARAGRAPH_NAMES = "p h1 h2 h3 h4 h5 h6 blockquote ul ol table pre"
_SKIPPED_NAMES = "head style script title noscript template object iframe svg math"
_BOXES = frozenset({"table", "td", "div", "p"})
_FRAME_NAMES = "b i s u a code pre ul ol li h1 h2 h3 h4 h5 h6 table tr td th"

# They begin and end lines.
BLOCKS = frozenset(_BLOCK_NAMES.split())
# They have a margin, which reads as a blank line.
PARAGRAPHS = frozenset(_PARAGRAPH_NAMES.split())
# Nobody reads what is in them. Comments and doctypes are nodes with such names to lexbor.
SKIPPED = frozenset(_SKIPPED_NAMES.split()) | {"-comment", "-doctype"}
# They format what is in them; the older names are written as the newer.
FRAMED = {name: name for name in _FRAME_NAMES.split()} | {
    "strong": "b",
    "em": "i",
    "del": "s",
    "strike": "s",
    "tt": "code",
    "kbd": "code",
}
# They mean something without any attribute; the signature tag and QQ's are markers (data).
SPECIAL = frozenset(FRAMED) | {"blockquote", "signature", "includetail"}


def is_box(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Tell whether an element draws a border or a colour around what is in it."""
    if tag not in _BOXES:
        return False
    if attributes.get("bgcolor") or (attributes.get("border") or "0") != "0":
        return True
    style = (attributes.get("style") or "").lower()
    return "border" in style or "background" in style
