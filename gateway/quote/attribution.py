"""Where does a line say "On that day somebody wrote:"?

Clients say it in every language, on one to four physical lines after wrapping. So evidence is
weighed, not worded: a date, a time, an address, a verb of writing, our own name, a quote right
below. No single one suffices; "On Monday I wrote: the pump is broken" has too little.

The trap: the line must *end* as attributions do (a colon, or the verb). A sentence that goes on
after the colon is the sender's own.
"""

from gateway.quote.cutmap import Rule
from gateway.quote.line import (
    Line,
    LineRole,
    Trait,
    may_end_one,
    traits_of,
)
from gateway.quote.sayings import is_greeting
from gateway.quote.sheet import Opening, Sheet
from gateway.quote.words import pattern

_ATTRIBUTION = LineRole.ATTRIBUTION  # asked of every line, where looking a member up is felt
ENOUGH = 4.0
_WINDOW = 4
_MAX_LENGTH = 500
_WEIGHTS = (
    (Trait.DATE, 1.0),
    (Trait.TIME, 1.0),
    (Trait.ADDRESS, 2.0),
    (Trait.VERB, 1.5),
    (Trait.OPENER, 0.5),
)
_NAMED = 3.0
_QUOTE_BELOW = 1.5
_ALONE = 1.0
# Two of these in a line: its full stop is an abbreviation's or an initial's, not a sentence's.
_WHO_WHEN = Trait.DATE | Trait.TIME | Trait.ADDRESS | Trait.VERB
_SAID_LAST = Trait.COLON_LAST | Trait.VERB_LAST
_SAYS = Trait.DATE | Trait.VERB
# Joining lines costs; more candidates than this are hostile, and single lines still count.
_MOST_JOINS = 600
_ENDS = Trait.COLON_LAST | Trait.VERB_LAST | Trait.ADDRESS_LAST
_FULL_STOPS = (".", "!", "?", "\u3002", "\uff01", "\uff1f")


class Attributions:
    """Finds the attributions of one sheet."""

    def __init__(self, sheet: Sheet, names: tuple[str, ...] = ()) -> None:
        """Take the sheet, and the names that are our own."""
        self.sheet = sheet
        self.names = names
        self._joins = _MOST_JOINS

    def ending(self, at: int) -> Opening | None:
        """Return the attribution whose last line is ``at``, or None."""
        line = self.sheet.lines[at]
        if line.role is _ATTRIBUTION:
            return Opening(at, at + 1, Rule.ATTRIBUTION, line.marker or "marked as attribution")
        if not ((may_end_one(line) and line.traits & _ENDS) or _tail_of_one(line)):
            return None
        below = self.sheet.next_line(at + 1)
        bonus = _QUOTE_BELOW if below - at <= 4 and _quotes(self.sheet, below) else 0.0
        if not (line.traits & _SAID_LAST or bonus or _tail_of_one(line)):
            return None
        window = _window(self.sheet, at)
        start = self._best(window, bonus)
        if start is None:
            return None
        if self.sheet.lines[start].bare.startswith("<") and start - 1 in window:
            # The name was wrapped away from its address.
            start -= 1
        return Opening(start, at + 1, Rule.ATTRIBUTION, "says who wrote when")

    def _best(self, window: list[int], bonus: float) -> int | None:
        """Return where the heaviest part of the window begins, if it weighs enough."""
        best, start, at = 0.0, window[-1], window[-1]
        for height in range(1, len(window) + 1):
            score = self._score(window[-height:], bonus)
            if score > best:
                best, start = score, window[-height]
        if not bonus and _written_to_me(self.sheet, start, at + 1):
            return None
        if best < ENOUGH and _has_a_blank_beside(self.sheet, start, at + 1):
            traits = traits_of(" ".join(self.sheet.lines[i].bare for i in window if i >= start))
            best += _ALONE if _says_all(traits) else 0.0
        return start if best >= ENOUGH else None

    def _score(self, window: list[int], bonus: float) -> float:
        """Weigh a window; ``bonus`` is for a quote below."""
        lines = [self.sheet.lines[at] for at in window]
        traits = lines[0].traits
        if len(lines) > 1:
            together = 0
            for line in lines:
                together |= line.traits
            # Wrapping may have split a date, but nothing else that the lines do not hold.
            possible = together | Trait.DATE | Trait.TIME | Trait.VERB | Trait.VERB_LAST
            if not self._joins or (not self.names and _weight(possible) + bonus + _ALONE < ENOUGH):
                return 0.0
            self._joins -= 1
            traits = traits_of(" ".join(line.bare.lstrip("> ") for line in lines))
        if not traits & _SAID_LAST and not (traits & Trait.ADDRESS_LAST and bonus):
            return 0.0
        score = _weight(traits) + bonus
        if self.names and any(name in line.folded for line in lines for name in self.names):
            score += _NAMED
        return score


def wrapped_end(line: Line) -> bool:
    """Whether a ``>`` is not a quote's but an address's, wrapped away: ``>:``, ``> wrote:``."""
    text = line.bare
    return len(text) <= 40 and text.endswith((":", "\uff1a")) and text.count(" ") <= 3


def _weight(traits: int) -> float:
    """Add up what traits weigh."""
    return sum(weight for trait, weight in _WEIGHTS if traits & trait)


def _says_all(traits: int) -> bool:
    """Whether a line on its own says who wrote when: date, verb at the end, and time or opener."""
    if traits & _SAYS != _SAYS:
        return False
    if traits & Trait.TIME and traits & _SAID_LAST:
        return True
    return bool(traits & Trait.VERB_LAST and traits & Trait.OPENER)


def _tail_of_one(line: Line) -> bool:
    """Whether a line is only the wrapped end of an attribution, as ``wrote:`` or ``>:``."""
    return line.bare in (":", "\uff1a") or line.folded.startswith(("wrote", "mailto:"))


def _window(sheet: Sheet, at: int) -> list[int]:
    """Return up to four lines that end here and may belong together."""
    window = [at]
    length = len(sheet.lines[at].bare)
    above = at - 1
    while above >= 0 and len(window) < _WINDOW:
        line = sheet.lines[above]
        if line.blank and sheet.lines[window[0]].bare == "<":
            # Polymail leaves a blank line before the address.
            above -= 1
            continue
        length += len(line.bare)
        if line.blank or length > _MAX_LENGTH or not _free(sheet, above):
            break
        if is_greeting(line):
            break
        if _ends_sentence(line.bare) and (line.traits & _WHO_WHEN).bit_count() < 2:
            break
        window.insert(0, above)
        above -= 1
    return window


def _free(sheet: Sheet, at: int) -> bool:
    """Whether a line may be part of an attribution."""
    return sheet.rules[at] is None and at not in sheet.fenced


def _ends_sentence(text: str) -> bool:
    """Whether a line ends a sentence; a number with a dot is a date's day."""
    return text.endswith(_FULL_STOPS) and not text[-2:-1].isdigit()


def _quotes(sheet: Sheet, at: int) -> bool:
    """Whether a quote begins here: marked as one, or by bars on two lines."""
    if at >= len(sheet):
        return False
    if wrapped_end(sheet.lines[at]):
        return False
    barred = all(line.bare.startswith("|") for line in sheet.lines[at : at + 2])
    return sheet.quoted(at) or (barred and at + 1 < len(sheet))


def _has_a_blank_beside(sheet: Sheet, start: int, end: int) -> bool:
    """Whether a blank line stands above or below a window."""
    above = start == 0 or sheet.lines[start - 1].blank
    return above or end >= len(sheet) or sheet.lines[end].blank


def _written_to_me(sheet: Sheet, start: int, end: int) -> bool:
    """Whether the sender is the one who was written to, and no address is given: "schrieb mir"."""
    lines = sheet.lines[start:end]
    if any(line.traits & Trait.ADDRESS for line in lines):
        return False
    return any(
        pattern("attribution", "to_me", line.folded).search(line.folded) is not None
        for line in lines
    )
