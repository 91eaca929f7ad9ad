"""Where does a block of "From: ... Sent: ... To: ... Subject: ..." stand?

No language is needed to see it: three or more short labels with values, one under another, with an
address and a date among the values. Known labels (data/labels.toml) help where the values say
little, and on one line, as Samsung and Yahoo write it.

The trap: people send filled-in forms ("Name: ... Date: ... Subject: ..."). Without an address, and
without a label that names a sender, such a list is theirs, and so are minutes:
"From: 18:00, To: 20:00, Subject: the roof".
"""

import re
from functools import cache

from gateway.quote.cutmap import Rule
from gateway.quote.line import Line, Trait
from gateway.quote.separator import is_rule
from gateway.quote.sheet import Opening, Sheet
from gateway.quote.words import fold, load, words

_LONGEST = 12
_NEAR = 8
_WHEN = Trait.DATE | Trait.TIME
_ROLES = ("from", "date", "to", "subject")


def role_of(label: str) -> str:
    """Return what a known label names: from, date, to or subject; empty if it is unknown."""
    return _by_label().get(label, "")


@cache
def _by_label() -> dict[str, str]:
    """Return every known label with its role; one that names two things keeps the first."""
    found: dict[str, str] = {}
    for role in _ROLES:
        for label in words("labels", role):
            found.setdefault(label, role)
    return found


def header_starting(sheet: Sheet, at: int) -> Opening | None:
    """Return the header block whose first line is ``at``, or None."""
    line = sheet.lines[at]
    if not line.label or any(map(str.isdigit, line.label)):
        return None
    if not (role_of(line.label) or _address_near(sheet, at)):
        return None
    labels, end = _collect(sheet, at)
    if _is_header(labels, sheet.lines[at:end]):
        return Opening(at, end, Rule.HEADER, "a block of labels with sender and date")
    if _is_dateless(labels):
        return Opening(at, end, Rule.HEADER, "the sender's address and a label", weak=True)
    return None


def _address_near(sheet: Sheet, at: int) -> bool:
    """Whether an address stands in the next lines, without which unknown labels say nothing."""
    return any("@" in line.bare for line in sheet.lines[at : at + _NEAR])


def _collect(sheet: Sheet, start: int) -> tuple[list[Line], int]:
    """Gather the labelled lines from ``start`` on, over single blanks and folded values."""
    labels: list[Line] = []
    end = at = start
    strays, spaced = 0, True
    depth = sheet.lines[start].depth
    while at < len(sheet) and at - start < 3 * _LONGEST and len(labels) < _LONGEST:
        line = sheet.lines[at]
        if line.blank:
            at = sheet.next_line(at)
            if at - end > 1 or strays or not spaced:
                break
            continue
        if line.depth != depth:
            break
        if line.label:
            if labels and role_of(line.label) == "from" == role_of(labels[0].label):
                break
            # One label a paragraph, or one a line: once two were adjacent a blank is the end.
            spaced = spaced and not (labels and at == end)
            labels.append(line)
            end, strays = at + 1, 0
        else:
            strays += 1
            known = role_of(sheet.lines[start].label)
            if strays > 3 or not known or at != end + strays - 1 or is_rule(line):
                break
        at += 1
    return labels, end


def _is_header(lines: list[Line], span: list[Line]) -> bool:
    """Decide whether labelled lines are a header block; ``span`` has their values' lines, too."""
    holds = Trait.NONE
    for line in span:
        holds |= line.traits
    named = [role for line in lines if (role := role_of(line.label))]
    if named.count("from") > 1 or named.count("date") > 1 or _is_form(lines):
        # Two senders or two dates: the block begins further down, under somebody's form.
        return False
    if not role_of(lines[0].label) and ("from" in named or (named and not lines[0].value)):
        # "PS: ..." above the block, or "See my dates:" above a form.
        return False
    roles = set(named)
    address, when = bool(holds & Trait.ADDRESS), bool(holds & _WHEN)
    if len(lines) <= 2:
        return _is_brief(lines, roles, full=address and when)
    # "From: Leeds, To: York, Date: ..." is a journey; clients write the date below the sender.
    mail = address or (("subject" in roles or named[:2] == ["from", "date"]) and _tells_when(lines))
    known = len(roles) >= 3 and "from" in roles and mail
    if len(lines) == 3:
        return (address and when and bool(roles)) or (known and (address or when))
    both = address and when
    if named and not _names_sender(lines, roles):
        return False
    return both or (known and (address or when)) or (len(roles) >= 2 and address)


def _tells_when(lines: list[Line]) -> bool:
    """Whether a label names the date, and no sender is one: "From: 18:00, To: 20:00" is a span."""
    roles = [role_of(line.label) for line in lines]
    dated = (
        role == "from" and line.traits & _WHEN for role, line in zip(roles, lines, strict=True)
    )
    return "date" in roles and not any(dated)


def _is_brief(lines: list[Line], roles: set[str], *, full: bool) -> bool:
    """Whether one or two lines are a block; ``full``: they hold an address and a date."""
    if len(lines) == 1:
        return _on_one_line(lines[0])
    return full and ("from" in roles or "date" in roles) and len(roles) == 2


def _is_dateless(lines: list[Line]) -> bool:
    """Whether two lines or more name a sender by address, and a subject or who it went to."""
    if len(lines) < 2 or role_of(lines[0].label) != "from" or _is_form(lines):
        return False
    roles = [role_of(line.label) for line in lines]
    named = roles.count("from") == 1 and all(roles)
    return named and bool(lines[0].traits & Trait.ADDRESS)


def _is_form(lines: list[Line]) -> bool:
    """Whether one of the labels is of a form that somebody filled in: "Phone: ..."."""
    forms = words("labels", "forms")
    return len(lines) > 1 and any(line.label in forms for line in lines)


def _names_sender(lines: list[Line], roles: set[str]) -> bool:
    """Whether a label for the sender is known, or one of the first two may be it: an address."""
    unknown = (not role_of(line.label) and line.traits & Trait.ADDRESS for line in lines[:2])
    return "from" in roles or any(unknown)


def _on_one_line(line: Line) -> bool:
    """Whether one line holds a whole block: a sender's label, other labels, address and date."""
    if role_of(line.label) not in ("from", "date") or not line.traits & Trait.ADDRESS:
        return False
    roles = {role_of(fold(found.group(1))) for found in _label_pattern().finditer(line.folded)}
    return bool(line.traits & _WHEN) and len(roles) >= 2


@cache
def _label_pattern() -> re.Pattern[str]:
    """Return a pattern that finds known labels inside a line."""
    known = sorted({fold(label) for role in _ROLES for label in load("labels")[role]}, key=len)
    alternatives = "|".join(re.escape(label) for label in reversed(known))
    return re.compile(rf"(?<!\w)({alternatives})\s?[:\uff1a]")
