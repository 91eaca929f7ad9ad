"""Where does a header block stand that is hardly one?

Some clients leave only "From: ann@example.com" of the block, some write it without colons.

The trap: "From: Leeds" and "Email ann@example.com" are what people answer. So a lone line must be a
sender's label with an address and stand between the sender's text and more; a block without colons
must name sender, date and one thing more in adjacent lines, each beginning with a known label.
"""

from gateway.quote.cutmap import Rule
from gateway.quote.header import role_of
from gateway.quote.line import Line, Trait
from gateway.quote.sheet import Opening, Sheet
from gateway.quote.words import fold

_MOST_LINES = 8
_MOST_WORDS = 3
_LONGEST_VALUE = 90
_LEAST_ROLES = 3
_WHEN = Trait.DATE | Trait.TIME


def loose_header_at(sheet: Sheet, at: int) -> Opening | None:
    """Return what is left of a header block on this line, or a block without colons, or None."""
    line = sheet.lines[at]
    if "@" not in line.bare or line.depth or len(line.bare) > _LONGEST_VALUE:
        return None
    return _lone(sheet, at) if line.label else _without_colons(sheet, at)


def _lone(sheet: Sheet, at: int) -> Opening | None:
    """Return a line that names the sender by address, between text above and text below."""
    line = sheet.lines[at]
    if role_of(line.label) != "from" or not _only_address(line.value):
        return None
    if at == 0 or not sheet.lines[at - 1].blank or sheet.next_line(at + 1) >= len(sheet):
        return None
    if at + 1 < len(sheet) and sheet.lines[at + 1].label:
        return None
    return Opening(at, at + 1, Rule.HEADER, "names the sender of another mail", weak=True)


def _only_address(value: str) -> bool:
    """Whether a value is an address, or a name and an address."""
    parts = value.split()
    if not parts or len(parts) > _MOST_WORDS + 1:
        return False
    return "@" in parts[-1] and (len(parts) == 1 or parts[-1][0] in "<([")


def _without_colons(sheet: Sheet, at: int) -> Opening | None:
    """Return a block whose labels have no colons; ``at`` is its line with the sender's address."""
    if _label_before(sheet.lines[at]) != "from":
        return None
    start, end = at, at + 1
    while start > 0 and at - start < _MOST_LINES and _label_before(sheet.lines[start - 1]):
        start -= 1
    while end < len(sheet) and end - at < _MOST_LINES and _label_before(sheet.lines[end]):
        end += 1
    roles = [_label_before(line) for line in sheet.lines[start:end]]
    when = any(line.traits & _WHEN for line in sheet.lines[start:end])
    if not when or "date" not in roles or len(set(roles)) < _LEAST_ROLES:
        return None
    return Opening(start, end, Rule.HEADER, "a block of labels without colons")


def _label_before(line: Line) -> str:
    """Return the role of the label a line begins with, with no colon behind it; empty if none."""
    text = line.bare.lstrip("*_ ")
    if not text or text[0].islower() or line.depth or len(text) > _LONGEST_VALUE:
        return ""
    parts = text.split(None, _MOST_WORDS)
    for count in range(min(_MOST_WORDS, len(parts) - 1), 0, -1):
        if role := role_of(fold(" ".join(parts[:count]).strip("*_"))):
            return role
    return ""
