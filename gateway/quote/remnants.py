"""What did wrapping leave of a quoted line, without a mark of its own?

A program that breaks lines after it has quoted them marks only the first piece of each. Whoever
writes into a conversation can choose where that is, so that the rest, "Accepted.", would stand as
an answer. What we sent tells: a rest goes on in the same line of it, and ends with that line, or
where the next quoted line goes on.

The trap: an answer may stand right below a quoted line, in words that came next. So a piece above
that is a whole line of ours has no rest, and neither has a short one, unless the quotation goes on
right behind the rest.
"""

from gateway.quote.line import Line
from gateway.quote.sent import SentEvidence, letters_of, weight_of
from gateway.quote.sheet import Sheet

_LEAST_WIDTH = 56  # letters of the piece, its mark, and the word that had no room: nobody sets less
_LONG = 50
_TAIL = 24  # letters of what stands above by which its place is found
_NEXT = 12
_FULL_STOPS = (".", "!", "?", "\u3002")


def remnants_of(sheet: Sheet, evidence: SentEvidence) -> frozenset[int]:
    """Return the lines without a quote mark that are the rest of quoted lines."""
    found: set[int] = set()
    above = ""  # the letters of the line above and of those whose rest it is
    for at in range(1, len(sheet)):
        line, before = sheet.lines[at], sheet.lines[at - 1]
        if line.depth or not line.bare or line.role or at in sheet.fenced:
            continue
        if at - 1 not in found:
            if not before.depth or before.role:
                continue
            above = letters_of(before.bare)
        if _is_rest(sheet, at, above, evidence):
            found.add(at)
            above += letters_of(line.bare)
    return frozenset(found)


def _is_rest(sheet: Sheet, at: int, above: str, evidence: SentEvidence) -> bool:
    """Whether a line is the rest of what stands above it, whose letters are given."""
    line, before = sheet.lines[at], sheet.lines[at - 1]
    if not above:
        return _is_word_without_room(sheet, line, evidence)
    if before.depth and not (before.folded in evidence.lines or weight_of(before, evidence)):
        # It is not ours: its looks are all there is.
        return len(before.bare) >= _LONG and not before.bare.endswith(_FULL_STOPS)
    if before.folded in evidence.lines:
        return False
    rest, after = letters_of(line.bare), sheet.next_line(at + 1)
    following = letters_of(sheet.lines[after].bare) if after < len(sheet) else ""
    if not rest or following.startswith(rest):
        return False
    sought = above[-_TAIL:] + rest
    if following and any(sought + following[:_NEXT] in flow for flow in evidence.flows):
        return True
    first = line.bare.partition(" ")[0]
    is_full = len(before.shown) + 1 + len(first) >= _LEAST_WIDTH
    return is_full and any(_ends(flow, sought) for flow in evidence.flows)


def _ends(flow: str, sought: str) -> bool:
    """Whether letters stand in a text up to the end of a line."""
    return f"{sought}\n" in flow or flow.endswith(sought)


def _is_word_without_room(sheet: Sheet, line: Line, evidence: SentEvidence) -> bool:
    """Whether a line of ours is one long word below a mark that stands alone: a link, mostly."""
    if len(line.bare) < _LONG or " " in line.bare or line.folded not in evidence.lines:
        return False
    return not any(one.depth and one.bare == line.bare for one in sheet.lines)
