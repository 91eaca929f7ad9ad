"""What is in an S/MIME envelope (RFC 8551): something signed to be read, or a secret?

Of CMS (RFC 5652) only the way to the signed content is read: ContentInfo, SignedData,
EncapsulatedContentInfo, its octets. No signature is checked: whose mail it is, others decide.
Mail programs write BER with lengths unknown and strings in pieces, so both are read. The type
comes from the octets, never from the parameter that names it. Linear, without recursion.
"""

from dataclasses import dataclass
from enum import Enum

_SIGNED = bytes.fromhex("2a864886f70d010702")
_SECRET = (
    bytes.fromhex("2a864886f70d010703"),  # enveloped-data
    bytes.fromhex("2a864886f70d010706"),  # encrypted-data
    bytes.fromhex("2a864886f70d0109100117"),  # authenticated-enveloped-data (RFC 5083)
)
_OID, _OCTETS, _PIECES, _SEQUENCE, _EXPLICIT = 0x06, 0x04, 0x24, 0x30, 0xA0


class Sort(Enum):
    """What sort of envelope it is."""

    SIGNED = "signed"
    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class SignedContent:
    """An envelope, opened where that takes no key; certificates alone have no content."""

    sort: Sort
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class _Element:
    """A tag, where its content starts, and where it ends (None: at an end mark)."""

    tag: int
    start: int
    end: int | None


def open_envelope(data: bytes) -> SignedContent:
    """Return what an S/MIME envelope holds. Never raises."""
    try:
        return _open(data)
    except (ValueError, IndexError):
        return SignedContent(Sort.UNREADABLE)


def _open(data: bytes) -> SignedContent:
    at = _enter(data, 0, _SEQUENCE)
    kind, at = _object(data, at)
    if kind in _SECRET:
        return SignedContent(Sort.ENCRYPTED)
    if kind != _SIGNED:
        return SignedContent(Sort.UNREADABLE)
    at = _enter(data, _enter(data, at, _EXPLICIT), _SEQUENCE)
    at = _after(data, _after(data, at))  # version, digest algorithms
    at = _enter(data, at, _SEQUENCE)
    _, at = _object(data, at)
    if data[at] != _EXPLICIT:
        return SignedContent(Sort.SIGNED)
    return SignedContent(Sort.SIGNED, _joined(data, _enter(data, at, _EXPLICIT)))


def _element(data: bytes, at: int) -> _Element:
    """Read a tag and a length (X.690, 8.1)."""
    tag, first = data[at], data[at + 1]
    start = at + 2
    if first == 0x80:
        return _Element(tag, start, None)
    if first > 0x80:
        size = first & 0x7F
        if size > 4:
            raise ValueError("a length no mail has")
        first = int.from_bytes(data[start : start + size], "big")
        start += size
    if start + first > len(data):
        raise ValueError("longer than what holds it")
    return _Element(tag, start, start + first)


def _enter(data: bytes, at: int, tag: int) -> int:
    """Return where the content of an element starts that must have this tag."""
    element = _element(data, at)
    if element.tag != tag:
        raise ValueError("another structure")
    return element.start


def _object(data: bytes, at: int) -> tuple[bytes, int]:
    """Read an object identifier; return it and what comes after."""
    element = _element(data, at)
    if element.tag != _OID or element.end is None:
        raise ValueError("no object identifier")
    return data[element.start : element.end], element.end


def _after(data: bytes, at: int) -> int:
    """Return where the next element starts."""
    element = _element(data, at)
    if element.end is not None:
        return element.end
    at, inside = element.start, 1
    while inside:
        element = _element(data, at)
        if element.end is None:
            inside += 1
        elif element.tag == 0 and element.start == element.end:
            inside -= 1
        at = element.start if element.end is None else element.end
    return at


def _joined(data: bytes, at: int) -> bytes:
    """Return an octet string, put together from its pieces (X.690, 8.7)."""
    whole = _element(data, at)
    if whole.tag == _OCTETS and whole.end is not None:
        return data[whole.start : whole.end]
    if whole.tag != _PIECES:
        raise ValueError("no octet string")
    pieces: list[bytes] = []
    at, inside = whole.start, 1
    end = len(data) if whole.end is None else whole.end
    while at < end and inside:
        piece = _element(data, at)
        at = piece.start
        if piece.tag == _OCTETS and piece.end is not None:
            pieces.append(data[piece.start : piece.end])
            at = piece.end
        elif piece.tag == _PIECES:
            inside += piece.end is None
        elif piece.tag == 0:
            inside -= 1
        else:
            raise ValueError("a piece that is no string")
    return b"".join(pieces)
