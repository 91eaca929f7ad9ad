"""Does the mail end with what lists, scanners, providers and lawyers put below people's words?

A footer is a block of its own at the very end: paragraphs that are theirs from their first word,
or that stand below a drawn line and name a product, a list or a page. It is matched as a whole
block. A word of lists or of law in somebody's sentence is no footer, wherever it stands.

The trap: everybody writes of mailing lists, viruses and confidential things. So a paragraph needs
its opening and more, or three wordings, or two below a drawn line; in doubt it stays. What the line
above leads up to ("Invoice to:") is the answer.
"""

from bisect import bisect_left
from dataclasses import dataclass

from gateway.quote import drawn_line
from gateway.quote.announcement import bills, led_up_to
from gateway.quote.details import LINK
from gateway.quote.footer_wording import (
    EDGES,
    is_heading,
    is_legal,
    is_of_a_list,
    is_of_a_service,
)
from gateway.quote.line import Line, asked_once
from gateway.quote.sheet import Sheet
from gateway.quote.words import opening

_MOST_BLOCKS = 8
_MOST_LINES = 40
_LONGEST_BLOCK = 6_000
_MOST_LINKS = 4
_LEAST_OF_A_CARD = 3  # lines: a firm, who leads it, its register


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph at the end: its lines by number, and whether a drawn line stands above it."""

    lines: list[int]
    ruled: bool
    top: int


def footer_start(sheet: Sheet, written: list[int]) -> int | None:
    """Return the line at which the footer below some written lines begins, None without one."""
    begin = None
    for block in _blocks(sheet, written[-_MOST_LINES:]):
        if not _all_at_hand(sheet, block):
            break
        found = is_footer(sheet, block, below=begin is not None)
        if not found and not _may_follow_one(sheet, block):
            break
        if not block.ruled and _is_asked_for(sheet, written, block):
            break
        if found:
            begin = block.top
    return begin if begin is not None and begin > written[0] else None


def _blocks(sheet: Sheet, written: list[int]) -> list[_Block]:
    """Cut the last written lines at blank and at drawn lines; the last block comes first."""
    blocks: list[_Block] = []
    lines: list[int] = []
    above = -1
    for at in written:
        if is_drawn(sheet.lines[at]):
            _close(blocks, lines, above)
            lines, above = [], at
            continue
        if lines and at - lines[-1] > 1:
            _close(blocks, lines, above)
            lines, above = [], -1
        lines.append(at)
    _close(blocks, lines, above)
    return blocks[: -_MOST_BLOCKS - 1 : -1]


def _close(blocks: list[_Block], lines: list[int], above: int) -> None:
    if lines:
        blocks.append(_Block(list(lines), above >= 0, above if above >= 0 else lines[0]))


def _is_asked_for(sheet: Sheet, written: list[int], block: _Block) -> bool:
    """Whether the line above leads up to a block, or speaks of a bill above a firm's card."""
    first = bisect_left(written, block.top)
    if led_up_to(sheet, written, first):
        return True
    lines = [sheet.lines[at] for at in block.lines]
    if first < 1 or len(lines) < _LEAST_OF_A_CARD or any(len(one.bare) > 80 for one in lines):
        return False
    return bills(sheet.lines[written[first - 1]]) and not opening(
        "notices", "legal_openings", lines[0].folded
    )


def is_drawn(line: Line) -> bool:
    """Whether a line is drawn: dashes, underscores, stars, at most with a heading in the middle."""
    sign = line.bare[:1]
    if not sign or sign.isalnum():
        return False
    if drawn_line.stretched(line.bare):
        return True
    if line.bare[:3] != 3 * sign or line.bare[-3:] != 3 * sign:
        return False
    return is_heading(line)


def _all_at_hand(sheet: Sheet, block: _Block) -> bool:
    """Whether a block is of the sender's mail and not of a quote that stays, and no code."""
    return all(not sheet.lines[at].depth and at not in sheet.fenced for at in block.lines)


def is_footer(sheet: Sheet, block: _Block, *, below: bool) -> bool:
    """Tell whether a block was put below the sender's words; ``below``: another stands below."""
    lines = [sheet.lines[at] for at in block.lines]
    text = " ".join(line.folded for line in lines)[:_LONGEST_BLOCK].strip(EDGES)
    text = text.removeprefix("p ")  # Webdings shows it as a tree
    ruled = block.ruled or drawn_line.begun(lines[0].bare)
    headed = ruled and is_heading(sheet.lines[block.top])
    headed = headed or (below and len(lines) == 1 and is_heading(lines[0]))
    return (
        headed
        or is_legal(text, lines, ruled=ruled)
        or is_of_a_list(text, ruled=ruled or below)
        or is_of_a_service(text, lines, ruled=ruled)
    )


def _may_follow_one(sheet: Sheet, block: _Block) -> bool:
    """Whether a block below a footer may be the rest of it: links and nothing said."""
    return len(block.lines) <= _MOST_LINKS and all(
        _is_link_alone(sheet.lines[at]) for at in block.lines
    )


@asked_once
def _is_link_alone(line: Line) -> bool:
    """Whether a line is an address of a page and hardly a word beside it."""
    text = line.folded.strip(EDGES + "<")
    return LINK.match(text) is not None and text.count(" ") <= 1
