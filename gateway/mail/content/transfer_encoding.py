"""What octets stand behind a transfer encoding, when its label or the way was not quite right?

RFC 2045, 6, as it is really written: the label has blanks, quotes, a comment or a semicolon, is
written twice, or is wrong. Files go by their label. A text goes by what it is, too: base64 that
has blanks in it is somebody's words, and words that are base64 from end to end are a program's.

The trap: whoever writes "=20" or "WWVz" means these signs. So a text that claims no encoding is
in one only where all of it is, and what it says then is words.
"""

import codecs
import re
import zlib
from binascii import Error, a2b_base64, a2b_qp, a2b_uu
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

from core.in_pieces import pieces

_PLAIN = frozenset({"7bit", "8bit", "binary"})
_NAMES = {
    "7bit": "7bit", "8bit": "8bit", "binary": "binary",
    "quotedprintable": "quoted-printable", "qp": "quoted-printable",
    "base64": "base64", "b64": "base64",
    "uuencode": "uuencode", "xuuencode": "uuencode", "uue": "uuencode", "xuue": "uuencode",
    "xgzip64": "gzip64", "gzip64": "gzip64",
}  # fmt: skip
_COMMENT = re.compile(r"\([^()]{0,200}\)?")
_UU_BEGIN = re.compile(rb"(?m)^begin [^\n]*\n?")
_LINE = re.compile(rb"([^\n]*)\n?")
_LABEL = re.compile(r"[a-z0-9_-]{1,60}")
_SIGNS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_CODE = _SIGNS + b"= \t\n\r\v\f"
_URL_CODE = re.compile(rb"[A-Za-z0-9_=\s-]{20,}\Z")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_SHORTEST_CODE = 20  # signs of base64 that no label announces
_INFLATED = 20  # times as many octets as came, at most: a bomb is cut off
_ROOM = 65_536
_NO_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|\r?\n)")
_BROKEN_ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]{0,20}\r?(?:\n|\Z))")
_ESCAPED_OCTET = re.compile(rb"=[89A-Fa-f][0-9A-Fa-f]")
# A word with a letter of UTF-8 in it: two escaped octets or more, the first of which says so.
_ESCAPED_WORD = re.compile(rb"[^\s=]{0,40}=[C-Fc-f][0-9A-Fa-f]=[89ABab][0-9A-Fa-f][^\s]{0,80}")
_SEVERAL = 3
_SMALL = re.compile(rb"[a-z]{3}")
_WORD = re.compile(rb"(?:[A-Za-z]?[a-z]{1,19}|[A-Z]{1,20}|[0-9]{1,20})\Z")
_NO_SIGN = re.compile(rb"[^A-Za-z0-9+/=\s]")
_NO_CODE = bytes(octet for octet in range(256) if octet not in _SIGNS)
_BLANK_INSIDE = re.compile(rb"\S[ \t]{1,20}\S")
_PIECE = re.compile(rb"([^=]{1,1000000})(={0,1000000})")
_MOST_PADDING = 20_000  # signs: no program joins so many pieces, and each costs a step
_STRAY = 30  # one sign in so many may be no base64, and the rest still is
_CONTROLS = bytes(octet for octet in range(0x20) if octet not in b"\t\n\r\f\x1b")
_BLANKS = b" \t"
_WHITE_SPACE = b" \t\n\r\v\f"
_UTF_8 = codecs.getincrementaldecoder("utf-8")  # which takes half a letter at the end


def encoding_of(value: str) -> str:
    """Return the encoding a header names, in its one spelling; empty if none is known.

    ``value``: the header's, with whatever stands around the word: blanks, a comment (RFC 2045, 5.1
    allows one), quotes, a parameter.
    """
    return _named(value[:1_000].lower())


@lru_cache(maxsize=256)  # nearly all mails have one of five
def _named(said: str) -> str:
    if said in _NAMES or said == "quoted-printable":
        return _NAMES.get(said, said)
    said = _COMMENT.sub(" ", said).replace("quoted printable", "quoted-printable")
    words = [word.replace("-", "").replace("_", "") for word in _LABEL.findall(said)]
    known = next((_NAMES[word] for word in words if word in _NAMES), "")
    # "quoted-printeable": nothing else begins so.
    return known or ("quoted-printable" if words[:1] and words[0].startswith("quotedpr") else "")


def undo(written: bytes, labels: Iterable[str], *, is_text: bool) -> bytes:
    """Return the octets that were encoded. Never raises; what is no such code stays as it is.

    ``labels``: the values of all headers of the name. ``is_text``: whether it should read as words.
    """
    coded = [name for label in labels if (name := encoding_of(label)) and name not in _PLAIN]
    if len(coded) > 1 and len(set(coded)) > 1:
        coded = [name for name in coded if name == "base64"] if _is_code(written) else coded[:1]
    if not coded:
        return _undo_unlabelled(written) if is_text else written
    match coded[0]:
        case "quoted-printable":
            return undo_quoted_printable(written)
        case "base64":
            return _undo_text_base64(written) if is_text else undo_base64(written)
        case "uuencode":
            return undo_uuencode(written)
        case _:
            return _inflated(undo_base64(written)) or written


def undo_quoted_printable(written: bytes) -> bytes:
    r"""Undo quoted-printable (RFC 2045, 6.7): broken escapes stay, "= \n" is a soft break.

    White space at a line's end was added on the way (6.7, rule 3), but for a signature's "-- ",
    which whoever forgot to encode it has meant.
    """
    if b" \n" in written or b" \r\n" in written or b"\t\n" in written or b"\t\r\n" in written:
        written = b"\n".join([_without_blanks(line) for line in written.split(b"\n")])
    if written.endswith((b" ", b"\t")):
        written = written.rstrip(_BLANKS)
    if b"==" in written or written.count(b"=\r") != written.count(b"=\r\n"):
        # The library takes one "=" of two for none, and what follows "=" and a bare CR, too.
        written = _NO_ESCAPE.sub(b"=3D", written)
    return a2b_qp(written)


def undo_base64(written: bytes) -> bytes:
    """Undo base64 (RFC 2045, 6.8): stray signs count for nothing, pieces may follow one another.

    Each piece may end in its own padding, where a program joined them, or lack it.
    """
    end = written.find(b"=")
    whole = end < 0 or not written[end : end + 4_000].strip(b"= \t\r\n")
    if whole or written.count(b"=") > _MOST_PADDING:
        return _one_base64(written)
    out: list[bytes] = []
    held: list[bytes] = []
    count = 0
    for found in _PIECE.finditer(_NO_SIGN.sub(b"", written.translate(None, _WHITE_SPACE))):
        held.append(found[1])
        count += len(found[1])
        if (-count) % 4 <= min(len(found[2]), 2):  # else a stray "=" within a piece
            out.append(_one_base64(b"".join(held)))
            held, count = [], 0
    out.append(_one_base64(b"".join(held)))
    return b"".join(out)


def undo_uuencode(written: bytes) -> bytes:
    """Undo uuencode (POSIX.1, uuencode); the octets as they came if no line "begin" opens it."""
    begin = _UU_BEGIN.search(written)
    if begin is None:
        return written
    out = bytearray()  # nor is there a list of the lines: there may be half a million
    for found in _LINE.finditer(written, begin.end()):
        if found[1].strip() == b"end":
            break
        with suppress(Error):
            out += _uuencoded_line(found[1].rstrip(b"\r"))
    return bytes(out)


def is_words(octets: bytes) -> bool:
    """Tell whether octets are UTF-8 (or ASCII) without control characters: somebody's words."""
    if not octets or octets.translate(None, _CONTROLS) != octets:
        return False
    try:
        octets.decode()
    except UnicodeDecodeError:
        return False
    return True


def _without_blanks(line: bytes) -> bytes:
    """Return a line without the white space at its end, its CR kept."""
    ending = b"\r" if line.endswith(b"\r") else b""
    bare = line.rstrip(b"\r")
    return line if bare == b"-- " else bare.rstrip(_BLANKS) + ending


def _one_base64(piece: bytes) -> bytes:
    """Return one piece of base64, its padding made good."""
    try:
        return a2b_base64(piece)
    except Error:
        return undo_signs(piece.translate(None, _NO_CODE))


def signs_of(written: bytes | memoryview) -> bytes:
    """Return the signs of base64 that stand in octets, without a copy of the rest."""
    return b"".join(piece.translate(None, _NO_CODE) for piece in pieces(written))


def undo_signs(signs: bytes) -> bytes:
    """Return what nothing but signs of base64 say, the padding made good."""
    whole = len(signs) // 4 * 4
    octets = a2b_base64(memoryview(signs)[:whole])  # not a copy of all, to add what is missing
    # One sign holds no octet.
    return octets + a2b_base64(signs[whole:] + b"==") if len(signs) - whole > 1 else octets


def _undo_text_base64(written: bytes) -> bytes:
    """Return a text that says it is in base64: as it stands where these are words already."""
    if _is_code(written):
        octets = undo_base64(written)
        is_a_word = len(written) < _ROOM and _is_a_word(written.strip(), octets)
        return written if is_a_word else octets
    if _URL_CODE.match(written):  # the alphabet of URLs (RFC 4648, 5)
        octets = undo_base64(written.translate(_URL_SAFE))
        if is_words(octets) and _has_words(octets):
            return octets
    head = written[:_ROOM]
    if _BLANK_INSIDE.search(head) or len(_NO_SIGN.findall(head)) * _STRAY > len(head):
        return written
    octets = undo_base64(written)
    if b"-" in written or b"_" in written:
        other = undo_base64(written.translate(_URL_SAFE))
        return other if is_words(other) and not is_words(octets) else octets
    return octets


def _is_a_word(written: bytes, octets: bytes) -> bool:
    """Tell whether one word of letters that base64 has, too, was never encoded: "Thanks", "OK"."""
    if _WORD.match(written) is None:
        return False
    return bool(len(written) % 4 or (_SMALL.search(written) and not is_words(octets)))


def _undo_unlabelled(written: bytes) -> bytes:
    """Return a text that claims no encoding: undone only where all of it is in one."""
    if b"=" in written and (octets := _undo_silent(written)) is not None:
        return octets
    if b" " in written[:_ROOM] or not _is_code(written):
        return written
    # The beginning tells of nearly all that is none: of 25 MB no list of lines, and no other copy.
    if not _begins_as_words(written[:_ROOM].translate(None, _WHITE_SPACE)):
        return written
    code = written.translate(None, _WHITE_SPACE)
    if len(code) < _SHORTEST_CODE or len(code) % 4:
        return written
    octets = undo_base64(code)
    return octets if is_words(octets) and _has_words(octets) else written


def _begins_as_words(code: bytes) -> bool:
    """Tell whether a code, cut off anywhere, begins as somebody's words do."""
    padding = code.find(b"=")
    whole = len(code) if padding < 0 else padding
    octets = a2b_base64(code[: whole // 4 * 4])
    if octets.translate(None, _CONTROLS) != octets:
        return False
    try:
        _UTF_8().decode(octets)
    except UnicodeDecodeError:
        return False
    return True


def _has_words(octets: bytes) -> bool:
    """Tell whether blanks part words, or letters stand there that base64 has no sign for."""
    return b" " in octets.strip() or not octets.isascii()


def _is_code(written: bytes) -> bool:
    return not written.translate(None, _CODE)  # ten times as fast as a search


def _undo_silent(written: bytes) -> bytes | None:
    """Return a text that is in quoted-printable, which its label does not say; None if it is not.

    Each "=" opens an escape or ends a line, there is a soft break, and letters beyond ASCII, or the
    blanks at lines' ends, are escaped, all of them. Whoever writes of escapes has no soft breaks.
    Without one, several words must have letters of UTF-8 escaped.
    """
    if not written.isascii() or _BROKEN_ESCAPE.search(written):
        return None
    if b"=\n" not in written and b"=\r\n" not in written:
        words = _ESCAPED_WORD.findall(written[:_ROOM])
        octets = undo_quoted_printable(written)
        return octets if len(set(words)) >= _SEVERAL and is_words(octets) else None
    if _ESCAPED_OCTET.search(written) is None and b"=20\r\n" not in written:
        return None
    octets = undo_quoted_printable(written)
    return octets if octets.translate(None, _CONTROLS) == octets else None


def _uuencoded_line(line: bytes) -> bytes:
    """Undo one line; one whose last blanks were lost, or that has too many, by its count."""
    if not line:
        return b""
    held = (((line[0] - 32) & 63) * 4 + 5) // 3
    return a2b_uu(line[: held + 1])


def _inflated(octets: bytes) -> bytes:
    """Undo gzip, up to a multiple of what came; nothing if it is none."""
    most = _INFLATED * len(octets) + _ROOM
    try:
        return zlib.decompressobj(wbits=31).decompress(octets, most)
    except zlib.error:
        return b""
