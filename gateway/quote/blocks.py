"""Which blocks end the sender's own words, and which one begins them?

A block is some lines without a blank one, a drawn line or a sign-off between them: a card, a
disclaimer, a motto. Only where a signature could stand is looked at: the last blocks of the last
two stretches of their own, above the history and below it, and the very first block.

The trap: whoever repeats an answer or an order word for word has not signed with it. So a block
knows what stands around it, and whoever compares asks for more than that it came before.
"""

import re
from typing import NamedTuple

from gateway.quote import drawn_line
from gateway.quote.cutmap import Rule
from gateway.quote.line import Line, LineRole
from gateway.quote.sayings import is_closing, is_greeting, is_prose
from gateway.quote.sheet import Sheet
from gateway.quote.words import fold

_MOST = 5  # blocks of a stretch
_MOST_LINES = 40  # of a block: no signature is longer
_LONGEST = 4_000  # letters of a block
_SHORT = 30  # letters
_LEAST = 3  # letters: fewer are drawn, as a line of dashes is
_UNSAID = re.compile(r"[\W_]+")
# An address, a page, a telephone number that begins as they do. No number alone: orders have them.
_CONTACT = re.compile(r"@[\w-]+\.|https?://|www\.|(?:\+|\(?0)\d[\d\s()/.-]{5,18}\d")
_DECORATION = " ,.*_-~=|/\\<>()[]\u2014\u2013\u2022\u00b7"
# Looked through by identity: an enum's member is dear to look up in a set.
_GUESSED = (Rule.SIGNATURE, Rule.TAGLINE, Rule.NOTICE, Rule.KNOWN)
_HISTORY = (Rule.QUOTED, Rule.SENT, Rule.HISTORY, Rule.STRUCTURE)
_QUOTE = LineRole.QUOTE


class Block(NamedTuple):
    """Some lines of the sender's, from ``start`` up to but without ``end``. Made cheaply.

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
    found = _last_stretches(sheet)
    two = len(found) > 1
    return [
        _placed(sheet, start, _spans(sheet, start, end), names, foot=two and place == 0)
        if not _is_short_answer(sheet.lines[start:end])
        else []
        for place, (start, end) in enumerate(found)
    ]


def first(sheet: Sheet) -> Block | None:
    """Return the block that begins the mail, if it is the sender's."""
    start = sheet.next_line(0)
    if start >= len(sheet) or not _is_own(sheet, start):
        return None
    alone = sheet.next_line(start + 1) != start + 1
    if alone and len(sheet.lines[start].bare) < _SHORT:
        return None  # most mails: a greeting, or a short answer
    end = start
    while end < len(sheet) and sheet.lines[end].bare and _is_own(sheet, end):
        end += 1
    return Block(start, end, _text(sheet, start, end))


def frame(sheet: Sheet, block: Block) -> range:
    """Return the lines of a block, with those drawn right above and below it."""
    start, end = block.start, block.end
    if start > 0 and drawn_line.ornate(sheet.lines[start - 1].bare):
        start -= 1
    if end < len(sheet) and drawn_line.ornate(sheet.lines[end].bare):
        end += 1
    return range(start, end)


def greets(line: Line) -> bool:
    """Whether a line greets, or is short and ends with a comma, as greetings do."""
    text = line.folded
    short = len(text) <= 60 and text.count(" ") <= 4
    return is_greeting(line) or (short and text.endswith((",", "\uff0c", "\u3001")))


def is_card(sheet: Sheet, block: Block) -> bool:
    """Whether a block gives how to reach somebody, in short lines that are no sentences."""
    lines = [sheet.lines[at] for at in range(block.start, block.end)]
    if len(lines) < 2 or any(is_prose(line) for line in lines):
        return False
    return any(_CONTACT.search(line.bare) for line in lines)


def is_worth_it(sheet: Sheet, block: Block) -> bool:
    """Whether a block is worth remembering: one short line says what everybody says."""
    if block.end - block.start > 1 or block.closed or block.named or len(block.text) >= 40:
        return True
    return _CONTACT.search(sheet.lines[block.start].bare) is not None


def _is_own(sheet: Sheet, at: int) -> bool:
    rule, line = sheet.rules[at], sheet.lines[at]
    return (rule is None or rule in _GUESSED) and not line.depth and line.role is not _QUOTE


def _last_stretches(sheet: Sheet) -> list[tuple[int, int]]:
    """Return where the last two stretches of the sender's own are, the lower one first."""
    found: list[tuple[int, int]] = []
    lines, rules, begin, end = sheet.lines, sheet.rules, 0, 0
    for at in range(len(lines) - 1, -1, -1):
        if not end and rules[at] in _HISTORY:
            continue  # most lines of most mails
        if not lines[at].bare:
            continue
        if _is_own(sheet, at):
            begin, end = at, end or at + 1
        elif end:
            found.append((begin, end))
            end = 0
            if len(found) == 2:
                return found
    return [*found, (begin, end)] if end else found


def _spans(sheet: Sheet, start: int, end: int) -> list[tuple[int, int]]:
    """Return where the last blocks of a stretch are, from the top."""
    found: list[tuple[int, int]] = []
    lines, last = sheet.lines, -1
    for at in range(end - 1, start - 1, -1):
        parts = _parts(lines[at])
        if last >= 0 and (parts or last - at >= _MOST_LINES):
            found.append((at + 1, last))
            last = -1
            if len(found) == _MOST:
                break
        if not parts and last < 0:
            last = at + 1
    if last >= 0:
        found.append((start, last))
    return found[::-1]


def _parts(line: Line) -> bool:
    """Whether a line stands between blocks: blank, drawn, a sign-off."""
    bare = line.bare
    return not bare or drawn_line.ornate(bare) or (len(bare) <= 70 and is_closing(line))


def _text(sheet: Sheet, start: int, end: int) -> str:
    """Return the words of a block for comparison; of one without a word, what is drawn."""
    lines = sheet.lines
    said = (
        " ".join([lines[at].bare for at in range(start, end)])
        if end - start > 1
        else lines[start].bare
    )
    text = _UNSAID.sub(" ", fold(said[:_LONGEST])).strip()
    return text if len(text) >= _LEAST else "".join(said[:_LONGEST].split())


def _placed(
    sheet: Sheet, first_own: int, spans: list[tuple[int, int]], names: frozenset[str], *, foot: bool
) -> list[Block]:
    """Return the blocks, each told what stands around it."""
    lines, placed = sheet.lines, []
    if len(spans) == 1 and _is_short_answer(lines[spans[0][0] : spans[0][1]]):
        return []
    closed = named = False
    closings = [i for i, (_, end) in enumerate(spans) if _is_followed_by_closing(sheet, end)]
    for place, (start, end) in enumerate(spans):
        above = _above(sheet, start)
        between = range(max(above, first_own), start)
        closed = closed or any(lines[at].bare and _parts(lines[at]) for at in between)
        named = named or any(_names(line, names) for line in lines[start : min(end, start + 2)])
        signs_off = bool(closings) and place <= closings[-1]
        text = _text(sheet, start, end)
        block = Block(start, end, text, closed, named, signs_off, foot, above)
        placed.append(block)
        named = named or is_card(sheet, block)
    return placed


def _is_short_answer(block: list[Line]) -> bool:
    """Whether a stretch is one short line and no more: most answers, and never a signature."""
    if len(block) != 1:
        return False
    bare = block[0].bare
    return len(bare) < _SHORT and _CONTACT.search(bare) is None


def _names(line: Line, names: frozenset[str]) -> bool:
    """Whether a line is the sender's name, with a title at most."""
    text = line.folded.strip(_DECORATION)
    return text in names or any(" " in name and text.startswith(name) for name in names)


def _above(sheet: Sheet, start: int) -> int:
    """Return the line above that is neither blank nor drawn; -1 if it is none of the sender's."""
    at = start - 1
    while at >= 0 and (not sheet.lines[at].bare or drawn_line.ornate(sheet.lines[at].bare)):
        at -= 1
    return at if at >= 0 and _is_own(sheet, at) else -1


def _is_followed_by_closing(sheet: Sheet, end: int) -> bool:
    """Whether the next line below a block that says something is a sign-off."""
    after = sheet.next_line(end)
    return after < len(sheet) and is_closing(sheet.lines[after])
