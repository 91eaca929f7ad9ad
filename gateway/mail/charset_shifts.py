"""What do octets of seven bits say? ASCII, or a charset that shifts to its letters and back.

The trap: UTF-7 (RFC 2152) can write any ASCII sign so that nobody who looks sees it. It is undone
only where it was declared, and only to letters beyond ASCII.
"""

import re
from binascii import Error, a2b_base64
from functools import lru_cache

_ESCAPE = b"\x1b"
_ISO_2022_JP = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b(I", b"\x1b$(D")  # RFC 1468, RFC 2237
_JAPANESE = "iso2022_jp_ext"
_ISO_2022_KR = b"\x1b$)C"  # RFC 1557
_BEFORE_ESCAPE = re.compile(rb"(?=\x1b[$(])")
_PAIR = re.compile(rb"[!-~]{2}|[^!-~]|[!-~]")
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
            if codec == _JAPANESE:
                text = _with_vendor_signs(octets)
                if codec == declared or "\ufffd" not in text:
                    return text
            return octets.decode(codec if codec == declared else "ascii", "replace")
    text = octets.decode("ascii")
    return _SHIFTED.sub(_unshifted, text) if label in _UTF_7 else text


def _shifting(octets: bytes, declared: str | None) -> str:
    """Return the codec that shifts as these octets do, whatever was declared; else nothing."""
    if _ESCAPE in octets:
        if any(sequence in octets for sequence in _ISO_2022_JP):
            return _JAPANESE
        if _ISO_2022_KR in octets:
            return "iso2022_kr"
    if b"~{" in octets and declared in _MAY_BE_HZ and _HZ.search(octets):
        return "hz"
    return ""


def _with_vendor_signs(octets: bytes) -> str:
    """Decode ISO-2022-JP in which signs stand that only NEC's and IBM's tables have (cp932)."""
    out: list[str] = []
    for piece in _BEFORE_ESCAPE.split(octets):
        if piece.startswith(_ISO_2022_JP[:2]):
            out += [_double(pair) for pair in _PAIR.findall(piece[3:])]
        else:
            out.append(piece.decode(_JAPANESE, "replace"))
    return "".join(out)


@lru_cache(maxsize=8_836)
def _double(pair: bytes) -> str:
    """Return one letter of JIS X 0208 (two octets), or what stands there and is none."""
    if len(pair) == 1:
        return pair.decode() if pair.isspace() else "\ufffd"
    try:
        return (_ISO_2022_JP[0] + pair).decode(_JAPANESE)
    except UnicodeError:
        row, cell = pair  # as Shift JIS, which writes two rows in one (JIS X 0208, annex 1)
        lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
        trail = cell + (0x7E if row % 2 == 0 else 0x1F + (cell >= 0x60))
        return bytes((lead, trail)).decode("cp932", "replace")


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
