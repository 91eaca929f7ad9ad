"""What does a letter show that stands in a symbol font, as Outlook's smiley, a J in Wingdings?

The signs are data: ``data/symbol_fonts.toml``. The trap: whoever gives a whole text such a font by
mistake has written words all the same, so only a few signs at a time are taken for symbols.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

_FONT = r"(wingdings 2|wingdings|symbol)[\"'\s]{0,9}"
_NAMES = re.compile(rf"[\"'\s]{{0,9}}{_FONT}(?:,|\Z)", re.IGNORECASE)
_LAST_NAME = re.compile(rf"(?:^|[\s\"']){_FONT}\Z", re.IGNORECASE)  # of "11pt Wingdings"
_MOST_SIGNS = 4
_ANY_PRIVATE = re.compile("[\uf020-\uf0ff]")
_PRIVATE_USE = "private use"


def font_of(style: str, face: str, outer: str) -> str:
    """Return the symbol font of an element; ``outer``: that of the one around it; or nothing.

    ``style``: its style, ``face``: the one of ``<font>``. Any other font ends a symbol font.
    """
    if face:
        return _named(face)
    font = outer
    for declaration in style.split(";")[:100]:
        name, _, value = declaration.partition(":")
        match name.strip().lower():
            case "font-family":
                font = _named(value)
            case "font":  # size and family: the first family follows the last blank before a comma
                font = _in_shorthand(value)
            case _:
                pass
    return font


def may_name_one(style: str) -> bool:
    """Tell at little cost whether a style may name a symbol font."""
    style = style.lower()
    return "wingdings" in style or "symbol" in style


def shown(text: str, font: str) -> str:
    """Return what a text shows in a symbol font; as it is where it is more than a few signs."""
    signs = _table()[font]
    written = text.strip()
    if not written or len(written) > _MOST_SIGNS:
        return text
    return "".join(signs.get(ord(sign) & 0xFF if _is_private(sign) else ord(sign), sign)
                   for sign in text)  # fmt: skip


def without_private_use(text: str) -> str:
    """Return a text with a sign for each symbol that Word wrote for a font nobody told."""
    if text.isascii() or _ANY_PRIVATE.search(text) is None:
        return text
    return text.translate(_table()[_PRIVATE_USE])


def _is_private(sign: str) -> bool:
    return "\uf020" <= sign <= "\uf0ff"


def _named(families: str) -> str:
    """Return the symbol font that a list of fonts begins with, in small letters, or nothing."""
    found = _NAMES.match(families[:200].replace("&quot;", '"'))
    return found[1].lower() if found else ""


def _in_shorthand(value: str) -> str:
    """Return the symbol font of a ``font`` declaration, as in ``11pt Wingdings``."""
    first = value[:200].partition(",")[0]
    found = _LAST_NAME.search(first)
    return found[1].lower() if found else ""


@cache
def _table() -> Mapping[str, Mapping[int, str]]:
    file = resources.files("gateway.quote") / "data" / "symbol_fonts.toml"
    read = tomllib.loads(file.read_text("utf-8"))
    return {font: {int(at, 16): sign for at, sign in signs.items()} for font, signs in read.items()}
