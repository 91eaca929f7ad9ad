"""Take our secrets out of what is posted. What they look like is ``core.scrub``'s to know."""

from core.scrub import scrub as _scrub

_TEXTS = ("text/", "application/xml", "application/json")
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz234567"
_SHAPE = bytes(0x61 if octet in _ALPHABET else 0x20 for octet in range(256))
_ANY_TOKEN = b"a" * 44


def scrub(text: str) -> str:
    """Return the text of a reply with every token of ours, and what carries it, removed."""
    return _scrub(text)


def scrub_file(kind: str, octets: bytes) -> bytes:
    """Return a file's octets, those of a text without secrets; others are left as they came.

    Read as latin-1, in which every octet is a character, so nothing else changes.
    """
    if not kind.startswith(_TEXTS) or not _may_hold_token(octets):
        return octets
    return _scrub(octets.decode("latin-1")).encode("latin-1", "replace")


def _may_hold_token(octets: bytes) -> bool:
    """Tell at little cost whether a token may be there, also one that is broken over lines."""
    return _ANY_TOKEN in octets.translate(_SHAPE, b"=\r\n>")
