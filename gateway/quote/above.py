"""Is this the line at the head of our digests: "reply above this line"?

It is printed in the reader's language, clients quote it, and it says itself what it means: what
stands below it is ours. So does the digest's marker right below it, or on the same line, also where
we no longer know what we sent under it.

The trap: somebody may speak of a marker, so it counts alone or with those words only; and whoever
says that they answer further down has not heeded the line.
"""

import re

from gateway.quote.cutmap import Rule
from gateway.quote.inline_answers import answers_below
from gateway.quote.line import Line, marker_in
from gateway.quote.sheet import Sheet
from gateway.quote.words import fold, holds, words

_SHORTEST, _LONGEST = 6, 120
_LONGEST_PHRASE = 50
_DRAWN = 4
_MARK = re.compile(r"\[?\brjd-[0-9a-f]{12}(?![0-9a-f])\]?")
_EDGES = " -_=*#>\u2014\u2013.:!~[]()"


def fold_below_the_line(sheet: Sheet) -> None:
    """Fold the line, and what is below it unless that is quoted and judged line by line."""
    for at, line in enumerate(sheet.lines):
        if not _SHORTEST < len(line.bare) <= _LONGEST and not line.hidden:
            continue  # blank lines and long ones are many, and the call is felt
        if is_the_line(line) and at not in sheet.fenced:
            sheet.fold(at, Rule.ABOVE, "the line to reply above")
            quoted = line.depth > 0 or sheet.rules[at] is Rule.SENT
            if not quoted and sheet.any_written(0, at) and not answers_below(sheet, at):
                sheet.fold_history(range(at + 1, len(sheet)), Rule.ABOVE, "below that line")
            return


def is_the_line(line: Line) -> bool:
    """Whether a line is the one to reply above."""
    bare = line.bare
    if len(bare) <= _LONGEST and marker_in(line):
        bare = _MARK.sub("", bare).strip()
        if not bare.strip(_EDGES):
            return True
    if not _SHORTEST < len(bare) <= _LONGEST:
        return False
    length = len(bare.strip(_EDGES))
    if length > _LONGEST_PHRASE and length > len(bare) - _DRAWN and bare.isascii():
        # Most lines: too long for a phrase, and nothing drawn around them.
        return False
    text = (line.folded if bare is line.bare else fold(bare)).strip(_EDGES)
    if text in words("above", "phrases"):
        return True
    drawn = len(bare) - len(text) >= _DRAWN
    return drawn and holds(text, "above", "phrases")
