"""Which lines does a plain text have? As they stand, up to a limit."""

import re

from gateway.quote.initials import mark_initials
from gateway.quote.line import Line, text_line

MAX_LINES = 12_000
MAX_CHARACTERS = 1_000_000
_OWN_LINE = re.compile(r"(?m)^(?!>)[^\S\n]*+\S")


def read_plain(text: str) -> tuple[list[Line], str, bool]:
    """Return the lines of a text, what lies beyond the limit, and whether that is more than quotes.

    It is not read.
    """
    head, rest = text[:MAX_CHARACTERS], text[MAX_CHARACTERS:]
    parts = head.replace("\r\n", "\n").replace("\r", "\n").split("\n", MAX_LINES)
    if len(parts) > MAX_LINES or (rest and len(parts) > 1):
        rest = parts.pop() + rest
    lines = [text_line(part) for part in parts]
    mark_initials(head, lines)
    return lines, rest, _OWN_LINE.search(rest) is not None
