"""Is it safe to hand these octets to a parser? A scan of constant budget, before any parsing.

The stdlib's and mail-parser's header code has quadratic and recursive cases: 32 KB of semicolons
cost a minute, a thousand nested multiparts the stack. So what is counted here is what makes them
slow: the header block and its lines, separators within one header, nested comments, encoded
words, boundaries and the parts they begin. Linear in the size of the mail.
"""

import re
from dataclasses import dataclass

_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(rb"\r?\n(?=[^ \t])")
_BOUNDARY = re.compile(rb"boundary[ \t]*\*?[0-9]*\*?[ \t]*=", re.IGNORECASE)
_DELIMITER = re.compile(rb"^--[^\r\n]{1,200}\r?$", re.MULTILINE)
_STRUCTURED = re.compile(
    rb"(?:from|sender|reply-to|to|cc|bcc|resent-[a-z-]+|content-type|content-disposition):",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a mail may hold of what makes parsers slow."""

    header_octets: int = 256 * 1024
    header_lines: int = 1_000
    one_header: int = 16 * 1024
    separators: int = 500
    encoded_words: int = 400
    comment_depth: int = 20
    boundaries: int = 60
    parts: int = 400


@dataclass(frozen=True, slots=True)
class Problem:
    """Which limit a mail goes beyond."""

    what: str


DEFAULT = Limits()


def inspect(raw: bytes, limits: Limits = DEFAULT) -> Problem | None:
    """Return the first limit the mail goes beyond, or None if it may be parsed."""
    end = _HEADERS_END.search(raw, 0, limits.header_octets + 4)
    if end is None and len(raw) > limits.header_octets:
        return Problem("header block too large")
    head = raw[: end.start()] if end is not None else raw
    headers = _FOLD.split(head)
    if len(headers) > limits.header_lines:
        return Problem("too many headers")
    for header in headers:
        problem = _header(header, limits)
        if problem is not None:
            return problem
    return _structure(raw, limits)


def _header(header: bytes, limits: Limits) -> Problem | None:
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


def _structure(raw: bytes, limits: Limits) -> Problem | None:
    """Judge how many multiparts there may be, and how many parts they may begin.

    A boundary must be declared to nest, so their number bounds the depth. Part headers are as
    able to be slow as the mail's own, so over-long lines near a part's beginning count too.
    """
    declared = sum(1 for _ in _BOUNDARY.finditer(raw))
    if declared == 0:
        return None
    if declared > limits.boundaries:
        return Problem("too many multiparts")
    for parts, delimiter in enumerate(_DELIMITER.finditer(raw), 1):
        if parts > limits.parts * 4:
            return Problem("too many parts")
        problem = _part_headers(raw, delimiter.end(), limits)
        if problem is not None:
            return problem
    return None


def _part_headers(raw: bytes, start: int, limits: Limits) -> Problem | None:
    """Judge what stands where a part's headers would."""
    window = raw[start : start + limits.one_header * 2]
    end = _HEADERS_END.search(window)
    head = window[: end.start()] if end is not None else window
    if len(head) > limits.one_header and b":" in head[:200]:
        return Problem("part headers too large")
    for header in _FOLD.split(head[: limits.one_header]):
        if _STRUCTURED.match(header.lstrip(b"\r\n")):
            problem = _header(header.lstrip(b"\r\n"), limits)
            if problem is not None:
                return problem
    return None
