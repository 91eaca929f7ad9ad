"""Is a paragraph at the end worded as what lawyers, lists, scanners, providers and carriers add?

The wordings are data (notices.toml, footers.toml). An opening alone is telling only if it is long,
if the paragraph goes on as theirs do, or if a line is drawn above it (``ruled``).

The trap: people open sentences so, too: "This email is confidential, do not tell Ann." Who speaks
of himself or asks is a person, and what is shorter than a notice stays in doubt.
"""

import re

from gateway.quote.banner_sentence import of_a_person
from gateway.quote.details import has_link
from gateway.quote.line import Line, asked_once
from gateway.quote.words import beginning, fold, holds, opening, parts, stems, words

_LIST_LINK = re.compile(
    r"listinfo|[-+.]unsubscribe@|unsubscribe[-+.@]|/unsubscribe|[-+]leave@|[-+]request@"
    r"|groups\.google\.com|googlegroups\.com|groups\.io/|/mailman|/sympa|/hyperkitty|/postorius"
    r"|/mailman/options/|/sub(?:request|scribe)|yahoogroups|lists?\.[\w-]{1,60}\.\w"
)
EDGES = " *_-~>|\"'«»„“”()[]{}:;.!\u2022\u25cf\u26a0\ufe0f\U0001f6e1"
_LONGEST_LINE = 600
_SHORT_BLOCK = 4  # lines
_TELLING = 4  # words of an opening that nobody writes by chance
_LONGEST_LIST_FOOTER = 700
_LONGEST_SERVICE_FOOTER = 900
_LONG_NOTICE = 240  # characters, octets in UTF-8 for the half: nobody types so much of it
_LONGEST_WORDED = 4_000
_WORDINGS = 3
_WORDINGS_RULED = 2


@asked_once
def is_heading(line: Line) -> bool:
    """Whether a line is the heading of a legal notice, between stars or not."""
    return line.folded.strip(EDGES + "#=") in words("notices", "legal_headings")


def is_legal(text: str, lines: list[Line], *, ruled: bool) -> bool:
    """Whether it is a notice of confidentiality, or asks to save paper."""
    if is_heading(lines[0]) and len(lines) > 1:
        return _wordings(text, 0) > 0 and not of_a_person(text)
    if opening("notices", "legal_openings", text):
        return ruled or _goes_on(text)
    if not ruled and len(text.encode()) < _LONG_NOTICE // 2:
        return False
    return _wordings(text, 0) >= (_WORDINGS_RULED if ruled else _WORDINGS) and not of_a_person(text)


def is_worded(lines: list[Line]) -> bool:
    """Tell whether lines are worded as a notice at all, and nobody speaks of himself in them."""
    if is_spoken(lines):
        return False
    text = " ".join(line.folded for line in lines)[:_LONGEST_WORDED].strip(EDGES)
    return opening("notices", "legal_openings", text) or _wordings(text, 0) > 0


def is_spoken(lines: list[Line]) -> bool:
    """Tell whether somebody speaks of himself in lines."""
    return _says_i(lines) or of_a_person(" ".join(line.folded for line in lines)[:_LONGEST_WORDED])


def _wordings(text: str, at: int) -> int:
    """Count the different wordings of notices in a text from a character on."""
    return len({found.group() for found in parts("notices", "legal", text).finditer(text, at)})


def _goes_on(text: str) -> bool:
    """Whether it goes on as a notice does behind its opening words, not as a person's sentence."""
    if opening("notices", "whole_notices", text):
        return True
    begin = beginning("notices", "legal_openings", text)
    at = begin.end() if begin else 0
    if of_a_person(text[at:]):
        return _wordings(text, at) >= _WORDINGS
    if len(text) > _LONG_NOTICE or _wordings(text, at):
        return True
    return parts("notices", "after_openings", text).search(text, at) is not None


def is_of_a_list(text: str, *, ruled: bool) -> bool:
    """Whether it is the footer of a mailing list."""
    if opened := _opened(text, "notices", "list_openings"):
        if ruled and _words_in(opened) >= _TELLING:
            return True
        return _LIST_LINK.search(text) is not None and (ruled or not _is_said(text, opened))
    if not ruled or len(text) > _LONGEST_LIST_FOOTER:
        return False
    return _LIST_LINK.search(text) is not None and holds(text, "notices", "lists")


def is_of_a_service(text: str, lines: list[Line], *, ruled: bool) -> bool:
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
    if not has_link(text):
        return named and _words_in(opened) >= _TELLING
    return telling or (named and not _is_said(text, opened) and not _says_i(lines))


def _opened(text: str, name: str, key: str) -> str:
    """Return the wording that a text opens with; empty if it opens with none."""
    found = beginning(name, key, text) if opening(name, key, text) else None
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


def is_service_line(line: Line) -> bool:
    """Whether a single line is a scanner's, a provider's or a notice's from its first word."""
    text = fold(line.bare[:_LONGEST_LINE]).strip(EDGES)
    opened = _opened(text, "footers", "openings")
    telling = _words_in(opened) >= _TELLING - 1 or (opened and holds(text, "footers", "gateways"))
    return bool(telling) or opening("notices", "legal_openings", text)
