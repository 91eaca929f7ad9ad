"""How is a mail of many megabytes parsed, when each copy of it counts?

The stdlib's parser makes an object of each line and a text of all of them: several times the mail.
What it only carries along is not handed to it. A long stretch of a body is handed over as one
line that stands for it, and is looked up in the mail's own octets by whoever asks what a part
holds (``written_of``).

The trap: the parser must find the same parts as in the whole mail. A stretch ends before the next
line that may delimit parts. It begins at a line that is no header wherever it stands, or, where no
mail is in the mail, behind the blank line that ends the headers; from there to the next delimiter
all is body, but for a delivery status, in which each blank line may begin headers anew (RFC 3464).
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from core.in_pieces import pieces
from gateway.mail.part_bounds import delimiter_lines

_SHORTEST = 16 * 1024
_NO_HEADER = re.compile(rb"\n(?=(?!From )[^\s:-][^\r\n:]*+\r\n)")
_HEADERS_END = re.compile(rb"\r\n\r\n|\n(?=(?!From )[^\s:-][^\r\n:]*+\r\n)")
_OVERLAP = 32
_BLANK_LINE = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Stretches:
    """Octets of a mail that lines stand for. ``spans``: where each begins and ends."""

    raw: bytes = field(repr=False)
    mark: str
    spans: tuple[tuple[int, int], ...]

    def line(self, number: int) -> str:
        """Return the line that stands for one of them."""
        return f"{self.mark}{number:06d}"

    def outline(self) -> Iterator[bytes]:
        """Yield the mail with a line for each of them."""
        at = 0
        for number, (start, end) in enumerate(self.spans):
            yield self.raw[at:start]
            yield self.line(number).encode()
            at = end
        yield self.raw[at:]

    def stood_for(self, written: str) -> bytes | memoryview:
        """Return what a text of the outline stands for: octets of the mail, a copy if not all."""
        first = written.find(self.mark)
        if first < 0:
            return _octets(written)
        last, size = written.rfind(self.mark), len(self.mark) + 6
        begins = self._span(written, first)[0]
        ends = self._span(written, last)[1] + len(written) - last - size
        above = _octets(written[:first])
        if begins < first or self.raw[begins - first : begins] != above:
            # The parser takes a last "From " line out of the headers, over the blank line below.
            return self.restored(_octets(written))
        return memoryview(self.raw)[begins - first : ends]

    def restored(self, octets: bytes) -> bytes:
        """Return octets in which no line stands for anything."""
        mark, size = self.mark.encode(), len(self.mark) + 6
        first, *pieces = octets.split(mark)
        whole = [memoryview(first)]
        for piece in pieces:
            start, end = self.spans[int(piece[:6])]
            whole += [memoryview(self.raw)[start:end], memoryview(piece)[size - len(mark) :]]
        return b"".join(whole) if pieces else octets

    def _span(self, written: str, at: int) -> tuple[int, int]:
        at += len(self.mark)
        return self.spans[int(written[at : at + 6])]


class OutlinedPart(Message):
    """A part whose text may hold lines that stand for octets of the mail."""

    stretches: Stretches


def written_of(part: Message) -> bytes | memoryview | None:
    """Return the octets that stand in a part, as they came; None if it has parts."""
    # get_payload may decode it, in whatever charset a stranger names.
    written = part._payload  # type: ignore[attr-defined]  # noqa: SLF001
    if not isinstance(written, str):
        return None
    return part.stretches.stood_for(written) if isinstance(part, OutlinedPart) else _octets(written)


def _octets(written: str) -> bytes:
    """Return the octets the parser read, which keeps those beyond ASCII as surrogates."""
    try:
        return written.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:  # a payload that was set, not parsed
        return written.encode("utf-8", "surrogateescape")


def names_any(raw: bytes, *words: bytes) -> bool:
    """Tell whether one of some words in small letters stands in a mail, however it is written.

    Piece by piece: a copy of all of it in small letters would be as large again.
    """
    small = (piece.lower() for piece in pieces(raw, shared=_OVERLAP))
    return any(word in piece for piece in small for word in words)


def whole_body(raw: bytes, start: int) -> Stretches:
    """Return all that stands behind a place as one stretch."""
    return Stretches(raw, _mark(raw), ((start, len(raw)),))


def stretches_of(raw: bytes, shortest: int = _SHORTEST) -> Stretches | None:
    """Return the long stretches of a mail that has passed the guard; None if it has none.

    Nor has one with other line ends than CRLF, which the parser may read in another way.
    """
    pairs = raw.count(b"\r\n")
    if raw.count(b"\n") != pairs or raw.count(b"\r") != pairs:
        return None
    begins = _NO_HEADER if names_any(raw, b"message/", b"/digest") else _HEADERS_END
    told = names_any(raw, b"delivery-status")
    found: list[tuple[int, int]] = []
    for start, end in _between(raw):
        if told:
            found += _in_blocks(raw, start, end)
        else:
            found += _within(raw, start, end, begins)
    found = [(start, end) for start, end in found if end - start >= shortest]
    return Stretches(raw, _mark(raw), tuple(found)) if found else None


def _between(raw: bytes) -> Iterator[tuple[int, int]]:
    """Yield where what stands between delimiters begins and ends, its last line end left out."""
    at = 0
    for start, end in delimiter_lines(raw):
        yield at, start - 2
        at = end - 2  # the line end of a delimiter may be half of a blank line
    yield at, len(raw) - 2 * raw.endswith(b"\r\n")


def _within(raw: bytes, start: int, end: int, begins: re.Pattern[bytes]) -> list[tuple[int, int]]:
    first = begins.search(raw, start, max(start, end))
    return [] if first is None else [(first.end(), end)]


def _in_blocks(raw: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Return the stretches between blank lines."""
    found: list[tuple[int, int]] = []
    while start < end:
        blank = raw.find(_BLANK_LINE, start, end + 2)  # the last line end is the delimiter's, too
        found += _within(raw, start, end if blank < 0 else blank, _NO_HEADER)
        start = end if blank < 0 else blank + 2
    return found


def _mark(raw: bytes) -> str:
    """Return a word that is no header, delimits nothing, and that nobody can write into a mail.

    Not only must it not stand in the octets: what is encoded in them is put beside it once it is
    decoded and cleaned, and whoever could write it there would multiply the mail.
    """
    return f"s{hashlib.sha256(raw).hexdigest()}"
