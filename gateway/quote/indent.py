"""Is the whole mail indented, as some clients do when a draft was itself a quote?

Then every line stands in one quote element and none outside. If the text inside has a reply's
structure of its own, the outermost level is an indent and comes off.
"""

from dataclasses import replace

from gateway.quote.line import Line, LineRole


def indented(lines: list[Line]) -> bool:
    """Whether no line stands outside a quote element, and the first ones are only one level in."""
    written = [line for line in lines if not line.blank]
    return bool(written) and all(line.depth for line in written) and written[0].depth == 1


def peel(lines: list[Line]) -> list[Line]:
    """Take one level of quoting off every line."""
    return [_peeled(line) for line in lines]


def _peeled(line: Line) -> Line:
    role = line.role if line.depth > 1 or line.role is not LineRole.QUOTE else None
    return replace(line, depth=max(0, line.depth - 1), role=role)
