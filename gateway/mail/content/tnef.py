"""What is in a winmail.dat? Outlook's own envelope (MS-OXTNEF) around text and files.

A row of attributes, some of which hold lists of MAPI properties. Read are: what class the message
is of, its text as plain or HTML, and the files. The compressed RTF body is not: a mail that holds
nothing else is refused by a sentence that names the format. A mail attached within is a file, as
it is everywhere, and never entered. Linear and bounded; what does not add up is not read at all.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from gateway.mail.charset import decode

KINDS = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_SIGNATURE = b"\x78\x9f\x3e\x22"
_ATTRIBUTE = struct.Struct("<BII")
_PROPERTY = struct.Struct("<HH")
_MOST_VALUES = 10_000
_NUMBER = struct.Struct("<I")
_MOST = 5_000
_IID = 16

_OBJECT, _STRING, _UNICODE, _BINARY, _MANY, _NAMED = 0x0D, 0x1E, 0x1F, 0x102, 0x1000, 0x8000
_SIZES = {0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_PAGES = {65001: "utf-8", 20127: "ascii", 28591: "iso-8859-1", 50220: "iso-2022-jp", 936: "gbk"}


class _Attribute(IntEnum):
    """The attributes that are read (MS-OXTNEF, 2.1.3.1)."""

    MESSAGE_CLASS = 0x8008
    BODY = 0x800C
    FILE_DATA = 0x800F
    FILE_TITLE = 0x8010
    NEXT_FILE = 0x9002
    MESSAGE_PROPERTIES = 0x9003
    FILE_PROPERTIES = 0x9005
    CODE_PAGE = 0x9007


class _Property(IntEnum):
    """The properties that are read (MS-OXPROPS)."""

    BODY = 0x1000
    RTF = 0x1009
    HTML = 0x1013
    DATA = 0x3701
    NAME = 0x3707
    TYPE = 0x370E
    CONTENT_ID = 0x3712
    CODE_PAGE = 0x3FDE


_TOLD = (_Property.NAME, _Property.TYPE, _Property.CONTENT_ID)


@dataclass(slots=True)
class Attached:
    """One file of the envelope."""

    name: str = ""
    content_type: str = ""
    content_id: str = ""
    octets: bytes = b""


@dataclass(slots=True)
class Tnef:
    """What an envelope holds. ``rich`` says that there is a body in compressed RTF."""

    message_class: str = ""
    text: str = ""
    html: str = ""
    rich: bool = False
    files: list[Attached] = field(default_factory=list)
    page: str = "windows-1252"


def is_tnef(octets: bytes) -> bool:
    """Tell whether octets begin as a TNEF envelope does."""
    return octets.startswith(_SIGNATURE)


def unpack(octets: bytes) -> Tnef | None:
    """Return what an envelope holds, or None if it is broken. Never raises."""
    if not is_tnef(octets):
        return None
    found = Tnef()
    try:
        for kind, data in _attributes(octets):
            _take(found, kind, data)
    except (struct.error, ValueError):
        return None
    return found


def _attributes(octets: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6  # after the signature and a key
    for _ in range(_MOST):
        if at >= len(octets):
            return
        _, kind, size = _ATTRIBUTE.unpack_from(octets, at)
        at += _ATTRIBUTE.size
        if at + size + 2 > len(octets):
            raise ValueError("longer than the envelope")
        yield kind & 0xFFFF, octets[at : at + size]
        at += size + 2  # a checksum


def _take(found: Tnef, kind: int, data: bytes) -> None:
    """Take one attribute in."""
    match kind:
        case _Attribute.CODE_PAGE:
            found.page = _page(_NUMBER.unpack_from(data)[0])
        case _Attribute.MESSAGE_CLASS:
            found.message_class = data.rstrip(b"\0").decode("ascii", "replace")
        case _Attribute.BODY:
            found.text = decode(data.rstrip(b"\0"), found.page)
        case _Attribute.MESSAGE_PROPERTIES:
            _take_message(found, data)
        case _Attribute.NEXT_FILE:
            found.files.append(Attached())
        case _:
            if found.files:
                _take_attached(found.files[-1], kind, data, found.page)


def _take_message(found: Tnef, data: bytes) -> None:
    properties = dict(_properties(data))
    page = properties.get(_Property.CODE_PAGE)
    if page is not None:
        found.page = _page(_NUMBER.unpack_from(page[1])[0])
    if _Property.BODY in properties:
        found.text = _text(*properties[_Property.BODY], found.page)
    if _Property.HTML in properties:
        found.html = _text(*properties[_Property.HTML], found.page)
    found.rich = _Property.RTF in properties


def _take_attached(file: Attached, kind: int, data: bytes, page: str) -> None:
    if kind == _Attribute.FILE_DATA:
        file.octets = data
    elif kind == _Attribute.FILE_TITLE:
        file.name = file.name or decode(data.rstrip(b"\0"), page)
    elif kind == _Attribute.FILE_PROPERTIES:
        properties = dict(_properties(data))
        if _Property.DATA in properties:
            sort, octets = properties[_Property.DATA]
            file.octets = octets[_IID:] if sort == _OBJECT else octets
        told = {
            number: _text(*properties[number], page) for number in _TOLD if number in properties
        }
        file.name = told.get(_Property.NAME, file.name)
        file.content_type = told.get(_Property.TYPE, "").lower()
        file.content_id = told.get(_Property.CONTENT_ID, "").strip("<>")


def _properties(data: bytes) -> Iterator[tuple[int, tuple[int, bytes]]]:
    """Yield the number, type and first value of each property (MS-OXTNEF, 2.1.3.4)."""
    (count,) = _NUMBER.unpack_from(data)
    at = _NUMBER.size
    for _ in range(min(count, _MOST)):
        sort, number = _PROPERTY.unpack_from(data, at)
        at += _PROPERTY.size
        if number >= _NAMED:
            at = _after_name(data, at)
        many, sort = bool(sort & _MANY), sort & ~_MANY
        varies = sort in (_OBJECT, _STRING, _UNICODE, _BINARY)
        values = 1
        if many or varies:
            (values,) = _NUMBER.unpack_from(data, at)
            at += _NUMBER.size
            if values > _MOST_VALUES:
                return
        first = b""
        for place in range(values):
            value, at = _value(data, at, None if varies else _SIZES.get(sort, 4))
            first = first if place else value
        yield number, (sort, first)


def _value(data: bytes, at: int, size: int | None) -> tuple[bytes, int]:
    """Return a value and where the next one starts: each is padded to four octets."""
    if size is None:
        (size,) = _NUMBER.unpack_from(data, at)
        at += _NUMBER.size
    if at + size > len(data):
        raise ValueError("longer than the list")
    return data[at : at + size], at + size + -size % 4


def _after_name(data: bytes, at: int) -> int:
    """Return where a named property goes on after its name."""
    at += 16
    (by_text,) = _NUMBER.unpack_from(data, at)
    at += _NUMBER.size
    return _value(data, at, None if by_text else 4)[1]


def _text(sort: int, value: bytes, page: str) -> str:
    if sort == _UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    return decode(value.rstrip(b"\0"), page)


def _page(number: int) -> str:
    return _PAGES.get(number, f"cp{number}")
