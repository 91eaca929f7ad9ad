"""Where does a signature begin in a stretch of the sender's text?

Strictly at "-- " (RFC 3676, 4.3). At any other delimiter only if what follows is short, last and
no prose. A tagline, legal text or a list footer only at the end. Contact details only under a name.

The trap: people draw lines and go on writing below them. When in doubt the text stays.
"""

import re
from collections.abc import Callable

from gateway.quote.cutmap import Rule
from gateway.quote.line import Line, LineRole, asked_once
from gateway.quote.notice import is_legal, is_list_footer
from gateway.quote.sheet import Sheet
from gateway.quote.tagline import is_tagline
from gateway.quote.words import pattern, words

_RULE = re.compile(r"[-_=~*#+.\u2014\u2013\u2500\u1427\s]{1,200}$")
_PHONE = re.compile(r"(?:\+|\(?0|\()?\d(?:[\s().\-/]{0,2}\d){5,16}")
_WEB = re.compile(r"(?:https?://|www\.)\S|[^\s@]{1,64}@[\w.-]{2,200}")
_NAME = re.compile(r"[^\W\d_][\w.'\u2019-]{0,24}(?:,? [^\W\d_][\w.'\u2019-]{0,24}){0,4}$")
_SIGNATURE = LineRole.SIGNATURE  # asked of every line: looking a member up in its enum costs more
_LOOK_BACK = 40
_LONGEST_BELOW = 30  # lines: no rule accepts more
_MOST_MOVES = 24  # nobody's signature has more pieces; a mail of dashes alone has thousands
_DASHES = ("--", "\u2014", "__", "\u2013", "\u2014\u2014")


def fold_signatures(sheet: Sheet) -> None:
    """Fold marked signatures, then what ends each stretch of the sender's text."""
    for at, line in enumerate(sheet.lines):
        if line.role is _SIGNATURE and sheet.rules[at] is None:
            rule = Rule.TAGLINE if is_tagline(line) else Rule.SIGNATURE
            sheet.fold(at, rule, line.marker or "marked as signature")
    _fold_first_tagline(sheet)
    for start, end in stretches(sheet):
        for at in range(signature_start(sheet, start, end), end):
            tag = is_tagline(sheet.lines[at])
            rule = Rule.TAGLINE if tag else Rule.SIGNATURE
            sheet.fold(at, rule, "a device's tagline" if tag else "a signature")


def stretches(sheet: Sheet) -> list[tuple[int, int]]:
    """Return the spans between folded lines that hold text of the sender's."""
    spans: list[tuple[int, int]] = []
    start = -1
    for at, rule in enumerate(sheet.rules):
        if (rule is None) is (start >= 0) or not sheet.lines[at].bare:
            continue
        if start >= 0:
            spans.append((start, at))
        start = at if start < 0 else -1
    if start >= 0:
        spans.append((start, len(sheet)))
    return spans


def signature_start(sheet: Sheet, start: int, end: int) -> int:
    """Return where the signature of a stretch begins; ``end`` if it has none."""
    low = max(start, end - 3 * _LOOK_BACK)
    begin = end
    moves = 0
    while moves < _MOST_MOVES:
        earlier = _earlier(sheet, low, begin)
        if earlier >= begin:
            break
        moves += not is_tagline(sheet.lines[earlier])  # these cost nothing to find
        begin = earlier
    return begin


def _earlier(sheet: Sheet, low: int, end: int) -> int:
    """Move the beginning of the signature upwards by one rule, if any applies."""
    written = [at for at in range(low, end) if sheet.written(at) or _tagline_role(sheet, at)]
    if not written:
        return end
    last = written[-1]
    if last in sheet.fenced:
        return end
    if is_tagline(sheet.lines[last]):
        return last
    for rule in (_delimited, _noticed, _contacts):
        if (found := rule(sheet, written)) is not None:
            return found
    return end


def _tagline_role(sheet: Sheet, at: int) -> bool:
    return sheet.lines[at].role is _SIGNATURE and not sheet.lines[at].blank


def _fold_first_tagline(sheet: Sheet) -> None:
    """Fold a tagline that stands first, above the text, as some phones put it."""
    first = sheet.next_line(0)
    after = sheet.next_line(first + 1)
    if after - first < 2 or after >= len(sheet):
        return
    if sheet.written(first) and sheet.written(after) and is_tagline(sheet.lines[first]):
        sheet.fold(first, Rule.TAGLINE, "a device's tagline, above the text")


def _delimited(sheet: Sheet, written: list[int]) -> int | None:
    """Find a delimiter with a signature below it."""
    for index, at in enumerate(written[-_LOOK_BACK:], max(0, len(written) - _LOOK_BACK)):
        bare = sheet.lines[at].bare
        if at in sheet.fenced or not bare or not _RULE.match(bare):
            continue
        below = [sheet.lines[i] for i in written[index + 1 :]]
        if len(below) > _LONGEST_BELOW:
            continue
        if _accepts(sheet, at, below, closing=_closing_above(sheet, written[:index])):
            return at
    return None


def _accepts(sheet: Sheet, at: int, below: list[Line], *, closing: bool) -> bool:
    """Whether what stands below a drawn line is a signature."""
    if not below:
        return True
    line = sheet.lines[at]
    prose = sum(_is_prose(part) for part in below)
    noticed = any(is_legal(part) or is_list_footer(part) for part in below)
    if line.shown.lstrip("> ").startswith("-- ") and line.bare == "--":
        return len(below) <= 25 and (prose <= 2 or noticed)
    if _is_prose(below[0]) and not (is_legal(below[0]) or is_list_footer(below[0])):
        return closing and line.bare.startswith("_" * 30) and len(below) <= 3
    dash = _is_dash(line)
    if prose or (noticed and not dash):
        return noticed and not dash and len(below) <= 30
    details = noticed or any(_is_detail(part) for part in below)
    joined = dash and at + 1 < len(sheet) and not sheet.lines[at + 1].blank
    telling = joined or details or (_tiny(below) if dash else closing)
    return telling and len(below) <= (15 if dash else 8)


def _is_dash(line: Line) -> bool:
    """Whether a line is a dash that people set above a signature."""
    return line.bare in _DASHES or (set(line.bare) <= {"\u2014"} or set(line.bare) <= {"\u2500"})


def _closing_above(sheet: Sheet, written: list[int]) -> bool:
    """Whether a sign-off stands among the last lines above."""
    return any(is_closing(sheet.lines[at]) for at in written[-5:])


def is_closing(line: Line) -> bool:
    """Whether a line is a sign-off: "Kind regards,"."""
    text = line.folded.rstrip(" ,.!-\uff0c\u3002*").lstrip("*_ ")
    return len(text) <= 60 and text in words("signoffs")


def _noticed(sheet: Sheet, written: list[int]) -> int | None:
    """Find legal text or a list footer among the last paragraphs."""
    for test in (is_legal, is_list_footer):
        found = _first_of_last(sheet, written, test)
        if found is not None:
            return found
    return None


def _first_of_last(sheet: Sheet, written: list[int], test: Callable[[Line], bool]) -> int | None:
    """Return where the last paragraphs begin if one of their lines passes the test."""
    marks = [
        i for i in range(max(0, len(written) - 12), len(written)) if test(sheet.lines[written[i]])
    ]
    if not marks:
        return None
    index = marks[0]
    while index > 0 and written[index] - written[index - 1] == 1 and len(marks) > 0:
        if _is_prose(sheet.lines[written[index - 1]]) and test is is_list_footer:
            break
        index -= 1
    return written[index] if index > 0 else None


def _contacts(sheet: Sheet, written: list[int]) -> int | None:
    """Find contact details under a sign-off, or under a name in a paragraph of its own."""
    closing = _last_closing(sheet, written)
    if closing is not None:
        below = written[closing + 1 :]
        parts = [sheet.lines[i] for i in below]
        details = any(_is_detail(part) for part in parts[1:])
        short = len(parts) <= 12 and not any(_is_prose(part) for part in parts)
        return below[0] if details and short else None
    return _business_card(sheet, written)


def _last_closing(sheet: Sheet, written: list[int]) -> int | None:
    """Return the index of the last sign-off with something below it."""
    for index in range(len(written) - 2, max(-1, len(written) - 16), -1):
        if is_closing(sheet.lines[written[index]]):
            return index
    return None


def _business_card(sheet: Sheet, written: list[int]) -> int | None:
    """Find a last paragraph that starts with a name and goes on with details."""
    first = len(written) - 1
    while first > 0 and written[first] - written[first - 1] == 1:
        first -= 1
    card = [sheet.lines[at] for at in written[first:]]
    if first == 0 or not 2 <= len(card) <= 7 or any(len(part.bare) > 80 for part in card):
        return None
    name, piped, _ = card[0].bare.strip("*_ ").partition(" | ")
    if not _NAME.match(name) or " " not in name or any(_is_prose(part) for part in card):
        return None
    titled = bool(piped) or _titled(card[0])
    if not any(_is_detail(part) for part in card[0 if piped else 1 :]):
        return None
    return written[first] if titled else written[first + 1]


@asked_once
def _is_prose(line: Line) -> bool:
    """Whether a line reads like a sentence."""
    text = line.bare
    if _is_detail(line) and len(text) < 60:
        return False
    return len(text) > 100 or (text.endswith((".", "!", "?", "\u3002")) and text.count(" ") >= 3)


@asked_once
def _is_detail(line: Line) -> bool:
    """Whether a line holds contact details: phone, page, address, title, firm."""
    text = line.bare
    if len(text) > 120:
        return False
    if " | " in text or _WEB.search(text) or (_PHONE.search(text) and not _has_prose_words(text)):
        return True
    if _titled(line):
        return text.count(" ") <= 6 and not text.endswith((".", "?", "!", ","))
    return line.label in words("notices", "contact")


def _titled(line: Line) -> bool:
    """Whether a line holds a job's title or a firm's name."""
    return pattern("notices", "titles", line.folded).search(line.folded) is not None


def _has_prose_words(text: str) -> bool:
    """Whether a line with a number says much more than the number."""
    return sum(part.isalpha() for part in text.split()) > 4


def _tiny(below: list[Line]) -> bool:
    """Whether lines are few and short enough for a name and a title."""
    return len(below) <= 4 and all(len(part.bare) <= 40 for part in below)
