"""Is a picture something sent, or part of the page's look: a quoted picture, a logo, an icon?

Somebody's photograph lost is the worst error, a logo shown the lesser, so a picture goes only on
evidence: the page refers to it from folded lines alone, the same octets were in the conversation
before, or it is too small to show anything. Whoever attached it as a file meant it.
"""

import struct
from dataclasses import dataclass
from enum import StrEnum

_SMALLEST = 64  # points a side: what is not larger on both sides is an icon
_MOST_SEGMENTS = 200
_PNG = b"\x89PNG\r\n\x1a\n"


class LeftOutReason(StrEnum):
    """Why a part of a mail is no file of the message."""

    QUOTED = "quoted picture"
    SEEN = "seen before"
    ICON = "icon"
    WRAPPING = "wrapping"
    EMPTY = "empty"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a mail's pictures.

    ``folded``: the content ids that only quoted and signature lines refer to. ``shown``: those
    that what was written refers to. ``seen``: the SHA-256 of files the conversation has already.
    ``exactly``: the SHA-256 of what was taken before, where a mail is read again to take just that.
    """

    folded: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    exactly: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """What there is to know of one picture. ``attached``: it was meant to be a file."""

    content_id: str
    attached: bool
    sha256: str
    octets: bytes


def why_not(picture: Picture, look: Look) -> LeftOutReason | None:
    """Return why a picture is only part of the page's look, or None if it is something sent."""
    if look.exactly is not None:
        return None if picture.sha256 in look.exactly else LeftOutReason.QUOTED
    if picture.content_id in look.folded:
        return LeftOutReason.QUOTED
    if picture.attached or not picture.content_id:
        return None
    if picture.sha256 in look.seen:
        return LeftOutReason.SEEN
    size = size_of(picture.octets)
    return LeftOutReason.ICON if size is not None and max(size) <= _SMALLEST else None


def size_of(octets: bytes) -> tuple[int, int] | None:
    """Return a picture's width and height as its header says, or None. Nothing is unpacked."""
    try:
        if octets.startswith(_PNG):
            return _pair(">II", octets, 16)
        if octets[:6] in (b"GIF87a", b"GIF89a"):
            return _pair("<HH", octets, 6)
        if octets.startswith(b"\xff\xd8"):
            return _jpeg(octets)
    except (struct.error, IndexError):
        return None
    return None


def _pair(form: str, octets: bytes, at: int) -> tuple[int, int]:
    width, height = struct.unpack_from(form, octets, at)
    return int(width), int(height)


def _jpeg(octets: bytes) -> tuple[int, int] | None:
    """Walk the segments up to the frame header, which has the size."""
    at = 2
    for _ in range(_MOST_SEGMENTS):
        if octets[at] != 0xFF:
            return None
        marker = octets[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = _pair(">HH", octets, at + 5)
            return width, height
        (length,) = struct.unpack_from(">H", octets, at + 2)
        at += 2 + length
    return None
