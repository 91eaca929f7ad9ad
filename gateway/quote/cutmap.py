"""Which lines were kept, which were folded, and by which rule?

The cut map is the whole mail, line by line, in order: kept and folded lines together are the text.
Nothing is deleted, only folded, so a page can offer "show the rest" and a person can be told why.
"""

from enum import StrEnum
from typing import NamedTuple


class Rule(StrEnum):
    """The rule that kept or folded a line. The value is stable: it is stored and shown."""

    WRITTEN = "written"
    CONTEXT = "context"
    BLANK = "blank"
    SENT = "sent"
    MARKER = "marker"
    ABOVE = "above-line"
    STRUCTURE = "structure"
    QUOTED = "quoted"
    ATTRIBUTION = "attribution"
    HEADER = "header-block"
    SEPARATOR = "separator"
    FORWARD = "forward"
    HISTORY = "history"
    SIGNATURE = "signature"
    TAGLINE = "tagline"
    NOTICE = "notice"
    LIMIT = "limit"


class Cut(NamedTuple):
    """One line of the mail and what became of it. There is one for every line: made cheaply."""

    text: str
    kept: bool
    rule: Rule
    reason: str = ""
