"""Is anything left? A reply is never empty while there is text of the sender's.

What was folded on the weakest evidence is given back first: signatures that were only guessed,
then history that nothing marks as quoted. Lines we know we sent are never given back, nor are
quotes: an answer that is nothing but a quote is empty.
"""

from gateway.quote.cutmap import Rule
from gateway.quote.reply import Fallback
from gateway.quote.sheet import Sheet

_STEPS = (
    (Fallback.SIGNATURE, (Rule.SIGNATURE,)),
    (Fallback.HISTORY, (Rule.HISTORY, Rule.FORWARD, Rule.ABOVE)),
    (Fallback.WHOLE, (Rule.ATTRIBUTION, Rule.HEADER, Rule.SEPARATOR, Rule.NOTICE, Rule.TAGLINE)),
)


def give_back(sheet: Sheet, *, ours: bool) -> Fallback:
    """Unfold step by step until something is left; return the step that was needed."""
    if sheet.any_written(0, len(sheet)):
        return Fallback.NONE
    steps = _STEPS[:1] if ours else _STEPS
    for fallback, rules in steps:
        back = [at for at, rule in enumerate(sheet.rules) if rule in rules and _own(sheet, at)]
        for at in back:
            sheet.unfold(at)
        if sheet.any_written(0, len(sheet)):
            return fallback
    return Fallback.NONE


def _own(sheet: Sheet, at: int) -> bool:
    """Whether a line is not marked as a quote."""
    return not sheet.quoted(at) and not sheet.lines[at].blank
