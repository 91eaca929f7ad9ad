"""What of a foreign value may be shown? Text that cannot leave its line or turn it round.

Names, subjects and messages come from strangers. Control characters, lone surrogates and the
characters that reorder what follows them (Unicode Bidirectional Algorithm, 2.1 to 2.5) are taken
out, so that no name can end a header, hide an extension or mirror the words beside it.

The trap: a newline is wanted in a message and deadly in a name, so there are two functions.
"""

import re

_ELLIPSIS = "\u2026"
# C0 but tab and newline, DEL, C1, bidi embeddings, overrides and isolates, invisible operators,
# interlinear marks, noncharacters, lone surrogates.
_UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2061-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff"
)
_REMOVED = re.compile(f"[{_UNSEEN}]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")


def one_line(text: str, limit: int = 200) -> str:
    """Return a value fit for one line: no breaks, no unseen characters, not too long."""
    if len(text) <= limit and text.isprintable() and "  " not in text:
        return text.strip()
    joined = _SPACES.sub(" ", _BREAKS.sub(" ", text[: limit * 4]))
    return clip(_REMOVED.sub("", joined).strip(), limit)


def block(text: str) -> str:
    r"""Return a value of many lines, each ended by ``\n``, without unseen characters."""
    if text.isprintable():
        return text.strip()
    lines = _REMOVED.sub("", _BREAKS.sub("\n", text)).replace("\t", "    ")
    return lines.strip()


def clip(text: str, limit: int) -> str:
    """Cut a value at so many characters and show that it was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + _ELLIPSIS
