"""PNG pictures as Chromium writes them: read, looked at, and written small (W3C PNG, 2nd edition).

Eight bits a channel, not interlaced; what is written has few colours, so that it is small.
"""

import struct
import zlib
from collections import Counter
from dataclasses import dataclass

_MAGIC = b"\x89PNG\r\n\x1a\n"
_MOST = 160  # colours of what is kept
_CHANNELS = {2: 3, 6: 4}  # true colour, and with alpha
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows of pixels, three octets each."""

    width: int
    rows: list[bytes]


def read(octets: bytes) -> Picture:
    """Return the pixels of a PNG, without its alpha."""
    position, data, head = len(_MAGIC), b"", b""
    while position < len(octets):
        size, kind = struct.unpack_from(">I4s", octets, position)
        body = octets[position + 8 : position + 8 + size]
        head = body if kind == b"IHDR" else head
        data += body if kind == b"IDAT" else b""
        position += size + 12
    width, _, _, colour = struct.unpack_from(">IIBB", head)
    channels = _CHANNELS[colour]
    rows = _unfiltered(zlib.decompress(data), width * channels, channels)
    return Picture(width, [_without_alpha(row) if channels == 4 else bytes(row) for row in rows])


def small(picture: Picture) -> bytes:
    """Return a PNG of the most frequent colours, and for others the nearest of them."""
    counted = Counter(
        row[x : x + 3] for row in picture.rows for x in range(0, picture.width * 3, 3)
    )
    palette = [colour for colour, _ in counted.most_common(_MOST)]
    index = {colour: number for number, colour in enumerate(palette)}
    for colour in counted:
        if colour not in index:
            index[colour] = min(range(len(palette)), key=lambda n: _far(palette[n], colour))
    lines = b"".join(
        b"\0" + bytes(index[row[x : x + 3]] for x in range(0, picture.width * 3, 3))
        for row in picture.rows
    )
    head = struct.pack(">IIBBBBB", picture.width, len(picture.rows), 8, 3, 0, 0, 0)
    return _MAGIC + b"".join(
        _chunk(kind, body)
        for kind, body in (
            (b"IHDR", head),
            (b"PLTE", b"".join(palette)),
            (b"IDAT", zlib.compress(lines, 9)),
            (b"IEND", b""),
        )
    )


def plain(colour: Colour, width: int = 80, height: int = 80) -> bytes:
    """Return a picture of one colour."""
    return small(Picture(width, [bytes(colour) * width] * height))


def _far(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _without_alpha(row: bytearray) -> bytes:
    kept = bytearray(len(row) // 4 * 3)
    for channel in range(3):
        kept[channel::3] = row[channel::4]
    return bytes(kept)


def _unfiltered(data: bytes, width: int, step: int) -> list[bytearray]:
    """Undo the filters of the rows (PNG, 9.2)."""
    rows: list[bytearray] = []
    above = bytearray(width)
    for start in range(0, len(data), width + 1):
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + width])
        if kind:
            _unfilter(kind, row, above, step)
        rows.append(row)
        above = row
    return rows


def _unfilter(kind: int, row: bytearray, above: bytearray, step: int) -> None:
    for at in range(len(row)):
        left = row[at - step] if at >= step else 0
        corner = above[at - step] if at >= step else 0
        predicted = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))
        row[at] = (row[at] + predicted[kind]) & 0xFF


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    near = ((abs(guess - one), n, one) for n, one in enumerate((left, above, corner)))
    return min(near)[2]
