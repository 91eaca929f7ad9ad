"""What do octets of seven bits say? ASCII, or a charset that shifts to its letters and back.

The trap: UTF-7 (RFC 2152) can write any ASCII sign so that nobody who looks sees it. It is undone
only where it was declared, and only to letters beyond ASCII.
"""

import re
from binascii import Error, a2b_base64

_ESCAPE = b"\x1b"
_ISO_2022_JP = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b(I", b"\x1b$(D")  # RFC 1468, RFC 2237
_ISO_2022_KR = b"\x1b$)C"  # RFC 1557
_HZ = re.compile(rb"~\{[!-}]{2,2000}~\}")  # RFC 1843
_MAY_BE_HZ = frozenset({None, "cp1252", "ascii", "utf-8", "gb18030", "hz"})
_UTF_7 = frozenset({"utf-7", "unicode-1-1-utf-7", "x-unicode-1-1-utf-7"})
_SHIFTED = re.compile(r"\+(?:-|([A-Za-z0-9+/]{3,2000})-?)")


def decode_seven_bit(octets: bytes, declared: str | None, label: str) -> str:
    """Decode octets below 128. ``declared``: the codec of the label, which is as it is written."""
    codec = _shifting(octets, declared)
    if codec:
        try:
            return octets.decode(codec)
        except (UnicodeError, ValueError):
            return octets.decode(codec if codec == declared else "ascii", "replace")
    text = octets.decode("ascii")
    return _SHIFTED.sub(_unshifted, text) if label in _UTF_7 else text


def _shifting(octets: bytes, declared: str | None) -> str:
    """Return the codec that shifts as these octets do, whatever was declared; else nothing."""
    if _ESCAPE in octets:
        if any(sequence in octets for sequence in _ISO_2022_JP):
            return "iso2022_jp_ext"
        if _ISO_2022_KR in octets:
            return "iso2022_kr"
    if b"~{" in octets and declared in _MAY_BE_HZ and _HZ.search(octets):
        return "hz"
    return ""


def _unshifted(found: re.Match[str]) -> str:
    """Undo one shift of UTF-7 if all it hides is letters beyond ASCII."""
    said = found[1]
    if said is None:
        return "+"
    try:
        octets = a2b_base64(said + "=" * (-len(said) % 4))
        text = octets[: len(octets) & ~1].decode("utf-16-be")
    except (Error, UnicodeError):
        return found[0]
    return found[0] if not text or any(sign < "\u00a0" for sign in text) else text
