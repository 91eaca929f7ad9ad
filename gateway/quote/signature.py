"""Where does a signature begin in a stretch of the sender's text?

Strictly at "-- " (RFC 3676, 4.3). At any other delimiter only if what follows is short, last and
no prose. A tagline only at the end.

Contact details are ``contacts``, what machines put below is ``footer``.

The trap: people draw lines and go on writing below them. When in doubt the text stays.
"""

from gateway.quote import drawn_line
from gateway.quote.announcement import announced, hands_on, led_up_to
from gateway.quote.contacts import contacts_start
from gateway.quote.cutmap import Rule
from gateway.quote.details import is_detail
from gateway.quote.footer import footer_start
from gateway.quote.footer_wording import is_service_line
from gateway.quote.line import Line, LineRole
from gateway.quote.sayings import is_closing, is_prose, is_remark, is_sentence
from gateway.quote.sheet import Sheet
from gateway.quote.tagline import is_tagline
from gateway.quote.words import opening

_SIGNATURE = LineRole.SIGNATURE  # asked of every line: looking a member up in its enum costs more
_LOOK_BACK = 40
_LONGEST_BELOW = 30  # lines: no rule accepts more
_MOST_DASHED, _MOST_RULED = 15, 8  # lines below a dash, and below any other drawn line
_MOST_MOVES = 24  # nobody's signature has more pieces; a mail of dashes alone has thousands


def fold_signatures(sheet: Sheet) -> None:
    """Fold marked signatures, then what ends each stretch of the sender's text."""
    for at, line in enumerate(sheet.lines):
        if line.role is _SIGNATURE and sheet.rules[at] is None:
            rule = Rule.TAGLINE if is_tagline(line) else Rule.SIGNATURE
            sheet.fold(at, rule, line.marker or "marked as signature")
    _fold_first_tagline(sheet)
    answered_below = False
    for start, end in reversed(stretches(sheet)):
        begin = signature_start(sheet, start, end)
        if begin == start and answered_below and _is_answer(sheet, start):
            continue
        answered_below = answered_below or begin > start
        tag = False
        for at in range(begin, _postscript(sheet, begin, end)):
            tag = is_tagline(sheet.lines[at]) if sheet.lines[at].bare else tag
            rule = Rule.TAGLINE if tag else Rule.SIGNATURE
            sheet.fold(at, rule, "a device's tagline" if tag else "a signature")


def _is_answer(sheet: Sheet, start: int) -> bool:
    """Whether a stretch with an answer further down is one itself: a quote stands right above.

    Nobody signs between two of their answers, but people put tables and addresses there.
    """
    first = sheet.lines[start]
    strict = first.bare == "--" and first.shown.startswith("-- ")
    above = next((at for at in range(start - 1, -1, -1) if not sheet.lines[at].blank), -1)
    return above >= 0 and sheet.quoted(above) and not strict and not is_tagline(first)


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
        return end if led_up_to(sheet, written, len(written) - 1) else last
    # A single line ends nothing, unless it is a delimiter.
    for rule in _RULES if len(written) > 1 else (_delimited,):
        if (found := rule(sheet, written)) is not None:
            return found
    return end


def _postscript(sheet: Sheet, begin: int, end: int) -> int:
    """Return where a postscript begins below a signature, else the end."""
    for at in range(begin + 1, end):
        line = sheet.lines[at]
        first = line.bare and not sheet.lines[at - 1].bare and not line.depth
        if first and opening("signoffs", "postscripts", line.folded.lstrip("*_ ")):
            return at
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
    quoted: bool | None = None  # whether any of the last lines is, asked where it matters
    for index, at in enumerate(written[-_LOOK_BACK:], max(0, len(written) - _LOOK_BACK)):
        bare = sheet.lines[at].bare
        if not drawn_line.signing(bare) or at in sheet.fenced or sheet.quoted(at):
            continue
        below = written[index + 1 :]
        if quoted is None:
            quoted = any(map(sheet.quoted, written[-_LONGEST_BELOW - 1 :]))
        # What stands in a quote that stays is not this person's signature, nor does it end there.
        if len(below) > _LONGEST_BELOW or (quoted and any(map(sheet.quoted, below))):
            continue
        if _accepts(sheet, written, index):
            return at
    return None


_RULES = (footer_start, _delimited, contacts_start)


def _accepts(sheet: Sheet, written: list[int], index: int) -> bool:
    """Whether what stands below the delimiter at an index of the written lines is a signature."""
    line = sheet.lines[written[index]]
    below = [sheet.lines[at] for at in written[index + 1 :]]
    if not below:
        return True
    if index and hands_on(sheet.lines[written[index - 1]]):
        return False
    if line.bare == "--" and line.shown.lstrip("> ").startswith("-- "):
        return _strict(line, below)
    if drawn_line.is_dash(line.bare):
        return _dashed(sheet, written[index], below)
    closing = any(is_closing(sheet.lines[at]) for at in written[max(0, index - 5) : index])
    if announced(sheet, written, index) or _divides(sheet, written, index):
        return False
    return _ruled(line, below, closing=closing)


def _divides(sheet: Sheet, written: list[int], index: int) -> bool:
    """Whether the same line is drawn further up, and so divides what somebody tells in parts."""
    bare = sheet.lines[written[index]].bare
    return any(sheet.lines[at].bare == bare for at in written[max(0, index - _LOOK_BACK) : index])


def _strict(line: Line, below: list[Line]) -> bool:
    """Whether a signature stands below a delimiter as RFC 3676, 4.3, has it."""
    if line.shown[:1].isspace() and not all(part.shown[:1].isspace() for part in below):
        return False  # it stands in something indented, which ends above
    noticed = any(is_service_line(part) for part in below)
    return len(below) <= 25 and (sum(is_prose(part) for part in below) <= 2 or noticed)


def _dashed(sheet: Sheet, at: int, below: list[Line]) -> bool:
    """Whether a signature stands below a dash that only looks like the delimiter."""
    if len(below) > _MOST_DASHED or any(is_sentence(part) for part in below[1:]):
        return False
    if is_remark(below[0]):
        return below[0].bare in sheet.quoted_below_dashes  # it ends a mail of theirs, too
    details = any(is_detail(part) or is_service_line(part) for part in below)
    return details or not sheet.lines[at + 1].blank or _tiny(below)


def _ruled(line: Line, below: list[Line], *, closing: bool) -> bool:
    """Whether a signature stands below a drawn line; ``closing``: a sign-off stands above it.

    People draw lines between their own paragraphs, so without a sign-off all must be a card.
    """
    noticed = any(is_service_line(part) for part in below)
    if is_prose(below[0]) and not is_service_line(below[0]):
        return closing and line.bare.startswith("_" * 30) and len(below) <= 3
    if noticed or len(below) > _MOST_RULED:
        return noticed
    if closing:
        return not any(is_sentence(part) for part in below)
    return any(is_detail(part) for part in below) and not any(is_remark(part) for part in below)


def _tiny(below: list[Line]) -> bool:
    """Whether lines are few and short enough for a name and a title."""
    return len(below) <= 4 and all(len(part.bare) <= 40 for part in below)
