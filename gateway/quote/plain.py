"""Which lines does a plain text have? As they stand, up to a limit."""

from gateway.quote.line import Line, text_line

MAX_LINES = 20_000
MAX_CHARACTERS = 1_000_000


def read_plain(text: str) -> tuple[list[Line], bool]:
    """Return the lines of a text and whether it was cut; what lies beyond the limit is one line."""
    head, rest = text[:MAX_CHARACTERS], text[MAX_CHARACTERS:]
    parts = head.replace("\r\n", "\n").replace("\r", "\n").split("\n", MAX_LINES)
    if len(parts) > MAX_LINES:
        rest = parts.pop() + rest
    return [text_line(part) for part in parts], bool(rest)
