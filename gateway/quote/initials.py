"""Which lines are quoted with the initials of who wrote them, as ``AB> ``?

Supercite, Gnus and some bulletin-board programs put them before the ``>``; nested quotes carry
several, or further ``>``.

The trap: ``C>`` is also a prompt. So several lines must carry the same initials, below a line that
says who wrote, or be long and many.
"""

import re

from gateway.quote.line import Line, Trait, unquote

# A pattern that begins with a fixed sign is sought ten times as fast as one with a border.
_FIRST = re.compile(r"\n[ \t]{0,3}[A-Z]{1,4}>")
_AT_TOP = re.compile(r"[ \t]{0,3}[A-Z]{1,4}>")
_PREFIX = re.compile(r"[ \t]{0,3}([A-Z]{1,4})(>+)(?=[ \t>A-Z]|$)")
_LEAST = 2
_MANY = 3
_LONG = 35
_SAYS_WHO = Trait.VERB | Trait.DATE | Trait.ADDRESS


def mark_initials(text: str, lines: list[Line]) -> None:
    """Give lines that are quoted with initials their depth and their bare text."""
    if _FIRST.search(text) is None and _AT_TOP.match(text) is None:
        return
    quoted: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        found = _PREFIX.match(line.shown) if not line.depth and ">" in line.bare[:8] else None
        if found:
            quoted.setdefault(found.group(1), []).append(at)
    for places in quoted.values():
        if _is_quote(lines, places):
            for at in places:
                _mark(lines[at])


def _is_quote(lines: list[Line], places: list[int]) -> bool:
    """Whether lines with the same initials are a quote and not a prompt."""
    if len(places) < _LEAST:
        return False
    above = [line for line in lines[max(0, places[0] - 3) : places[0]] if not line.blank]
    if above and above[-1].traits & Trait.COLON_LAST and above[-1].traits & _SAYS_WHO:
        return True
    return len(places) >= _MANY and sum(len(lines[at].bare) for at in places) > _LONG * len(places)


def _mark(line: Line) -> None:
    """Take the initials off a line, and count them and the signs behind them as its depth."""
    depth, text = 0, line.shown
    while (found := _PREFIX.match(text)) and depth < 8:
        depth += len(found.group(2))
        text = text[found.end() :]
    deeper, line.bare = unquote(text)
    line.depth = depth + deeper
