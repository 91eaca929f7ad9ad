"""Which UTF-8 is a little broken, and which text is UTF-8 that somebody read as windows-1252?

A text cut by octets ends in half a letter; a program that joins texts puts lines of one charset
among lines of another; and a program that reads UTF-8 as windows-1252 and writes that as UTF-8
makes two letters of each umlaut. The trap: "Ã" is a letter, too, so the last is undone only where
the whole text can have come about in no other way, and nobody writes about such letters in it.
"""

import codecs
import re
import tomllib
import unicodedata
from collections.abc import Callable
from functools import cache
from importlib import resources
from io import StringIO

_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"  # RFC 3629, 4
)
_CUT = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{0,2}\s{0,4}\Z")
_PAIRS = re.compile(rb"(?:\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf])+")
_HIGH = bytes(range(0x80, 0x100))
# How two octets or more look then, those of Latin, Greek, Cyrillic, Hebrew, Arabic, kana and emoji:
# a letter that begins them, and no ASCII behind it. Sought in UTF-8, in which all of them begin
# with one octet, which is found five times as fast.
_MISREAD = re.compile(rb"\xc3[\x82-\x85\x8e-\x91\x97-\x99\xa0\xa2\xa3\xa5-\xa9\xb0][\xc2-\xf4]")
# A letter beyond ASCII with none beside it: no octet of UTF-8 stands so.
_ALONE = re.compile(r"[^\x00-\x7f](?<![^\x00-\x7f]{2})(?![^\x00-\x7f])")
_FEWEST_PAIRS = 3
_MOST_SHOWN = 6  # words
_TYPED_BY_PROGRAMS = "\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u00a0"
_BLANK = re.compile(r"\s+")
_LONGEST = 100_000
_MOST_BROKEN = 2  # one octet for two letters
# windows-1252 as programs know it: what it leaves open is what ISO 8859-1 has there.
_OCTETS = {
    ord(bytes([octet]).decode("cp1252", "ignore") or chr(octet)): octet for octet in range(256)
}


def sequences(octets: bytes) -> int:
    """Count the letters of two octets or more that octets hold as UTF-8."""
    return sum(1 for _ in _SEQUENCE.finditer(octets))


def paired(octets: bytes) -> bytes:
    """Return octets with CESU-8 (Unicode Technical Report 26) written as UTF-8, emoji mostly.

    A program that knows UTF-16 only writes each half of a pair as a letter of its own.
    """
    return _PAIRS.sub(_as_utf_8, octets) if b"\xed" in octets else octets


def _as_utf_8(found: re.Match[bytes]) -> bytes:
    units = found[0].decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass")
    return units.decode("utf-16-le").encode()


def decode_nearly(octets: bytes, otherwise: Callable[[bytes], str]) -> str | None:
    """Decode UTF-8 with a few broken octets, or None if it is more broken than that.

    ``otherwise`` reads the lines that have octets beyond ASCII and no UTF-8 at all.
    """
    whole = _CUT.sub(b"", _SEQUENCE.sub(b"", octets))  # half a letter at the end is none
    broken = len(whole) - len(whole.translate(None, _HIGH))
    if broken * _MOST_BROKEN > sequences(octets) or not sequences(octets):
        return None
    lines = octets.split(b"\n")
    strange = [line for line in lines if not _is_nearly(line)]
    if not strange:
        return octets.decode("utf-8", "replace")
    read = dict(zip(strange, otherwise(b"\n".join(strange)).split("\n"), strict=False))
    out = StringIO()  # a list of a large text's lines takes ten times the text
    for number, line in enumerate(lines):
        out.write("\n" if number else "")
        out.write(read.get(line) or line.decode("utf-8", "replace"))
    return out.getvalue()


def mended(text: str) -> str:
    """Return a text that was read as windows-1252 once too often as it was; any other as it is."""
    if text.isascii() or len(text) > _LONGEST or not _may_be_misread(text):
        return text
    try:
        octets, _ = codecs.charmap_encode(text, "strict", _OCTETS)
        meant = octets.decode("utf-8")
    except UnicodeError:
        return text
    beyond = [sign for sign in meant if not sign.isascii()]
    if len(beyond) < _FEWEST_PAIRS or not all(_is_written(sign) for sign in beyond):
        return text
    return text if _is_told_of(meant) else meant


def _is_told_of(meant: str) -> bool:
    """Tell whether somebody writes about misread letters: few, in words, and they say so.

    A program that misreads a text misreads its quotes and apostrophes, too, which nobody shows.
    """
    strange = {word for word in _BLANK.split(meant) if not word.isascii()}
    if len(strange) > _MOST_SHOWN or any(one in meant for one in _TYPED_BY_PROGRAMS):
        return False
    return _talk().search(meant.lower()) is not None


@cache
def _talk() -> re.Pattern[str]:
    file = resources.files("gateway.mail") / "data" / "misread_talk.toml"
    words = tomllib.loads(file.read_text("utf-8"))["words"]
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}" for word in words))


def _may_be_misread(text: str) -> bool:
    """Tell at little cost whether a text may be: most have none of the pairs, or more letters."""
    if _MISREAD.search(text.encode("utf-8", "surrogatepass")) is None:
        return False
    return _ALONE.search(text) is None


def _is_nearly(line: bytes) -> bool:
    """Tell whether a line is UTF-8, as far as it is not broken."""
    return line.isascii() or _SEQUENCE.search(line) is not None or _CUT.search(line) is not None


def _is_written(sign: str) -> bool:
    """Tell whether people write a sign: a letter, a mark, a quote, an emoji."""
    return unicodedata.category(sign)[0] in "LMPSZ" or sign in "\u200d\ufe0f"
