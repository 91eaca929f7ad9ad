"""Where does a dividing line announce another mail?

"-----Original Message-----", "---------- Forwarded message ---------", "Begin forwarded message:".
Dashes with a word for a message between them, in any language the data knows.

The trap: "I kept the original message on my desk" has the words but not the dashes, and a row of
dashes alone is the sender's own rule.
"""

import re

from gateway.quote import drawn_line
from gateway.quote.cutmap import Rule
from gateway.quote.line import Line, Trait, label_of
from gateway.quote.sheet import Opening, Sheet
from gateway.quote.words import fold, holds, pattern, words

_DIVIDER = re.compile(
    r"[-_=*\u2013\u2014\s]{2,80}([^-_=*\s\u2013\u2014].{1,150}?)[-_=*\u2013\u2014\s]{2,80}$"
)
_RUN_ON = re.compile(r"-{3,40}\s?([^-]{2,60}?)\s?-{3,40}\s?([^-\s].*)")
_MOST_RUN_ON = 600
_DRAWN = tuple("-_=*\u2013\u2014")
_LONGEST = 160
_MOST_WORDS = 5
_SHORT = 40


def separator_at(sheet: Sheet, at: int) -> Opening | None:
    """Return the divider that stands on this line, or None."""
    line = sheet.lines[at]
    if line.bare.startswith("---") and _with_header(line):
        return Opening(at, at + 1, Rule.HEADER, "a divider and a header block on one line")
    if len(line.bare) > _LONGEST:
        return None
    if line.folded.rstrip(" :\uff1a") in words("separators", "forward_lines"):
        return Opening(at, at + 1, Rule.FORWARD, "opens a forwarded mail", forward=True)
    found = _DIVIDER.match(line.bare) if line.bare[:1] in _DRAWN else None
    return _between(line, at, fold(found.group(1))) if found else None


def _between(line: Line, at: int, said: str) -> Opening | None:
    """Judge the words between two drawn stretches."""
    if pattern("separators", "forwards", said).search(said):
        return Opening(at, at + 1, Rule.FORWARD, "announces a forwarded mail", forward=True)
    processed = holds(said, "separators", "processed")
    brief = said.count(" ") < _MOST_WORDS or processed
    if (brief and holds(said, "separators", "words")) or _names_writer(line):
        return Opening(at, at + 1, Rule.SEPARATOR, "announces an earlier mail")
    return None


def _with_header(line: Line) -> bool:
    """Whether a divider runs on into a header block, as some phones write it."""
    found = _RUN_ON.match(line.bare[:_MOST_RUN_ON])
    if found is None or not holds(fold(found.group(1)), "separators", "words"):
        return False
    label = label_of(found.group(2))[0]
    if not label or line.traits & Trait.ADDRESS:
        return bool(label)
    return any(label in words("labels", role) for role in ("from", "date", "to", "subject"))


def _names_writer(line: Line) -> bool:
    """Whether the words between the dashes say that somebody wrote, as Android and Zoho do."""
    if line.traits & Trait.VERB:
        return True
    return pattern("attribution", "verbs", line.folded).search(line.folded) is not None


def is_heading(line: Line) -> bool:
    """Whether a line is a divider's words without dashes, as BlackBerry writes them."""
    return len(line.bare) < _SHORT and line.folded.strip(" *_:") in words("separators", "headings")


def is_rule(line: Line) -> bool:
    """Whether a line is nothing but a drawn rule."""
    return drawn_line.plain(line.bare)
