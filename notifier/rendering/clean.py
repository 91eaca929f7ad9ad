"""What of a foreign value may be shown? Text that cannot leave its line or turn it round.

Names, subjects and messages come from strangers. What nobody sees of them (``core.unseen``) is
taken out, so that no name can end a header, hide an extension, mirror the words beside it or pass
for another.

A name in a header is shown by mail programs as who wrote, and by many with nothing beside it. One
that holds an address would pass for it, to a reader and to a filter; so there it has none
(``display_name``), and what a person calls themselves has no domain either (``person_name``).

The trap: a newline is wanted in a message and deadly in a name, so there are two functions.
"""

import re

from core.unseen import without_unseen

_ELLIPSIS = "\u2026"
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
# Marks that go above and below any letter; more than a few of them leave the line (UTR 36, 2.9).
_STACKED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_AT = "@\uff20\ufe6b"  # and the two signs that are written alike
_NO_ATOM = rf"\s<>()\[\]\"',;:{_AT}"
_ADDRESS = re.compile(rf"[<(\[]?([^{_NO_ATOM}]+)[{_AT}][^{_NO_ATOM}]+[>)\]]?")
_AT_IN_WORD = re.compile(rf"(?<=\S)[{_AT}]")
_SPECIAL = re.compile(r"[\"<>\\\uff1c\uff1e\uff02]+")
_BETWEEN_LABELS = re.compile(r"(?<=\w)[.\u3002\uff0e\uff61](?=[^\W\d_]{2})")
_SCHEME = re.compile(r"(?<=\w)[:\uff1a]//")


def one_line(text: str, limit: int = 200) -> str:
    """Return a value fit for one line: no breaks, no unseen characters, not too long."""
    if len(text) <= limit and text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    joined = _SPACES.sub(" ", _BREAKS.sub(" ", text[: limit * 4]))
    seen = _STACKED.sub(r"\1", without_unseen(joined))
    return clip(_SPACES.sub(" ", seen).strip(), limit)


def display_name(text: str, limit: int = 150) -> str:
    """Return a name as a header may show it: without an address in it, quotes and brackets.

    Of a name that is an address, what stands before its "@" is left.
    """
    name = one_line(text, limit)
    if not name.isascii() or any(sign in name for sign in '@"<>\\'):
        left = _SPECIAL.sub(" ", _ADDRESS.sub(" ", name))
        if not any(map(str.isalnum, left)):
            left = _SPECIAL.sub(" ", _ADDRESS.sub(r"\1 ", name))
        name = _SPACES.sub(" ", _AT_IN_WORD.sub(" ", left)).strip()
    return name


def person_name(text: str, limit: int = 80) -> str:
    """Return what a person calls themselves as a header may show it: no address, no domain."""
    return _BETWEEN_LABELS.sub(". ", _SCHEME.sub(" ", display_name(text, limit)))


def clip_octets(text: str, most: int) -> str:
    """Cut a value at so many octets of UTF-8 and show that it was cut."""
    octets = text.encode(errors="replace")
    if len(octets) <= most:
        return text
    return octets[: most - 3].decode(errors="ignore").rstrip() + _ELLIPSIS


def block(text: str) -> str:
    r"""Return a value of many lines, each ended by ``\n``, without unseen characters."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return part(text).strip()


def part(text: str) -> str:
    """Return a piece of such a value: what it begins and ends with belongs to its neighbours."""
    if text.isascii() and text.isprintable():
        return text
    return without_unseen(_BREAKS.sub("\n", text)).replace("\t", "    ")


def clip(text: str, limit: int) -> str:
    """Cut a value at so many characters and show that it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + _ELLIPSIS
