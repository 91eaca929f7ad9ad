"""Is it safe to hand these octets to a parser? A scan of constant budget, before any parsing.

The stdlib's and mail-parser's header code has quadratic and recursive cases: 32 KB of semicolons
cost a minute, a thousand nested multiparts the stack. So what is counted here is what makes them
slow or large: the header block and its lines, separators within one header, nested comments,
encoded words, lines; and, in a mail of several parts, its ``part_bounds``. Linear in the size of
the mail.

The trap: a guard protects only where it sees what the parser sees. To the parser a bare CR ends a
line, so it does here; a line that merely may be a header counts as one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from gateway.mail import part_bounds
from gateway.mail.part_bounds import Problem

__all__ = ["DEFAULT", "ParserLimits", "Problem", "inspect"]

_HEADERS_END = re.compile(rb"\n\r?\n")
_NEXT_HEADER = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?=[^ \t])")
_STRUCTURED = re.compile(
    rb"(?:from|sender|reply-to|to|cc|bcc|resent-[a-z-]+|content-[a-z-]+):",
    re.IGNORECASE,
)
# A parameter's number (RFC 2231, 3) is read as an integer, which fails beyond 4,300 digits.
_HUGE_NUMBER = re.compile(rb"\*[0-9]{1000}")


@dataclass(frozen=True, slots=True)
class ParserLimits(part_bounds.PartLimits):
    """How much a mail may hold of what makes parsers slow."""

    header_octets: int = 256 * 1024
    header_lines: int = 1_000
    one_header: int = 16 * 1024
    separators: int = 500
    encoded_words: int = 400
    comment_depth: int = 20
    lines: int = 500_000
    one_line: int = 4 * 1024 * 1024


DEFAULT = ParserLimits()


def inspect(raw: bytes, limits: ParserLimits = DEFAULT) -> Problem | None:
    """Return the first limit the mail goes beyond, or None if it may be parsed."""
    end = _HEADERS_END.search(raw, 0, limits.header_octets + 4)
    if end is None and len(raw) > limits.header_octets:
        return Problem("header block too large")
    block = raw[: end.start()].removesuffix(b"\r") if end is not None else raw
    headers = _NEXT_HEADER.split(block)
    if len(headers) > limits.header_lines:
        return Problem("too many headers")
    problem = _first(headers, limits) or _lines(raw, limits)
    if problem is None and any(part_bounds.begins_parts(header) for header in headers):
        return _parts(raw, limits)
    return problem


def _first(headers: Iterable[bytes], limits: ParserLimits) -> Problem | None:
    """Return the first problem that a header has."""
    return next((found for one in headers if (found := _header(one, limits))), None)


def _header(header: bytes, limits: ParserLimits) -> Problem | None:
    """Judge one header, unfolded or not."""
    if len(header) > limits.one_header:
        return Problem("header too long")
    if header.count(b"=?") > limits.encoded_words:
        return Problem("too many encoded words")
    if _STRUCTURED.match(header):
        if header.count(b";") + header.count(b",") > limits.separators:
            return Problem("too many addresses or parameters")
        if _depth(header) > limits.comment_depth:
            return Problem("comments nested too deep")
        if _HUGE_NUMBER.search(header):
            return Problem("parameter number too large")
    return None


def _depth(header: bytes) -> int:
    """Return how deep parentheses nest, quoting left aside: an upper bound."""
    if header.count(b"(") <= 1:
        return header.count(b"(")
    depth = deepest = 0
    for octet in header:
        if octet == 0x28:
            depth += 1
            deepest = max(deepest, depth)
        elif octet == 0x29:
            depth = max(0, depth - 1)
    return deepest


def _has_long_line(raw: bytes, most: int) -> bool:
    """Tell whether a line is longer than this: the parser copies it a few times."""
    start = 0
    while len(raw) - start > most:
        end = raw.rfind(b"\n", start, start + most)
        if end < 0:
            end = raw.rfind(b"\r", start, start + most)
        if end < 0:
            return True
        start = end + 1
    return False


def _lines(raw: bytes, limits: ParserLimits) -> Problem | None:
    """Judge the lines: the parser keeps an object for each, and copies it a few times."""
    if len(raw) > limits.lines and _line_ends(raw) > limits.lines:  # they are octets, too
        return Problem("too many lines")
    return Problem("line too long") if _has_long_line(raw, limits.one_line) else None


def _line_ends(raw: bytes) -> int:
    """Return how many lines end here, for a parser to which CR, LF and CR LF end one."""
    return raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")


def _parts(raw: bytes, limits: ParserLimits) -> Problem | None:
    """Judge a mail that holds parts: the headers that shape them, then their number."""
    if raw.count(b"\r") != raw.count(b"\r\n"):
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    headers = list(islice(part_bounds.content_headers(raw), limits.content_headers + 1))
    if len(headers) > limits.content_headers:
        return Problem("too many headers of parts")
    if sum(map(len, headers)) > limits.content_octets:
        return Problem("headers of parts too large")
    return _first(headers, limits) or part_bounds.judge(raw, headers, limits)
