"""Where does the sender's own text end and history begin?

One pass from top to bottom. An opening (attribution, header block, divider, a client's mark) owns
the quote right below it; if nothing below is quoted, it owns everything below. A quote without an
opening is folded if nothing follows it, else it is what the sender is talking about.

The trap: an opening with nothing of the sender above it is bottom posting, so it owns no text.
"""

from dataclasses import dataclass, field

from gateway.quote.cutmap import Rule
from gateway.quote.inline_answers import answers_below
from gateway.quote.line import Line, LineRole, Trait
from gateway.quote.openings import find_openings
from gateway.quote.pasted import Pasted
from gateway.quote.sayings import is_greeting
from gateway.quote.sent_lines import Match
from gateway.quote.separator import is_heading, is_rule
from gateway.quote.sheet import Opening, Sheet
from gateway.quote.signature import signature_start

# Asked of every line, where looking a member up in its enum would cost more than the rest.
_QUOTE, _SENT = LineRole.QUOTE, Rule.SENT


@dataclass(slots=True)
class History:
    """What the pass found. ``inline``: answers stand among history that nothing marks."""

    forward: bool = False
    inline: bool = False
    openings: int = 0
    marked: bool = False
    quotes: int = 0
    attributed: set[int] = field(default_factory=set)


def fold_history(sheet: Sheet, names: tuple[str, ...], match: Match | None) -> History:
    """Fold what came before, and say what was found."""
    openings = find_openings(sheet, names)
    return _Pass(sheet, openings, match, Pasted(sheet, openings, match, names)).run()


class _Pass:
    """One pass over one sheet."""

    def __init__(
        self, sheet: Sheet, openings: dict[int, Opening], match: Match | None, pasted: Pasted
    ) -> None:
        self.sheet = sheet
        self.pasted = pasted
        self.openings = openings
        self.match = match
        self.said = False
        self.found = History()

    def run(self) -> History:
        """Go from top to bottom."""
        sheet, at = self.sheet, self.sheet.next_line(0)
        while at < len(sheet):
            opening = self.openings.get(at)
            if opening is not None and self.pasted.holds(opening, said=self.said):
                # The sender shows it: it is theirs, and so is what stands below.
                self.said, at = True, max(opening.end, at + 1)
            elif opening is not None:
                at = self._follow(opening)
            elif sheet.quoted(at):
                at = self._run_of_quotes(at)
            else:
                self.said = self.said or (sheet.written(at) and not _only_greets(sheet.lines[at]))
                at += 1
            at = sheet.next_line(at)
        return self.found

    def _follow(self, opening: Opening) -> int:
        """Fold an opening and what it owns; return where the sender may speak again."""
        sheet = self.sheet
        self.found.openings += 1
        if opening.forward:
            return self._forward(opening)
        below = sheet.next_line(opening.end)
        quoted = below < len(sheet) and sheet.quoted(below)
        if not self.said and not quoted and opening.rule is not Rule.ATTRIBUTION and not self.match:
            self.found.forward = True
            return len(sheet)
        self._rules_above(opening.start)
        sheet.fold_all(range(opening.start, opening.end), opening.rule, opening.reason)
        if quoted and opening.rule is not Rule.STRUCTURE:
            self.found.attributed.add(below)
            return below
        if below < len(sheet) and sheet.lines[below].bare.startswith("|"):
            return self._barred(below)
        if not self.said:
            return opening.end
        return self._tail(opening)

    def _tail(self, opening: Opening) -> int:
        """Fold everything below, but for answers between lines that we know we sent."""
        sheet, match = self.sheet, self.match
        end = len(sheet)
        if match and match.whole and match.last >= opening.end:
            between = range(opening.end, match.first)
            sheet.fold_history(between, Rule.HISTORY, "between header and quote")
            return max(opening.end, match.first)
        if answers_below(sheet, opening.start):
            self.found.inline = True
            return opening.end
        sheet.fold_history(range(opening.end, end), Rule.HISTORY, f"below: {opening.reason}")
        return end

    def _forward(self, opening: Opening) -> int:
        """Fold a forwarded mail to the end; without a comment above it is what they say."""
        self.found.forward = True
        if self.said:
            span = range(opening.start, len(self.sheet))
            self.sheet.fold_history(span, Rule.FORWARD, opening.reason)
        return len(self.sheet)

    def _rules_above(self, start: int) -> None:
        """Fold the drawn rule that some clients put above a header block."""
        at = start - 1
        while at >= 0 and _drawn(self.sheet.lines[at]):
            if not self.sheet.lines[at].blank:
                self.sheet.fold(at, Rule.SEPARATOR, "a rule above history")
            at -= 1

    def _barred(self, at: int) -> int:
        """Fold a quote that marks its lines with bars."""
        while at < len(self.sheet) and (
            self.sheet.lines[at].blank or self.sheet.lines[at].bare.startswith("|")
        ):
            self.sheet.fold(at, Rule.QUOTED, "marked with bars below an attribution")
            at += 1
        return at

    def _run_of_quotes(self, start: int) -> int:
        """Fold a run of quoted lines, unless the sender quotes something to talk about it."""
        sheet = self.sheet
        end = self._run_end(start)
        # Below a quote that names its author, more quoted lines are of the same quote.
        continued = self.found.quotes > 0 and self.match is None
        if not continued and not self._attributed(start, end) and self._talked_about(end):
            self.said = True
            return end
        if self._answered_within(start):
            self.found.inline = True
            return end
        self.found.quotes += 1
        structure, quoted = Rule.STRUCTURE, Rule.QUOTED
        for at, line in enumerate(sheet.lines[start:end], start):
            if line.role is _QUOTE:
                self.found.marked = True
                sheet.fold(at, structure, line.marker or "quoted")
            elif line.marker:
                sheet.fold(at, quoted, line.marker)
        # What no element marks: in a plain text, every line.
        sheet.fold_all(range(start, end), quoted, "quoted")
        return end

    def _answered_within(self, start: int) -> bool:
        """Whether the sender wrote into a quote that only an element marks, not each line."""
        return self.sheet.lines[start].role is _QUOTE and answers_below(self.sheet, start)

    def _run_end(self, start: int) -> int:
        """Return where a run of quoted lines ends, wrapped leftovers included."""
        sheet, end = self.sheet, start + 1
        for at in range(start + 1, len(sheet)):
            if sheet.quoted(at):
                if at > end and self._ours_begins(start, at):
                    break
                end = at + 1
            elif sheet.lines[at].bare and not self._leftover(at):
                break
        return end

    def _ours_begins(self, start: int, at: int) -> bool:
        """Whether, after a gap, what we sent begins below a quotation that is not ours."""
        match = self.match
        return (
            match is not None and start < match.first == at and start not in self.found.attributed
        )

    def _leftover(self, at: int) -> bool:
        """Whether an unquoted line is the wrapped end of the quoted line above it."""
        sheet = self.sheet
        if at + 1 >= len(sheet) or not sheet.lines[at - 1].depth or not sheet.lines[at + 1].depth:
            return False
        above, line = sheet.lines[at - 1].bare, sheet.lines[at].bare
        if "://" in above and above.count("(") + above.count("<") > above.count(")") + above.count(
            ">"
        ):
            return True
        if sheet.rules[at - 1] is _SENT:
            return False  # what wrapping left of what we sent is known by its words
        return len(above) >= 60 and above[-1:] not in ".!?:" and not line[:1].isupper()

    def _attributed(self, start: int, end: int) -> bool:
        """Whether somebody is named as the quote's author, or it is marked, or ours."""
        sheet = self.sheet
        if start in self.found.attributed:
            return True
        for at in range(start, end):
            if sheet.lines[at].role is _QUOTE or sheet.rules[at] is _SENT:
                return True
        return any(_says_who(sheet.lines[at].traits) for at in range(start, min(end, start + 4)))

    def _talked_about(self, end: int) -> bool:
        """Whether an unattributed quote is the sender's own: text of theirs follows it."""
        sheet, after = self.sheet, self.sheet.next_line(end)
        if self.match is not None and not self.match.first <= end <= self.match.last:
            return True
        if after >= len(sheet) or after in self.openings or sheet.quoted(after):
            return False
        until = min((at for at in self.openings if at > after), default=len(sheet))
        return signature_start(sheet, after, until) > after


def _drawn(line: Line) -> bool:
    """Whether a line is blank, a rule, or a divider's words without their dashes."""
    return line.blank or is_rule(line) or is_heading(line)


def _only_greets(line: Line) -> bool:
    """Whether a line greets and goes on below: "Hi Ann," above an opening is no answer yet."""
    return line.bare.endswith((",", "\uff0c")) and is_greeting(line)


def _says_who(traits: int) -> bool:
    """Whether a quoted line is itself an attribution, as iOS quotes it."""
    if traits & Trait.ADDRESS and traits & (Trait.DATE | Trait.TIME | Trait.VERB):
        return True
    said = Trait.DATE | Trait.VERB | Trait.COLON_LAST
    return traits & said == said
