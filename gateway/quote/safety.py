"""Is anything left? A reply is never empty while there is text of the sender's.

What was folded on the weakest evidence is given back first: signatures that were only guessed;
then, if nothing in the mail is quoted, what looked like the openings of history; and a mail that
was passed on without a word. Lines we know we sent are never given back, nor are quotes or a
device's tagline: an answer that is nothing but these is empty.
"""

from gateway.quote.cutmap import Rule
from gateway.quote.extraction import Fallback
from gateway.quote.sheet import Sheet

_OPENINGS = (Rule.ATTRIBUTION, Rule.HEADER, Rule.SEPARATOR, Rule.NOTICE)
_QUOTES = frozenset({Rule.QUOTED, Rule.STRUCTURE, Rule.SENT, Rule.HISTORY})


def give_back(sheet: Sheet, *, ours: bool) -> Fallback:
    """Unfold step by step until something is left; return the step that was needed."""
    if sheet.any_written(0, len(sheet)):
        return Fallback.NONE
    steps: list[tuple[Fallback, tuple[Rule, ...]]] = [(Fallback.SIGNATURE, (Rule.SIGNATURE,))]
    if not ours:
        steps.append((Fallback.WHOLE, (Rule.FORWARD,)))
        if _QUOTES.isdisjoint(sheet.rules):
            steps.append((Fallback.WHOLE, _OPENINGS))
    for fallback, rules in steps:
        for at, rule in enumerate(sheet.rules):
            if rule in rules and not sheet.quoted(at):
                sheet.unfold(at)
        if sheet.any_written(0, len(sheet)):
            return fallback
    return Fallback.NONE
