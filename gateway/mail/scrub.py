"""Take our secrets out of what is posted. What they look like is ``core.scrub``'s to know."""

from core.scrub import scrub as _scrub

_LOOKED_AT = 4_096
_WHITE = b"\t\n\v\f\r\x1b"  # and the escape of ISO-2022 (RFC 1468)
_NO_TEXT = bytes(octet for octet in range(0x20) if octet not in _WHITE)
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz234567"
_SHAPE = bytes(0x61 if octet in _ALPHABET else 0x20 for octet in range(256))
_ANY_TOKEN = b"a" * 44


def scrub(text: str) -> str:
    """Return the text of a reply with every token of ours, and what carries it, removed."""
    return _scrub(text)


def scrub_file(octets: bytes) -> bytes:
    """Return a file's octets without secrets where they read as text, else as they came.

    What type it is said to be does not count, nor which charset it is in, as long as that has
    ASCII in it: a secret is ASCII.
    """
    return scrub_octets(octets) if _may_hold_token(octets) and _is_text(octets) else octets


def scrub_octets(octets: bytes) -> bytes:
    """Return octets without secrets: in latin-1 each is a character, so nothing else changes."""
    return _scrub(octets.decode("latin-1")).encode("latin-1", "replace")


def _is_text(octets: bytes) -> bool:
    """Tell whether the beginning has no octets but those of a text."""
    head = octets[:_LOOKED_AT]
    return len(head.translate(None, _NO_TEXT)) == len(head)


def _may_hold_token(octets: bytes) -> bool:
    """Tell at little cost whether a token may be there, also one that is broken over lines."""
    return _ANY_TOKEN in octets.translate(_SHAPE, b"=\r\n>")
