"""A reply as a peer wrote it becomes a PeerReply: code, enhanced code, words.

Whatever a peer writes ends in our database and on somebody's screen, so what is not UTF-8 or
not printable is replaced here.
"""

import re

from core.outcome import PeerReply

_LONGEST = 500
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s|$)\s*")  # RFC 3463, 2
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def peer_reply(code: int, text: str) -> PeerReply:
    """Return a reply of one or more lines; each line may repeat the enhanced code (RFC 2034, 4)."""
    found = _ENHANCED.match(text)
    words = " ".join(_without_code(line) for line in text.split("\n"))
    readable = words.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return PeerReply(
        code,
        found.group(1) if found else None,
        _UNPRINTABLE.sub(" ", readable).strip()[:_LONGEST],
    )


def _without_code(line: str) -> str:
    """Return a line without the enhanced code it opens with."""
    found = _ENHANCED.match(line)
    return line[found.end() :] if found else line
