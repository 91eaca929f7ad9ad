"""Which lines of a part in base64 are none, because a gateway put them there as they are?

A list's footer or a filter's banner is put below, or above, a body that is in base64, by a program
that does not look at its encoding. Decoded with it, it is rubbish. A line of base64 has no blank
in it and none but its 65 signs (RFC 2045, 6.8).
"""

import re
from binascii import Error, a2b_base64
from html import escape

from core.in_pieces import pieces
from gateway.mail.content.transfer_encoding import is_words

_CODE = re.compile(r"[ \t]*[A-Za-z0-9+/]{1,4000}={0,3}[ \t]*\Z")
_SIGNS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
_BLANKS = b" \t\n\r\v\f\x1c\x1d\x1e\x1f"  # of ASCII, for str.isspace
_SHORTEST = 16  # signs in a row that no word has; the last line may be shorter
_LONG_WORD = 40
_LONGEST = 8 * 1024 * 1024  # no text that is longer is read to its end


def decode_around(written: bytes | memoryview, *, markup: bool) -> bytes | None:
    """Return the octets of base64 with the lines above and below it, these as a signature's.

    For whoever wrote the mail did not write what stands below its base64: the next program did.
    ``markup``: the octets are HTML, and the lines are written as HTML. None where all of it is
    base64, or none of it: that is for others to judge.
    """
    if len(written) > _LONGEST or _is_all_code(written):
        return None
    lines = str(written, "ascii", "surrogateescape").replace("\r\n", "\n").split("\n")
    start = next((at for at, line in enumerate(lines) if _begins(lines, at, line)), None)
    if start is None:
        return None
    end = _end(lines, start)
    try:
        held = a2b_base64("".join(lines[start:end]).rstrip("= \t") + "==")
    except Error:
        return None
    above, below = _trimmed(lines[:start]), _trimmed(lines[end:])
    if below:
        below = ["-- ", *(below[1:] if below[0].strip() == "--" else below)]
    parts = [_octets(above, markup=markup), held, _octets(below, markup=markup)]
    return b"\n".join(one for one in parts if one)


def _is_all_code(written: bytes | memoryview) -> bool:
    """Tell whether nothing but base64 stands there, as in nearly all mails; without a copy of it.

    A search would ask letter by letter.
    """
    return not any(piece.translate(None, _SIGNS + _BLANKS) for piece in pieces(written))


def _begins(lines: list[str], at: int, line: str) -> bool:
    """Tell whether base64 begins here: a line of it, long, or all that stands in its paragraph."""
    if _CODE.match(line) is None or len(line.strip()) % 4:
        return False
    alone = at + 1 >= len(lines) or not lines[at + 1].strip() or _CODE.match(lines[at + 1])
    long_enough = len(line.strip()) >= _SHORTEST or (at == 0 and len(line.strip()) >= 4)
    if not long_enough or alone:
        return long_enough
    # The next program's lines stand right below.
    return len(line.strip()) >= _LONG_WORD or _says_words(line.strip())


def _says_words(code: str) -> bool:
    """Tell whether a line is several words, once it is decoded, which a word never is."""
    try:
        octets = a2b_base64(code)
    except Error:
        return False
    return is_words(octets) and b" " in octets.strip()


def _end(lines: list[str], start: int) -> int:
    """Return the line behind the last of the base64: its lines are one as long as another."""
    longest = len(lines[start].strip())
    for at in range(start, len(lines)):
        line = lines[at].strip()
        if not line and _goes_on(lines, at + 1, longest):
            continue
        if len(line) > longest or _CODE.match(line) is None:
            return at
        if len(line) < longest or line.endswith("="):
            return at + 1
    return len(lines)


def _goes_on(lines: list[str], at: int, longest: int) -> bool:
    """Tell whether a full line of base64 stands here."""
    return at < len(lines) and len(lines[at].strip()) == longest and bool(_CODE.match(lines[at]))


def _trimmed(lines: list[str]) -> list[str]:
    """Return lines without the blank ones at both ends."""
    told = [at for at, line in enumerate(lines) if line.strip()]
    return lines[told[0] : told[-1] + 1] if told else []


def _octets(lines: list[str], *, markup: bool) -> bytes:
    shown = [f"<div>{escape(line, quote=False)}</div>" for line in lines] if markup else lines
    return "\n".join(shown).encode("utf-8", "surrogateescape")
