"""Which lines stand in a fence of code, and is the fence the sender's?

Between two lines that begin with three backticks or tildes (CommonMark, 4.5) stands what the sender
shows: nothing in it is a quote, a signature or an opening, whatever it looks like.

The trap: others in the conversation write fences, too, and an unmarked quote holds them as they
are. So a fence that stands in what we sent, below where that begins, is none; and one that holds a
digest's marker only seems to be one: its ends belong to two people.
"""

from gateway.quote.line import Line, has_marker_shape

_SIGNS = ("```", "~~~")


def fences_of(lines: list[Line]) -> list[range]:
    """Return the fences that are closed again, with the lines that fence."""
    found: list[range] = []
    start = -1
    for at, line in enumerate(lines):
        if line.depth or not line.bare.startswith(_SIGNS):
            continue
        if start < 0:
            start = at
        elif line.bare.startswith(lines[start].bare[:3]):
            fence = range(start, at + 1)
            if not any(has_marker_shape(lines[within]) for within in fence):
                found.append(fence)
            start = -1
    return found
