"""Which line breaks of a format=flowed text did the sender mean?

RFC 3676: a line that ends in a space flows into the next one of the same quote depth; DelSp says
that this last space is not part of the text; one leading space was stuffed and comes off.

The trap: "-- " is a signature line and never flows (RFC 3676, 4.3).
"""


def unflow(text: str, *, delsp: bool = False) -> str:
    """Return the text with its soft line breaks joined."""
    out: list[str] = []
    pending: tuple[int, list[str]] | None = None
    for line in text.split("\n"):
        depth, content = _split(line)
        soft = content.endswith(" ") and content != "-- "
        piece = content[:-1] if soft and delsp else content
        if pending is not None and (pending[0] != depth or content == "-- "):
            out.append(_write(*pending))
            pending = None
        if pending is None:
            pending = (depth, [])
        pending[1].append(piece)
        if not soft:
            out.append(_write(*pending))
            pending = None
    if pending is not None:
        out.append(_write(*pending))
    return "\n".join(out)


def _split(line: str) -> tuple[int, str]:
    """Return quote depth and content of a line, its stuffed space removed (RFC 3676, 4.4)."""
    line = line.rstrip("\r")
    content = line.lstrip(">")
    depth = len(line) - len(content)
    return depth, content.removeprefix(" ")


def _write(depth: int, pieces: list[str]) -> str:
    """Write a joined paragraph with its quote prefix."""
    content = "".join(pieces)
    return f"{'>' * depth} {content}" if depth else content
