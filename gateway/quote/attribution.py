"""Where does a line say "On that day somebody wrote:"?

Clients say it in every language, on one to four physical lines after wrapping. So evidence is
weighed, not worded: a date, a time, an address, a verb of writing, our own name, a quote right
below. No single one suffices; "On Monday I wrote: the pump is broken" has too little.

The trap: the line must *end* as attributions do (a colon, or the verb). A sentence that goes on
after the colon is the sender's own.
"""

from gateway.quote.cutmap import Rule
from gateway.quote.line import Line, Role, Trait, traits_of
from gateway.quote.sheet import Opening, Sheet

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
_ENDS = Trait.COLON_LAST | Trait.VERB_LAST | Trait.ADDRESS_LAST
_FULL_STOPS = (".", "!", "?", "\u3002", "\uff01", "\uff1f")


def attribution_ending(sheet: Sheet, at: int, names: tuple[str, ...] = ()) -> Opening | None:
    """Return the attribution whose last line is ``at``, or None."""
    line = sheet.lines[at]
    if line.role is Role.ATTRIBUTION:
        return Opening(at, at + 1, Rule.ATTRIBUTION, line.marker or "marked as attribution")
    if not line.traits & _ENDS and not _tail_of_one(line):
        return None
    best: tuple[float, int] = (0.0, at)
    window = _window(sheet, at)
    for height in range(1, len(window) + 1):
        text = " ".join(sheet.lines[i].bare.lstrip("> ") for i in window[-height:])
        score = _score(sheet, at, window[-height], text, names)
        if score > best[0]:
            best = (score, window[-height])
    score, start = best
    if score < ENOUGH:
        return None
    return Opening(start, at + 1, Rule.ATTRIBUTION, "says who wrote when")


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
        if _ends_sentence(line.bare):
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


def _score(sheet: Sheet, at: int, start: int, text: str, names: tuple[str, ...]) -> float:
    """Weigh the window from ``start`` to ``at``."""
    traits = sheet.lines[at].traits if start == at else traits_of(text)
    below = sheet.next_line(at + 1)
    quote_below = below - at <= 4 and _quotes(sheet, below)
    if not traits & (Trait.COLON_LAST | Trait.VERB_LAST):
        if not (traits & Trait.ADDRESS_LAST and quote_below):
            return 0.0
    score = sum(weight for trait, weight in _WEIGHTS if traits & trait)
    if quote_below:
        score += _QUOTE_BELOW
    if names and any(name in text.lower() for name in names):
        score += _NAMED
    said = Trait.DATE | Trait.VERB_LAST | Trait.OPENER
    if traits & said == said and _alone(sheet, start, at + 1):
        score += _ALONE
    return score


def _quotes(sheet: Sheet, at: int) -> bool:
    """Whether a quote begins here: marked as one, or by bars on two lines."""
    if at >= len(sheet):
        return False
    barred = all(line.bare.startswith("|") for line in sheet.lines[at : at + 2])
    return sheet.quoted(at) or (barred and at + 1 < len(sheet))


def _alone(sheet: Sheet, start: int, end: int) -> bool:
    """Whether blank lines stand around a window."""
    above = start == 0 or sheet.lines[start - 1].blank
    return above and (end >= len(sheet) or sheet.lines[end].blank)
