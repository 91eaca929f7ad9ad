"""Is anything left? A reply is never empty while there is text of the sender's.

What was folded on the weakest evidence is given back first: signatures that were only guessed;
then, if nothing in the mail is quoted, what looked like the openings of history; and a mail that
was passed on without a word. Lines we know we sent are never given back, nor are quotes or a
device's tagline: an answer that is nothing but these is empty.
"""

from gateway.quote.cutmap import Rule
from gateway.quote.details import is_detail
from gateway.quote.extraction import Fallback
from gateway.quote.sayings import is_greeting, is_prose
from gateway.quote.sheet import Sheet

_OPENINGS = (Rule.ATTRIBUTION, Rule.HEADER, Rule.SEPARATOR, Rule.NOTICE)
_QUOTES = frozenset({Rule.QUOTED, Rule.STRUCTURE, Rule.SENT, Rule.HISTORY})


def give_back(sheet: Sheet, *, ours: bool, files: bool = False) -> Fallback:
    """Unfold step by step until something is left; return the step that was needed.

    ``ours``: what we sent was found in it. ``files``: files came with it, and are what it says.
    """
    if _says_something(sheet):
        return Fallback.NONE
    steps: list[tuple[Fallback, tuple[Rule, ...]]] = []
    if not files:
        steps.append((Fallback.SIGNATURE, (Rule.SIGNATURE,)))
    if not ours:
        steps.append((Fallback.WHOLE, (Rule.FORWARD,)))
        if _QUOTES.isdisjoint(sheet.rules):
            steps.append((Fallback.WHOLE, _OPENINGS))
    for fallback, rules in steps:
        if _unfolded(sheet, rules) and _says_something(sheet):
            return fallback
    return Fallback.NONE


def _unfolded(sheet: Sheet, rules: tuple[Rule, ...]) -> bool:
    """Give back what some rules have folded; not a bare name under a greeting and a delimiter."""
    found = [at for at, rule in enumerate(sheet.rules) if rule in rules and not sheet.quoted(at)]
    greeted = sheet.any_written(0, len(sheet))
    if greeted and not any(_tells(sheet, at) for at in found):
        return False
    for at in found:
        sheet.unfold(at)
    return bool(found)


def _tells(sheet: Sheet, at: int) -> bool:
    """Whether a line may be what somebody was asked for."""
    return is_prose(sheet.lines[at]) or is_detail(sheet.lines[at])


def _says_something(sheet: Sheet) -> bool:
    """Whether anything but a greeting is left. "Hi Bob," above nothing is no answer of anybody."""
    return any(sheet.written(at) and not is_greeting(line) for at, line in enumerate(sheet.lines))
