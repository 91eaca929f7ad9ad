"""How are many octets looked at without a copy of all of them? In pieces, one after the other.

What is made of a piece (small letters, fewer signs, a text) is as large as the piece alone. The
trap: what is looked for may stand where two pieces meet, so each may have the beginning of the
next at its end, too, as many octets as make the longest of what is looked for.
"""

from collections.abc import Iterator

PIECE = 64 * 1024  # octets: less costs more steps, and more no longer fits into a core's cache


def pieces(octets: bytes | memoryview, size: int = PIECE, shared: int = 0) -> Iterator[bytes]:
    """Yield octets in pieces of a size, each with so many octets of the next; none of nothing.

    The last is as long as they are together, at most: nothing is looked at alone that the one
    before had whole. ``size`` is 1 or more.
    """
    start, end = 0, len(octets)
    while start < end:
        stop = start + size + shared
        yield bytes(octets[start:stop])  # of octets that are no view it is the piece itself
        start = start + size if stop < end else end
