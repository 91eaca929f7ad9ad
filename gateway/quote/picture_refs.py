"""Which pictures of a mail belong to what was folded, and are none of the reply?

A picture has no words of its own, so it goes with its place: what stands in a quote or signature
element, or follows a line of history, is folded. After a signature that only its words gave away
it is kept: phones put a photograph below "Sent from my phone". A picture lost is the worse error,
so one that is also shown anywhere else is kept, too.
"""

from collections.abc import Iterable

from gateway.quote.cutmap import Rule
from gateway.quote.sheet import Sheet
from gateway.quote.typeset import Placed

_HISTORY = frozenset(
    {
        Rule.SENT,
        Rule.MARKER,
        Rule.ABOVE,
        Rule.STRUCTURE,
        Rule.QUOTED,
        Rule.ATTRIBUTION,
        Rule.HEADER,
        Rule.SEPARATOR,
        Rule.HISTORY,
    }
)


def folded_pictures(pictures: Iterable[Placed], sheet: Sheet) -> frozenset[str]:
    """Return the content ids that only folded places show."""
    folded: set[str] = set()
    kept: set[str] = set()
    for one in pictures:
        goes = _with_what_is_folded(one, sheet) if one.marked else _in_history(one.line, sheet)
        (folded if goes else kept).add(one.content_id)
    return frozenset(folded - kept)


def _with_what_is_folded(one: Placed, sheet: Sheet) -> bool:
    """Whether the quote or signature around a picture was folded: not where its lines are kept."""
    above, below = _words_above(one.line, sheet), sheet.next_line(max(one.line + 1, 0))
    near = [at for at in (above, below) if 0 <= at < len(sheet)]
    return not any(sheet.written(at) and _is_marked(at, sheet) for at in near)


def _is_marked(at: int, sheet: Sheet) -> bool:
    return sheet.lines[at].depth > 0 or sheet.lines[at].role is not None


def _in_history(at: int, sheet: Sheet) -> bool:
    """Whether the last line with words, at or above a place, was folded as history."""
    above = _words_above(at, sheet)
    return above >= 0 and sheet.rules[above] in _HISTORY


def _words_above(at: int, sheet: Sheet) -> int:
    """Return the last line with words, at or above a place; -1 if there is none."""
    at = min(at, len(sheet) - 1)
    while at >= 0 and sheet.lines[at].blank:
        at -= 1
    return at
