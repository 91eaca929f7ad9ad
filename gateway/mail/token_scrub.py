"""Take our secrets out of what is posted. What they look like is ``core.scrub``'s to know."""

import codecs
import re
from functools import cache

from core.in_pieces import pieces
from core.nested_encodings import escape_signs
from core.scrub import SHORTEST, has_code, has_run
from core.scrub import scrub as _scrub

_LOOKED_AT = 4_096
_SIZE, _SHARED = 256 * 1024, 64 * 1024
_WHITE = b"\t\n\v\f\r\x1b"  # and the escape of ISO-2022 (RFC 1468)
_NO_TEXT = bytes(octet for octet in range(0x20) if octet not in _WHITE)
# Signs that escape anywhere; without several of them no token is broken over lines.
_ESCAPES = (b"%", b"&", b"\\", b"=", b"*")
_FEWEST_ESCAPES, _MANY_ESCAPES = 3, 40
_LONG_WORD = re.compile(rb"[^\s<>\"']{44,}")
_BEYOND_ASCII = bytes(range(0x80, 0x100))
_UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def scrub(text: str) -> str:
    """Return the text of a reply with every token of ours, and what carries it, removed."""
    if len(text) < SHORTEST:
        return text  # many an answer
    return _scrub(text) if may_hold_token(text.encode("utf-8", "surrogatepass")) else text


def scrub_file(octets: bytes) -> bytes:
    """Return a file's octets without secrets where they read as text, else as they came.

    What type it is said to be does not count, nor which charset it is in, as long as that has
    ASCII in it: a secret is ASCII. UTF-16 has not, and is known by its mark (RFC 2781, 3.2).
    """
    wide = _UTF_16.get(octets[:2])
    if wide is not None:
        return _scrub_wide(octets, wide)
    return scrub_octets(octets) if _is_text(octets) else octets


def scrub_octets(octets: bytes) -> bytes:
    """Return octets without secrets, and nothing else changed: what is no UTF-8 is any latin-1."""
    if not may_hold_token(octets):
        return octets
    try:
        return _scrub(octets.decode()).encode()
    except UnicodeDecodeError:
        return _scrub(octets.decode("latin-1")).encode("latin-1", "replace")


def _scrub_wide(octets: bytes, codec: str) -> bytes:
    """Return a file in UTF-16 without secrets, be it whole or not."""
    units = len(octets) & ~1
    text = octets[:units].decode(codec, "surrogatepass")
    return scrub(text).encode(codec, "surrogatepass") + octets[units:]


def _is_text(octets: bytes) -> bool:
    """Tell whether the beginning has no octets but those of a text."""
    head = octets[:_LOOKED_AT]
    return len(head.translate(None, _NO_TEXT)) == len(head)


def may_hold_token(octets: bytes) -> bool:
    """Tell at little cost whether a token may be there, also one that is broken or encoded.

    Piece by piece, for looking takes copies: one that is broken after each sign, and encoded five
    times, is shorter than what two pieces share.
    """
    return any(_may_hold_token(piece) for piece in pieces(octets, _SIZE, _SHARED))


def _may_hold_token(octets: bytes) -> bool:
    if has_run(octets) or has_code(octets):
        return True
    escapes = sum(octets.count(sign) for sign in _ESCAPES)
    if escapes >= _MANY_ESCAPES:
        return True
    # Filters escape with a stop or a dash, too, which are everywhere; so long a word is rare.
    if any(_mixed().search(word[0].lower()) for word in _LONG_WORD.finditer(octets)):
        return True
    if escapes < _FEWEST_ESCAPES:
        return False
    # An escape may be broken itself, by a soft line break or what nobody sees.
    whole = octets.lower().translate(None, _BEYOND_ASCII)
    return _mixed().search(whole.replace(b"=\r\n", b"").replace(b"=\n", b"")) is not None


@cache
def _mixed() -> re.Pattern[bytes]:
    """Return what a token looks like of which letters are escaped, in small letters."""
    signs = re.escape(escape_signs()).encode()
    return re.compile(
        rb"(?:[a-z0-9]|[=" + signs + rb"](?:25){0,4}(?:u[0-9a-f]{4}|[0-9a-f]{2})"
        rb"|&(?:amp;){0,4}[#a-z0-9]{2,20};|\\{1,9}u?x?[0-9a-f]{2,4}|\r?\n){44}"
    )
