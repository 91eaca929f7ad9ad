"""Is what looks like the opening of history something that the sender pasted or typed?

People show each other mails: "The carrier told me this:", then its header block and its words, then
their own again. All of that is theirs. Two things tell it from the mail they answer: what we sent
stands further down, under an opening of its own; or the line right above announces it.

The trap: an opening between our digest and its own lead ("From: ... To: ...") is ours, too; and
"see my answers below:" above the block that a client writes announces nothing of anybody else.
"""

from functools import cached_property

from gateway.quote.cutmap import Rule
from gateway.quote.line import Trait
from gateway.quote.sayings import is_greeting
from gateway.quote.sent_lines import Match
from gateway.quote.separator import is_rule
from gateway.quote.sheet import Opening, Sheet
from gateway.quote.words import pattern

_FAR = 3  # lines between what announces and what is announced
_COLONS = (":", "\uff1a")
_OURS = (Rule.SENT, Rule.ATTRIBUTION)


class Pasted:
    """Tells the sender's own from the openings of one sheet."""

    def __init__(
        self,
        sheet: Sheet,
        openings: dict[int, Opening],
        match: Match | None,
        names: tuple[str, ...],
    ) -> None:
        """Take the sheet, its openings, where what we sent was found, and the names we bear."""
        self.sheet = sheet
        self.match = match
        self.names = names
        self.openings = openings
        self.last = max(openings, default=-1)

    @cached_property
    def last_quoting(self) -> int:
        """Where the last opening stands that has a quote below, -1 if none has. Seldom asked."""
        quoting = (at for at, one in self.openings.items() if _above_quote(self.sheet, one))
        return max(quoting, default=-1)

    def holds(self, opening: Opening, *, said: bool) -> bool:
        """Tell whether an opening is the sender's own; ``said``: text of theirs stands above."""
        if self.match is not None and opening.end <= self.match.first:
            return self._before_ours(opening, self.match)
        if _above_quote(self.sheet, opening):
            return False
        if opening.weak:
            return self.last > opening.start or self._announced(opening.start)
        if opening.rule is Rule.ATTRIBUTION:
            # Clients that name no address mark the quote; "On Friday at 10:15 Ann wrote:" above
            # words of one's own does not.
            return self.last_quoting > opening.start and not self._holds_address(opening)
        if opening.rule is not Rule.HEADER:
            return False
        # All that stands between a greeting and what is quoted cannot be history, too.
        return self._announced(opening.start) or (not said and self.last_quoting > opening.start)

    def _before_ours(self, opening: Opening, match: Match) -> bool:
        """Whether words stand between an opening and ours, which has a lead of its own."""
        sheet = self.sheet
        if opening.rule is Rule.STRUCTURE and not sheet.lines[opening.start].opens.startswith("?"):
            return False
        lines = sheet.lines[opening.start : opening.end]
        if any(name in line.folded for line in lines for name in self.names):
            return False
        between = range(opening.end, match.first)
        words = any(sheet.written(at) and not sheet.quoted(at) for at in between)
        led = any(sheet.rules[at] in _OURS for at in between) or self.last > opening.start
        return words and (led or sheet.quoted(match.first))

    def _announced(self, start: int) -> bool:
        """Whether the line above, or above its paragraph, shows something: it ends with a colon."""
        at = start - 1
        if at >= 0 and not self.sheet.lines[at].blank and not self._shows(at):
            # A title of its own may stand between: "It says:", "Error 403", "From: ...".
            at -= 1
            if at < 0 or not self.sheet.lines[at].blank:
                return False
        while at >= 0 and self.sheet.lines[at].blank and start - at <= _FAR:
            at -= 1
        return at >= 0 and self._shows(at)

    def _shows(self, at: int) -> bool:
        """Whether a line of the sender's ends with a colon, and does not speak of answers below."""
        line = self.sheet.lines[at]
        text = line.folded.rstrip(" *_")
        if not text.endswith(_COLONS) or not self.sheet.written(at):
            return False
        said = pattern("separators", "answers_below", text)
        return not (is_greeting(line) or is_rule(line) or said.search(text))

    def _holds_address(self, opening: Opening) -> bool:
        """Whether an address stands in the lines of an opening."""
        lines = self.sheet.lines[opening.start : opening.end]
        return any(line.traits & Trait.ADDRESS for line in lines)


def _above_quote(sheet: Sheet, opening: Opening) -> bool:
    """Whether a quote that is marked as one stands right below."""
    below = sheet.next_line(opening.end)
    return opening.rule is Rule.STRUCTURE or (below < len(sheet) and sheet.quoted(below))
