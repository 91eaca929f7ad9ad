"""What of a foreign value may be shown? Text that cannot leave its line or turn it round.

Names, subjects and messages come from strangers. What nobody sees of them (``core.unseen``) is
taken out, so that no name can end a header, hide an extension, mirror the words beside it or pass
for another.

The trap: a newline is wanted in a message and deadly in a name, so there are two functions.
"""

import re

from core.unseen import without_unseen

_ELLIPSIS = "\u2026"
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")


def one_line(text: str, limit: int = 200) -> str:
    """Return a value fit for one line: no breaks, no unseen characters, not too long."""
    if len(text) <= limit and text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    joined = _SPACES.sub(" ", _BREAKS.sub(" ", text[: limit * 4]))
    return clip(_SPACES.sub(" ", without_unseen(joined)).strip(), limit)


def block(text: str) -> str:
    r"""Return a value of many lines, each ended by ``\n``, without unseen characters."""
    if text.isascii() and text.isprintable():
        return text.strip()
    lines = without_unseen(_BREAKS.sub("\n", text)).replace("\t", "    ")
    return lines.strip()


def clip(text: str, limit: int) -> str:
    """Cut a value at so many characters and show that it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + _ELLIPSIS
