"""Does the mail end with what lists, scanners, providers and lawyers put below people's words?

A footer is a block of its own at the very end: paragraphs that are theirs from their first word,
or that stand below a drawn line and name a product, a list or a page. It is matched as a whole
block. A word of lists or of law in somebody's sentence is no footer, wherever it stands.

The trap: everybody writes of mailing lists, viruses and confidential things. So a paragraph needs
its opening, or two wordings, or the line above it and one; in doubt it stays.
"""

import re
from dataclasses import dataclass

from gateway.quote.banner_sentence import of_a_person
from gateway.quote.line import Line, asked_once
from gateway.quote.sheet import Sheet
from gateway.quote.words import fold, holds, opening, parts, stems, words

_RULE = re.compile(r"[-_=~*#\u2014\u2013\u2500\u2501\u2550]{2,200}(?:\s{1,3}[-_=~*#]{2,200}){0,9}$")
_LINK = re.compile(r"(?:https?://|www\.)\S|[^\s@]{1,64}@[\w.-]{2,200}")
_LIST_LINK = re.compile(
    r"listinfo|[-+.]unsubscribe@|unsubscribe[-+.@]|/unsubscribe|[-+]leave@|[-+]request@"
    r"|groups\.google\.com|googlegroups\.com|groups\.io/|/mailman|/sympa|/hyperkitty|/postorius"
    r"|/mailman/options/|/sub(?:request|scribe)|yahoogroups|lists?\.[\w-]{1,60}\.\w"
)
_EDGES = " *_-~>|\"'«»„“”()[]{}:;.!\u2022\u25cf\u26a0\ufe0f\U0001f6e1"
_DRAWN_IN_LINE = ("_____", "-----", "=====", "*****", "#####")
_MOST_BLOCKS = 8
_MOST_LINES = 40
_LONGEST_BLOCK = 6_000
_SHORT_BLOCK = 4
_TELLING = 4  # words of an opening that nobody writes by chance
_LONGEST_LIST_FOOTER = 700
_LONGEST_SERVICE_FOOTER = 900
_LONG_NOTICE = 240  # characters, octets in UTF-8 for the half: nobody types so much of it
_WORDINGS = 3
_WORDINGS_RULED = 2


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph at the end: its lines by number, and whether a drawn line stands above it."""

    lines: list[int]
    ruled: bool
    top: int


def footer_start(sheet: Sheet, written: list[int]) -> int | None:
    """Return the line at which the footer below some written lines begins, None without one."""
    begin = None
    ends: list[_Block] = []
    for block in _blocks(sheet, written[-_MOST_LINES:]):
        if not _all_at_hand(sheet, block):
            break
        if is_footer(sheet, block, below=begin is not None):
            begin = block.top
            ends.clear()
        elif not _may_follow_one(sheet, block):
            break
        else:
            ends.append(block)
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


def is_drawn(line: Line) -> bool:
    """Whether a line is drawn: dashes, underscores, stars, at most with a heading in the middle."""
    sign = line.bare[:1]
    if not sign or sign.isalnum():
        return False
    if _RULE.match(line.bare) is not None:
        return True
    if line.bare[:3] != 3 * sign or line.bare[-3:] != 3 * sign:
        return False
    return _is_heading(line)


@asked_once
def _is_heading(line: Line) -> bool:
    """Whether a line is the heading of a legal notice, between stars or not."""
    return line.folded.strip(_EDGES + "#=") in words("notices", "legal_headings")


def _all_at_hand(sheet: Sheet, block: _Block) -> bool:
    """Whether a block is of the sender's mail and not of a quote that stays, and no code."""
    return all(not sheet.lines[at].depth and at not in sheet.fenced for at in block.lines)


def is_footer(sheet: Sheet, block: _Block, *, below: bool) -> bool:
    """Tell whether a block was put below the sender's words; ``below``: another stands below."""
    lines = [sheet.lines[at] for at in block.lines]
    text = " ".join(line.folded for line in lines)[:_LONGEST_BLOCK].strip(_EDGES)
    text = text.removeprefix("p ")  # Webdings shows it as a tree
    ruled = block.ruled or lines[0].bare.startswith(_DRAWN_IN_LINE)
    headed = ruled and _is_heading(sheet.lines[block.top])
    headed = headed or (below and len(lines) == 1 and _is_heading(lines[0]))
    return (
        headed
        or _is_legal(text, lines, ruled=ruled)
        or _is_of_a_list(text, ruled=ruled or below)
        or _is_of_a_service(text, lines, ruled=ruled)
    )


def _is_legal(text: str, lines: list[Line], *, ruled: bool) -> bool:
    """Whether it is a notice of confidentiality, or asks to save paper."""
    if _is_heading(lines[0]) and len(lines) > 1:
        return _wordings(text, 0) > 0 and not of_a_person(text)
    if opening("notices", "legal_openings", text):
        return ruled or _goes_on(text)
    if not ruled and len(text.encode()) < _LONG_NOTICE // 2:
        return False
    return _wordings(text, 0) >= (_WORDINGS_RULED if ruled else _WORDINGS) and not of_a_person(text)


def _wordings(text: str, at: int) -> int:
    """Count the different wordings of notices in a text from a character on."""
    return len({found.group() for found in parts("notices", "legal", text).finditer(text, at)})


def _goes_on(text: str) -> bool:
    """Whether it goes on as a notice does behind its opening words, not as a person's sentence."""
    if opening("notices", "whole_notices", text):
        return True
    begin = parts("notices", "legal_openings", text).match(text)
    at = begin.end() if begin else 0
    if of_a_person(text[at:]):
        return _wordings(text, at) >= _WORDINGS
    if len(text) > _LONG_NOTICE or _wordings(text, at):
        return True
    return parts("notices", "after_openings", text).search(text, at) is not None


def _is_of_a_list(text: str, *, ruled: bool) -> bool:
    """Whether it is the footer of a mailing list."""
    if opened := _opened(text, "notices", "list_openings"):
        if ruled and _words_in(opened) >= _TELLING:
            return True
        return _LIST_LINK.search(text) is not None and (ruled or not _is_said(text, opened))
    if not ruled or len(text) > _LONGEST_LIST_FOOTER:
        return False
    return _LIST_LINK.search(text) is not None and holds(text, "notices", "lists")


def _is_of_a_service(text: str, lines: list[Line], *, ruled: bool) -> bool:
    """Whether a scanner, a provider or a carrier says what it did with the mail."""
    if len(lines) > 2 * _SHORT_BLOCK or len(text) > _LONGEST_SERVICE_FOOTER:
        return False
    opened = _opened(text, "footers", "openings")
    if not opened and (not ruled or len(lines) > _SHORT_BLOCK):
        return False
    if not ruled and _is_said(text, opened):
        return False
    telling = _words_in(opened) >= _TELLING - 1
    if ruled and (telling or (opened and holds(text, "footers", "gateways"))):
        return True
    named = stems("footers", "products", text).search(text) is not None
    if _LINK.search(text) is None:
        return named and _words_in(opened) >= _TELLING
    return telling or (named and not _is_said(text, opened) and not _says_i(lines))


def _opened(text: str, name: str, key: str) -> str:
    """Return the wording that a text opens with; empty if it opens with none."""
    found = parts(name, key, text).match(text) if opening(name, key, text) else None
    return found.group() if found else ""


def _words_in(wording: str) -> int:
    """Count the words of a wording; scripts without spaces have one in two letters."""
    return max(wording.count(" ") + 1 if wording else 0, 0 if wording.isascii() else _cjk(wording))


def _cjk(wording: str) -> int:
    return sum(sign >= "\u0e00" for sign in wording) // 2


def _is_said(text: str, opened: str) -> bool:
    """Whether somebody says it: he speaks of himself, or asks."""
    rest = text[len(opened) :]
    return rest.endswith("?") or of_a_person(rest)


def _says_i(lines: list[Line]) -> bool:
    """Whether the English "I" stands in it, which its small letter would not tell from others."""
    return any(line.bare.startswith("I ") or " I " in line.bare for line in lines)


def _may_follow_one(sheet: Sheet, block: _Block) -> bool:
    """Whether a block below a footer may be the rest of it: links and nothing said."""
    return len(block.lines) <= _SHORT_BLOCK and all(
        _is_link_alone(sheet.lines[at]) for at in block.lines
    )


@asked_once
def _is_link_alone(line: Line) -> bool:
    """Whether a line is an address of a page and hardly a word beside it."""
    text = line.folded.strip(_EDGES + "<")
    return _LINK.match(text) is not None and text.count(" ") <= 1


def is_service_line(line: Line) -> bool:
    """Whether a single line is a scanner's, a provider's or a notice's from its first word."""
    text = fold(line.bare[:_LONGEST_BLOCK]).strip(_EDGES)
    opened = _opened(text, "footers", "openings")
    telling = _words_in(opened) >= _TELLING - 1 or (opened and holds(text, "footers", "gateways"))
    return bool(telling) or opening("notices", "legal_openings", text)
