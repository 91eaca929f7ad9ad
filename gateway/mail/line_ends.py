"""Are the lines of a mail as RFC 5321 wants them? Asked of octets, in time that grows with them.

No list of lines is made: a mail of nothing but line ends has ten million of them.
"""


def has_bare_newline(octets: bytes | bytearray) -> bool:
    """Whether a CR or LF stands alone (RFC 5321, 2.3.8)."""
    # Each pair has one of both, so any more of either stands alone: no need to look where.
    pairs = octets.count(b"\r\n")
    return octets.count(b"\n") != pairs or octets.count(b"\r") != pairs


def has_long_line(octets: bytes | bytearray, longest: int) -> bool:
    """Whether a line is longer than even a lenient reader takes, its end not counted."""
    start = 0
    while len(octets) - start > longest:  # in steps of that length
        end = octets.rfind(b"\r\n", start, start + longest + 2)
        if end < 0:
            return True
        start = end + 2
    return False
