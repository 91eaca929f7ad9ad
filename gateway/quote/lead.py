"""Which lines right above what we sent announce it, in any language?

They name us: our display name, our address or the subject, in an attribution or a header block of
a client nobody knows.

The trap: the sender's last line may look like a part of it ("PS: ring me"), and above it the sender
may repeat what we asked. So a line with an unknown label counts only between lines that are known,
and what is ours above the line that names us is an echo.
"""

from collections.abc import Sequence

from gateway.quote import drawn_line
from gateway.quote.cutmap import Rule
from gateway.quote.header import role_of
from gateway.quote.line import Line, Trait
from gateway.quote.sayings import is_greeting
from gateway.quote.separator import is_heading
from gateway.quote.sheet import Sheet

_MOST_LEAD = 14
_MOST_ECHOES = 3
_SURE = Trait.ADDRESS | Trait.DATE
_FULL_STOPS = (".", "!", "?", "\u3002")


def fold_lead(sheet: Sheet, names: Sequence[str], first: int) -> None:
    """Fold the lines right above ``first`` that name us: attribution or header block."""
    span = _lead(sheet, names, first)
    if span:
        sheet.fold_all(span, Rule.ATTRIBUTION, "names us, right above what we sent")


def announces(sheet: Sheet, names: Sequence[str], first: int) -> bool:
    """Tell whether the lines right above ``first`` say that a quotation begins there."""
    return bool(_lead(sheet, names, first))


def _lead(sheet: Sheet, names: Sequence[str], first: int) -> range:
    """Return the lines right above ``first`` that are an attribution or a header block."""
    at = first - 1
    while at >= 0 and sheet.lines[at].blank:
        at -= 1
    named, top = False, first
    while at >= 0 and first - at < _MOST_LEAD and not sheet.lines[at].blank:
        line = sheet.lines[at]
        names_us = _names_us(line, names)
        wrapped = names_us and at + 1 < first and sheet.lines[at + 1].bare.startswith("<")
        if not (wrapped or _may_belong(line, names_us=names_us)):
            break
        named = named or names_us
        if wrapped or names_us or _belongs(line):
            top = at
        at -= 1
    span = range(top, first)
    if named or all(drawn_line.firm(sheet.lines[i].bare + "---") for i in span):
        return span
    return range(0)


def without_echo(sheet: Sheet, names: Sequence[str], ours: list[int]) -> list[int]:
    """Leave out lines above the one that names us: the sender repeats our question there."""
    for index in range(min(_MOST_ECHOES, len(ours) - 1), 0, -1):
        between = sheet.lines[ours[index - 1] + 1 : ours[index]][:_MOST_LEAD]
        if any(_names_author(line, names) for line in between):
            return ours[index:]
    return ours


def _names_us(line: Line, names: Sequence[str]) -> bool:
    """Whether our name, address or subject stands on a line."""
    return any(name in line.folded for name in names)


def _names_author(line: Line, names: Sequence[str]) -> bool:
    """Whether a line names us as who wrote what is below: a sender's label, or an address."""
    says_who = line.traits & Trait.ADDRESS or role_of(line.label) == "from"
    return bool(says_who) and _names_us(line, names)


def _may_belong(line: Line, *, names_us: bool) -> bool:
    """Whether a line could be part of an attribution or a header block, or of none."""
    if drawn_line.firm(line.bare) or is_heading(line):
        return True
    if not (line.traits & (_SURE | Trait.COLON_LAST) or line.label):
        return False
    return names_us or not (line.bare.endswith(_FULL_STOPS) or is_greeting(line))


def _belongs(line: Line) -> bool:
    """Whether a line is part of one even if nothing above it is: what has but a label is not."""
    if line.traits & _SURE or role_of(line.label) or is_heading(line):
        return True
    return line.bare.startswith("<") or drawn_line.firm(line.bare)
