"""Which quoted lines does an interleaved answer need to be understood?

Somebody who answers point by point writes between the quoted lines. The answers are kept whole,
and with them the quoted paragraph right above each. A single answer under the whole quote (bottom
posting) needs none of it.
"""

from gateway.quote.cutmap import Rule
from gateway.quote.sheet import Sheet
from gateway.quote.signature import stretches

_QUOTES = (Rule.QUOTED, Rule.STRUCTURE, Rule.SENT)
_MOST_LINES = 6


def keep_context(sheet: Sheet) -> None:
    """Give back the quoted paragraph above each answer, if there are several answers."""
    answers = [start for start, _ in stretches(sheet) if _quoted_above(sheet, start)]
    if len(answers) < 2:
        return
    for start in answers:
        at = _above(sheet, start)
        for _ in range(_MOST_LINES):
            if at < 0 or sheet.rules[at] not in _QUOTES or sheet.lines[at].blank:
                break
            sheet.rules[at] = Rule.CONTEXT
            sheet.reasons[at] = "what the answer below is about"
            at -= 1


def _quoted_above(sheet: Sheet, start: int) -> bool:
    """Whether the last line above that is not blank is a folded quote."""
    at = _above(sheet, start)
    return at >= 0 and sheet.rules[at] in _QUOTES


def _above(sheet: Sheet, start: int) -> int:
    """Return the last line above that is not blank, or -1."""
    at = start - 1
    while at >= 0 and sheet.lines[at].blank:
        at -= 1
    return at
