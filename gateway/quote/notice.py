"""Which lines did machines on the way add: banners above, legal text and list footers below?

They are known by wordings (data/notices.toml). A banner counts only among the first lines, legal
text and list footers only as the last paragraphs.
"""

from gateway.quote.cutmap import Rule
from gateway.quote.line import Line, asked_once
from gateway.quote.sheet import Sheet
from gateway.quote.words import holds, words

_FIRST = 3
_LONGEST_BANNER = 400


def fold_banner(sheet: Sheet) -> None:
    """Fold an external-sender banner among the first lines."""
    at, seen = sheet.next_line(0), 0
    while at < len(sheet) and seen < _FIRST:
        line = sheet.lines[at]
        if sheet.written(at) and _is_banner(line):
            while at < len(sheet) and not sheet.lines[at].blank:
                sheet.fold(at, Rule.NOTICE, "a banner")
                at += 1
                if len(sheet.lines[at - 1].bare) < 60:
                    break
            return
        seen += 1
        at = sheet.next_line(at + 1)


def _is_banner(line: Line) -> bool:
    """Whether a line is a banner's."""
    return len(line.bare) <= _LONGEST_BANNER and holds(line.folded, "notices", "banners")


@asked_once
def is_legal(line: Line) -> bool:
    """Whether a line is of a confidentiality notice, a virus scanner, or asks to save paper."""
    text = line.folded
    if text.strip(" *:-_#") in words("notices", "legal_headings") or "***disclaimer***" in text:
        return True
    return len(text) > 12 and holds(text, "notices", "legal")


@asked_once
def is_list_footer(line: Line) -> bool:
    """Whether a line is of a mailing list's footer."""
    text = line.folded
    return len(text) < 200 and holds(text, "notices", "lists")
