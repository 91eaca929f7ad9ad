"""Which blocks end the sender's own words, and which one begins them?

A block is some lines without a blank one, a drawn line or a sign-off between them: a card, a
disclaimer, a motto. Only where a signature could stand is looked at: the last blocks of the last
two stretches of their own, above the history and below it, and the very first block.

The trap: whoever repeats an answer or an order word for word has not signed with it. So a block
knows what stands around it, and whoever compares asks for more than that it came before.
"""

import re
from dataclasses import dataclass, replace

from gateway.quote.cutmap import Rule
from gateway.quote.line import Line, LineRole
from gateway.quote.sheet import Sheet
from gateway.quote.words import fold, pattern, words

_MOST = 5  # blocks of a stretch
_MOST_LINES = 40  # of a block: no signature is longer
_LONGEST = 4_000  # letters of a block
_LEAST = 3  # letters: fewer are drawn, as a line of dashes is
_RULE = re.compile(r"[-_=~*#+.\u2014\u2013\u2500-\u257f\s]{2,200}$")
_UNSAID = re.compile(r"[\W_]+")
# An address, a page, a telephone number that begins as they do. No number alone: orders have them.
_CONTACT = re.compile(r"@[\w-]+\.|https?://|www\.|(?:\+|\(?0)\d[\d\s()/.-]{5,18}\d")
_DECORATION = " ,.*_-~=|/\\<>()[]\u2014\u2013\u2022\u00b7"
_OWN = frozenset({None, Rule.SIGNATURE, Rule.TAGLINE, Rule.NOTICE, Rule.KNOWN})
_QUOTE = LineRole.QUOTE


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of the sender's, from ``start`` up to but without ``end``.

    ``text``: its words for comparison; digits stay. ``closed``: it stands below a sign-off or a
    drawn line; ``named``: it begins with the sender's name, or stands below such a block or a
    card. ``signs_off``: a sign-off follows at once, or later in its stretch.
    ``foot``: it stands below the history, and words of theirs above. ``above``: the line above it
    that is not blank, or -1.
    """

    start: int
    end: int
    text: str
    closed: bool = False
    named: bool = False
    signs_off: bool = False
    foot: bool = False
    above: int = -1


def tails(sheet: Sheet, names: frozenset[str]) -> list[list[Block]]:
    """Return the last blocks of the last two stretches, each from the top, the lower one first.

    ``names``: what the sender calls themselves, folded.
    """
    found: list[list[Block]] = []
    at = len(sheet) - 1
    while at >= 0 and len(found) < 2:
        if not sheet.lines[at].bare or not _is_own(sheet, at):
            at -= 1
            continue
        start = _begin(sheet, at)
        found.append(_placed(sheet, _blocks(sheet, start, at + 1), names))
        at = start - 1
    if len(found) > 1:
        found[0] = [replace(one, foot=True) for one in found[0]]
    return found


def first(sheet: Sheet) -> Block | None:
    """Return the block that begins the mail, if it is the sender's."""
    start = sheet.next_line(0)
    if start >= len(sheet) or not _is_own(sheet, start):
        return None
    end = start
    while end < len(sheet) and sheet.lines[end].bare and _is_own(sheet, end):
        end += 1
    return _block(sheet, start, end)


def frame(sheet: Sheet, block: Block) -> range:
    """Return the lines of a block, with those drawn right above and below it."""
    start, end = block.start, block.end
    if start > 0 and _is_drawn(sheet.lines[start - 1]):
        start -= 1
    if end < len(sheet) and _is_drawn(sheet.lines[end]):
        end += 1
    return range(start, end)


def is_closing(line: Line) -> bool:
    """Whether a line is a sign-off, whatever follows it on the line but a name."""
    text = line.folded[:60].strip(" ,.!-\uff0c\u3002*_")
    return text in words("signoffs")


def is_greeting(line: Line) -> bool:
    """Whether a line greets: short, and as greetings begin, or ended by a comma."""
    text = line.folded
    if len(text) > 60:
        return False
    if text.endswith((",", "\uff0c", "\u3001")) and text.count(" ") <= 4:
        return True
    return pattern("blocks", "greetings", text).match(text) is not None


def is_card(sheet: Sheet, block: Block) -> bool:
    """Whether a block gives how to reach somebody, in short lines that are no sentences."""
    lines = [sheet.lines[at] for at in range(block.start, block.end)]
    if len(lines) < 2 or any(_is_prose(line) for line in lines):
        return False
    return any(_CONTACT.search(line.bare) for line in lines)


def is_announced(sheet: Sheet, block: Block) -> bool:
    """Whether the line above says that what follows is what they want to say."""
    if block.above < 0:
        return False
    text = sheet.lines[block.above].folded.rstrip(" *_")
    if text.endswith((":", "\uff1a")):
        return True
    return len(text) <= 200 and pattern("blocks", "announcing", text).search(text) is not None


def is_worth_it(sheet: Sheet, block: Block) -> bool:
    """Whether a block is worth remembering: one short line says what everybody says."""
    if block.end - block.start > 1 or block.closed or block.named or len(block.text) >= 40:
        return True
    return _CONTACT.search(sheet.lines[block.start].bare) is not None


def _is_own(sheet: Sheet, at: int) -> bool:
    line = sheet.lines[at]
    return sheet.rules[at] in _OWN and not line.depth and line.role is not _QUOTE


def _begin(sheet: Sheet, last: int) -> int:
    """Return where the stretch of the sender's own begins that ends at a line."""
    at = last
    while at > 0 and (not sheet.lines[at - 1].bare or _is_own(sheet, at - 1)):
        at -= 1
    return sheet.next_line(at)


def _blocks(sheet: Sheet, start: int, end: int) -> list[Block]:
    """Return the last blocks of a stretch, from the top."""
    found: list[Block] = []
    at = end
    while at > start and len(found) < _MOST:
        at -= 1
        if _parts(sheet.lines[at]):
            continue
        last = at + 1
        while at > start and last - at < _MOST_LINES and not _parts(sheet.lines[at - 1]):
            at -= 1
        found.append(_block(sheet, at, last))
    return [one for one in reversed(found) if one.text]


def _parts(line: Line) -> bool:
    """Whether a line stands between blocks: blank, drawn, a sign-off."""
    return not line.bare or _is_drawn(line) or is_closing(line)


def _is_drawn(line: Line) -> bool:
    return _RULE.match(line.bare) is not None


def _block(sheet: Sheet, start: int, end: int) -> Block:
    said = " ".join([sheet.lines[at].bare for at in range(start, end)])[:_LONGEST]
    text = _UNSAID.sub(" ", fold(said)).strip()
    return Block(start, end, text if len(text) >= _LEAST else "".join(said.split()))


def _placed(sheet: Sheet, blocks: list[Block], names: frozenset[str]) -> list[Block]:
    """Tell each block what stands around it."""
    placed: list[Block] = []
    closed, named, at = False, False, blocks[0].start - 1 if blocks else 0
    while at >= 0 and not sheet.lines[at].bare:
        at -= 1
    above = at if at >= 0 and _is_own(sheet, at) else -1
    for block in blocks:
        between = range(above if above >= 0 else block.start, block.start)
        closed = closed or any(sheet.lines[i].bare and _parts(sheet.lines[i]) for i in between)
        top = sheet.lines[block.start : min(block.end, block.start + 2)]
        named = named or any(_names(line, names) for line in top)
        at = _above(sheet, block.start)
        placed.append(replace(block, closed=closed, named=named, above=at))
        named, above = named or is_card(sheet, block), block.end - 1
    last = max((i for i, one in enumerate(placed) if _ends_in_closing(sheet, one)), default=-1)
    return [replace(one, signs_off=i <= last) for i, one in enumerate(placed)]


def _names(line: Line, names: frozenset[str]) -> bool:
    """Whether a line is the sender's name, with a title at most."""
    text = line.folded.strip(_DECORATION)
    return text in names or any(" " in name and text.startswith(name) for name in names)


def _above(sheet: Sheet, start: int) -> int:
    """Return the line above that is neither blank nor drawn; -1 if it is none of the sender's."""
    at = start - 1
    while at >= 0 and (not sheet.lines[at].bare or _is_drawn(sheet.lines[at])):
        at -= 1
    return at if at >= 0 and _is_own(sheet, at) else -1


def _ends_in_closing(sheet: Sheet, block: Block) -> bool:
    """Whether the next line below a block that says something is a sign-off."""
    after = sheet.next_line(block.end)
    return after < len(sheet) and is_closing(sheet.lines[after])


def _is_prose(line: Line) -> bool:
    text = line.bare
    return len(text) > 100 or (text.endswith((".", "!", "?", "\u3002")) and text.count(" ") >= 3)
