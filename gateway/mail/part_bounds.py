"""How many parts, one in another, may a parser find in these octets? Upper bounds, before parsing.

The parser keeps an object for each part, a frame for each level, and asks of every line whether it
ends any part that is open. So containers (multipart, message) are counted wherever a header of
theirs may stand, and the boundaries they declare are looked for line by line. Which boundary a
header declares is asked of the parser's own code, so that both read it alike.
"""

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from email.message import Message

# Each begins with a literal, which is ten times faster: see ``judge`` for the bare CR.
_CONTENT = re.compile(
    rb"\n([Cc][Oo][Nn][Tt][Ee][Nn][Tt]-[A-Za-z-]{1,30}:[^\n]*+(?:\n[ \t][^\n]*+)*+)"
)
_CONTAINER = re.compile(rb"multipart|message", re.IGNORECASE)
_DASHES = re.compile(rb"\n--([^\n]*+)")  # the line end is the next one's, too
_BLOCK = re.compile(rb"(?:(?:[!-9;-~]*+:|[ \t])[^\n]*+(?:\n|\Z))*+")
_BLANK = re.compile(rb"\n(?=\r?\n)")
_LONGEST_FIRST = 32 * 1024
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class PartLimits:
    """How many parts a mail may have, and headers in them.

    ``crossings``: lines times containers, which is what the parser's work grows with. ``blocks``:
    blank lines in a mail that holds a delivery status, each of which may begin a part (RFC 3464).
    """

    containers: int = 60
    parts: int = 1_000
    content_headers: int = 5_000
    content_octets: int = 1024 * 1024
    part_header_lines: int = 20_000
    crossings: int = 8_000_000
    blocks: int = 5_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Which limit a mail goes beyond."""

    what: str


@dataclass(frozen=True, slots=True)
class _Declared:
    """What the headers declare: how many containers, of which kinds, with which boundaries."""

    kinds: tuple[str, ...]
    boundaries: frozenset[bytes]

    @property
    def holds_mails(self) -> bool:
        """Whether headers may also follow headers, with no boundary between them."""
        return any(kind.startswith("message/") or kind == "multipart/digest" for kind in self.kinds)


def begins_parts(header: bytes) -> bool:
    """Tell whether a header may say that a mail holds parts."""
    return header[:13].lower() == b"content-type:" and _CONTAINER.search(header) is not None


def content_headers(raw: bytes) -> Iterator[bytes]:
    """Yield every line, with its continuation, that a parser may take for a Content header."""
    first = _CONTENT.match(b"\n" + raw[:_LONGEST_FIRST])
    if first is not None:
        yield first.group(1)
    for found in _CONTENT.finditer(raw):
        yield found.group(1)


def judge(raw: bytes, headers: Iterable[bytes], limits: PartLimits) -> Problem | None:
    """Return the first limit that the parts of a mail go beyond, or None.

    Every line ends in LF: a bare CR, which ends one too, has been made into one.
    """
    declared = _declared([header for header in headers if begins_parts(header)], limits)
    if isinstance(declared, Problem):
        return declared
    if raw.count(b"\n") * len(declared.kinds) > limits.crossings:
        return Problem("too many lines for so many multiparts")
    if "message/delivery-status" in declared.kinds:
        for blocks, _ in enumerate(_BLANK.finditer(raw), 1):
            if blocks > limits.blocks:
                return Problem("too many blocks in a report")
    return _parts(raw, declared, limits)


def delimiter_lines(raw: bytes) -> Iterator[tuple[int, int]]:
    """Yield where each line begins and ends that may delimit parts, of a mail that may be parsed.

    Every line ends in CR LF.
    """
    headers = [header for header in content_headers(raw) if begins_parts(header)]
    declared = _declared(headers, PartLimits())
    if isinstance(declared, Problem):
        return
    for end in _delimiters(raw, declared.boundaries):
        yield raw.rfind(b"\n--", 0, end) + 1, min(end, len(raw))


def _declared(headers: list[bytes], limits: PartLimits) -> _Declared | Problem:
    """Ask the parser's own code what these headers declare."""
    if len(headers) > 10 * limits.containers:
        return Problem("too many multiparts")
    kinds: list[str] = []
    boundaries: set[bytes] = set()
    for header in headers:
        probe = Message()
        probe.set_raw("Content-Type", _value(header))
        if probe.get_content_maintype() not in ("multipart", "message"):
            continue
        kinds.append(probe.get_content_type())
        try:
            boundary = probe.get_boundary()
        except _UNREADABLE:
            return Problem("boundary unreadable")
        if boundary is not None and (line := _as_line(boundary)) is not None:
            boundaries.add(line)
    if len(kinds) > limits.containers:
        return Problem("too many multiparts")
    return _Declared(tuple(kinds), frozenset(boundaries))


def _value(header: bytes) -> str:
    """Return a header's value as the parser keeps it."""
    return header.partition(b":")[2].decode("ascii", "surrogateescape").lstrip(" \t")


def _as_line(boundary: str) -> bytes | None:
    """Return a boundary in the octets that may stand in the mail, or None if none can."""
    try:
        return boundary.encode("ascii", "surrogateescape")
    except UnicodeEncodeError:
        return None


def _parts(raw: bytes, declared: _Declared, limits: PartLimits) -> Problem | None:
    """Count the parts that boundaries begin, and the lines of their headers."""
    lines, seen = _header_lines(raw, 0, chained=declared.holds_mails)
    for parts, end in enumerate(_delimiters(raw, declared.boundaries), 1):
        if parts > limits.parts:
            return Problem("too many parts")
        if end >= seen:
            more, seen = _header_lines(raw, end, chained=declared.holds_mails)
            lines += more
    return Problem("too many headers of parts") if lines > limits.part_header_lines else None


def _delimiters(raw: bytes, boundaries: Container[bytes]) -> Iterator[int]:
    """Yield where each line ends that delimits parts, whichever multipart's (RFC 2046, 5.1.1)."""
    for found in _DASHES.finditer(raw):
        line = found.group(1).rstrip(b" \t\r")
        if line in boundaries or line.removesuffix(b"--") in boundaries:
            yield found.end() + 1


def _header_lines(raw: bytes, start: int, *, chained: bool) -> tuple[int, int]:
    """Return how many lines may be headers here, and where they end.

    Chained: also those behind a blank line, as in a mail within a mail.
    """
    lines = 0
    while True:
        block = _BLOCK.match(raw, start)
        end = block.end() if block is not None else start
        lines += raw.count(b"\n", start, end)
        blank = next((len(eol) for eol in (b"\n", b"\r\n") if raw.startswith(eol, end)), 0)
        if not chained or not blank:
            return lines, end
        start = end + blank
