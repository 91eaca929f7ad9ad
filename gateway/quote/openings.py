"""Where could history begin?

Every line outside quotes is asked once whether a divider, a header block, a client's mark or an
attribution begins or ends at it. Whether the opening is the sender's own is asked afterwards
(gateway/quote/pasted.py), when all of them are known.

The trap: what stands inside a quote is the quote's own, so nothing there may open anything.
"""

from gateway.quote.attribution import Attributions, wrapped_end
from gateway.quote.cutmap import Rule
from gateway.quote.dateless import dateless_at, groupwise_at
from gateway.quote.header import header_starting
from gateway.quote.line import LineRole
from gateway.quote.loose_header import loose_header_at
from gateway.quote.separator import separator_at
from gateway.quote.sheet import Opening, Sheet

# Asked of every line, where looking a member up in its enum would cost more than the rest.
_QUOTE = LineRole.QUOTE
_ENDS = (">>>", ":", "\uff1a")  # of an opening behind a mark


def find_openings(sheet: Sheet, names: tuple[str, ...]) -> dict[int, Opening]:
    """Return every opening by its first line. Those within quotes are the quote's own."""
    openings: dict[int, Opening] = {}
    attributions = Attributions(sheet, names)
    busy = -1
    for at, line in enumerate(sheet.lines):
        if not line.bare or line.role is _QUOTE or sheet.rules[at] is not None:
            continue
        if at in sheet.fenced:
            continue
        if line.depth:
            # Most lines of most mails end as no opening does.
            if not line.bare.endswith(_ENDS):
                continue
            found = _behind_a_mark(sheet, at, attributions)
        else:
            found = _at(sheet, at, attributions, header=at >= busy)
        if found is not None and found.start >= busy:
            openings[found.start] = found
            busy = found.end
    return openings


def _at(sheet: Sheet, at: int, attributions: Attributions, *, header: bool) -> Opening | None:
    """Return the opening that begins or ends on a line outside quotes, strongest first."""
    found = separator_at(sheet, at) or (header_starting(sheet, at) if header else None)
    if found is None and sheet.lines[at].opens:
        found = _structural(sheet, at)
    found = found or attributions.ending(at)
    if found is None and "@" in sheet.lines[at].bare:
        found = loose_header_at(sheet, at)
    return found or dateless_at(sheet, at, attributions.names)


def _behind_a_mark(sheet: Sheet, at: int, attributions: Attributions) -> Opening | None:
    """Return an opening on a line that only looks quoted: a ``>`` wrapped away, or GroupWise's."""
    line = sheet.lines[at]
    if line.bare.endswith(">>>"):
        return groupwise_at(sheet, at)
    found = attributions.ending(at) if wrapped_end(line) else None
    # With a mark on its first line, too, it is the quote's own.
    return found if found is not None and not sheet.lines[found.start].depth else None


def _structural(sheet: Sheet, at: int) -> Opening | None:
    """Return the opening that the HTML marks here; one known by its looks needs a label."""
    line = sheet.lines[at]
    if line.opens.startswith("?") and not line.label:
        return None
    return Opening(at, at, Rule.STRUCTURE, line.opens.lstrip("?"))
