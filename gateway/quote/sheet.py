"""The lines of one mail and what the rules have decided about them so far.

The one mutable thing in this room: rules run one after another over the same sheet, each folding
what it recognises. A line once folded stays with the rule that folded it first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from gateway.quote.cutmap import Rule
from gateway.quote.drawn_line import is_dash
from gateway.quote.fences import fences_of
from gateway.quote.line import Line, LineRole

# Asked of every line, where looking a member up in its enum would cost more than the rest.
_QUOTE, _SENT = LineRole.QUOTE, Rule.SENT


@dataclass(frozen=True, slots=True)
class Opening:
    """Lines that open history: from ``start`` up to but without ``end``.

    A ``weak`` one has so little evidence that any other further down proves it to be none.
    """

    start: int
    end: int
    rule: Rule
    reason: str
    forward: bool = False
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent the mail, by its From field: the display name, and the address's local part."""

    name: str = ""
    mailbox: str = ""


NOBODY = Sender()


class Sheet:
    """The working sheet of one extraction."""

    def __init__(
        self, lines: list[Line], sender: Sender = NOBODY, told: Iterable[str] = ()
    ) -> None:
        """Lay out the lines, nothing folded yet. ``told``: the lines of what we sent, folded."""
        self.lines = lines
        self.sender = sender
        self.told = told
        self.rules: list[Rule | None] = [None] * len(lines)
        self.reasons: list[str] = [""] * len(lines)
        self.fences = fences_of(lines)
        self.fenced = frozenset(chain.from_iterable(self.fences))
        self.following = _following(lines)

    @cached_property
    def quoted_below_dashes(self) -> frozenset[str]:
        """The quoted lines right below a dash, by their bare text."""
        pairs = zip(self.lines, self.lines[1:], strict=False)
        return frozenset(line.bare for above, line in pairs if line.depth and is_dash(above.bare))

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self.lines)

    def fold(self, at: int, rule: Rule, reason: str) -> None:
        """Fold one line, unless it is fenced code or folded already."""
        if self.rules[at] is None and at not in self.fenced:
            self.rules[at], self.reasons[at] = rule, reason

    def fold_all(self, span: Iterable[int], rule: Rule, reason: str) -> None:
        """Fold several lines."""
        rules, reasons, fenced = self.rules, self.reasons, self.fenced
        for at in span:
            if rules[at] is None and at not in fenced:
                rules[at], reasons[at] = rule, reason

    def fold_history(self, span: range, rule: Rule, reason: str) -> None:
        """Fold all lines of a span that history owns: a fence in it is not the sender's."""
        self.unfence(span)
        self.fold_all(span, rule, reason)

    def unfence(self, span: range) -> None:
        """Let a span be judged as if no code were fenced in it."""
        if self.fenced:
            self.fenced = self.fenced.difference(span)

    def unfold(self, at: int) -> None:
        """Give a line back."""
        self.rules[at], self.reasons[at] = None, ""

    def written(self, at: int) -> bool:
        """Whether a line still counts as the sender's: not blank, not folded."""
        return self.rules[at] is None and self.lines[at].bare != ""

    def any_written(self, start: int, end: int) -> bool:
        """Whether any line in a span still counts as the sender's."""
        return any(self.written(at) for at in range(start, end))

    def quoted(self, at: int) -> bool:
        """Whether a line is marked as a quote: by prefix, by HTML, or as sent by us."""
        line = self.lines[at]
        if at in self.fenced:
            return False
        return line.depth > 0 or line.role is _QUOTE or self.rules[at] is _SENT

    def next_line(self, at: int) -> int:
        """Return the first line from ``at`` on that is not blank; the length if there is none."""
        return self.following[at] if at < len(self.lines) else len(self.lines)


def _following(lines: list[Line]) -> list[int]:
    """For each line, the first one from it on that is not blank."""
    following = [len(lines)] * len(lines)
    after = len(lines)
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].bare:
            after = at
        following[at] = after
    return following
