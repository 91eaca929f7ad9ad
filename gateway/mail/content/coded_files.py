"""Which files did a program write into the text itself, and what is the text without them?

uuencode (POSIX, uuencode) and yEnc (the yEnc draft 1.3) stand between a line that begins them and
one that ends them. Both are taken off octets, for yEnc is in no charset. Somebody may well write
a line that begins with "begin": nothing is a file whose first line of data is not one. One that is
cut off ends with its last line of data. What stands behind ``>`` is a quote, and stays.
"""

import re
from binascii import Error, a2b_uu
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.mail.content.text_choice import Leaf
from gateway.mail.stretches import written_of

_BEGIN = re.compile(
    rb"^(?:begin [0-7]{3,4} (?P<name>[^\r\n]{1,400})|=ybegin (?P<head>[^\r\n]{1,600}))\r?\n",
    re.MULTILINE,
)
_AT_LINE = (b"begin ", b"=ybegin ")
_BEGINS = re.compile(rb"begin[ =]")  # in quoted-printable a blank may be =20
_LINE = re.compile(rb"[^\n]*(?:\n|\Z)")
_END = re.compile(rb"end[ \t]*\r?(?:\n|\Z)")
_SIZE = re.compile(rb"\bsize=(\d{1,12})")
_YENC_NAME = re.compile(rb"\bname=(.*)\Z")
_UU = bytes(range(0x20, 0x61))
_MOST = 100
_FULL = ord("M")  # 45 octets
_YENC = bytes((octet - 42) % 256 for octet in range(256))
_ESCAPED = bytes((octet - 64) % 256 for octet in range(256))


@dataclass(frozen=True, slots=True)
class CodedFile:
    """One file: the octets of its name as written, and its own."""

    name: bytes
    octets: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Found:
    """One file, and where in the text it begins and ends."""

    start: int
    end: int
    file: CodedFile


def split(text: bytes) -> tuple[bytes, tuple[CodedFile, ...]]:
    """Return a text without the files written into it, and these, 100 at most. Linear."""
    # What the pattern would ask at every line of a long text.
    if not text.startswith(_AT_LINE) and not any(b"\n" + mark in text for mark in _AT_LINE):
        return text, ()
    kept, files, at = [], [], 0
    for found in _found(text):
        kept.append(text[at : found.start])
        files.append(found.file)
        at = found.end
    return (b"".join([*kept, text[at:]]), tuple(files)) if files else (text, ())


def may_hold(leaf: Leaf) -> bool:
    """Tell whether a text may have files in it, before it is decoded: nearly none has.

    Whoever reads the words and whoever gathers the files ask this, so that both do the same.
    """
    written = written_of(leaf.part)
    if leaf.in_base64 or written is None:
        return True
    return _BEGINS.search(written) is not None


def _found(text: bytes) -> Iterator[_Found]:
    at = 0
    for _ in range(_MOST):
        begin = _BEGIN.search(text, at)
        if begin is None:
            return
        read = _uuencoded if begin["name"] is not None else _yencoded
        found = read(text, begin)
        at = begin.end() if found is None else found.end
        if found is not None:
            yield found


def _uuencoded(text: bytes, begin: re.Match[bytes]) -> _Found | None:
    octets = bytearray()  # not a list: a large file has hundreds of thousands of lines
    at = begin.end()
    while line := _LINE.match(text, at):
        if _END.match(line[0]) or not line[0]:
            at = line.end()
            break
        data = _uu_line(line[0].rstrip(b"\r\n"), first=not octets)
        if data is None:
            break
        octets += data
        at = line.end()
    if not octets:
        return None
    return _Found(begin.start(), at, CodedFile(begin["name"].strip(), bytes(octets)))


def _uu_line(line: bytes, *, first: bool) -> bytes | None:
    """Return what a line holds, None if it is no data.

    Blanks at its end stand for zeros and get lost; the first line must be whole, or full, so that
    no sentence is taken for one.
    """
    if not line.strip(b" `"):
        return None if first else b""
    held = (line[0] - 0x20) & 0x3F
    signs = (held + 2) // 3 * 4
    body = line[1:].rstrip(b" ")
    if line.translate(None, _UU) or len(body) > signs + 1:  # some add a sign to check it by
        return None
    if len(body) < signs - 4 and (line[0] != _FULL or (first and len(body) < signs // 2)):
        return None
    try:
        return a2b_uu(line[: signs + 1])
    except Error:
        return None


def _yencoded(text: bytes, begin: re.Match[bytes]) -> _Found | None:
    size = _SIZE.search(begin["head"])
    name = _YENC_NAME.search(begin["head"])
    if size is None or name is None:
        return None
    most, held, lines, at = int(size[1]), 0, [], begin.end()
    while (line := _LINE.match(text, at)) and line[0]:
        data = line[0].rstrip(b"\r\n")
        if data.startswith(b"=yend"):
            at = line.end()
            break
        if held >= most:
            break
        at = line.end()
        if not data.startswith(b"=ypart"):
            lines.append(data)
            held += len(data) - data.count(b"=")
    octets = _yenc(b"".join(lines))
    return _Found(begin.start(), at, CodedFile(name[1].strip(b' "\r'), octets)) if octets else None


def _yenc(data: bytes) -> bytes:
    first, *escaped = data.split(b"=")
    rest = (piece[:1].translate(_ESCAPED).translate(_YENC) + piece[1:].translate(_YENC)
            for piece in escaped)  # fmt: skip
    return first.translate(_YENC) + b"".join(rest)
