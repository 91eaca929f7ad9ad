"""Which lines did we send ourselves?

A line is ours if it holds a digest's marker, or if most of its three-word sequences occur in what
we sent (``gateway/quote/sent.py``).

The trap: people repeat our words. A line of fewer than four words proves nothing, and one short
line alone is not a quote. Nor are many, where nothing else tells of a quote: somebody in the
conversation may have written them so that they are lost when another writes them, too. So lines
without a quote mark are ours only where a marker, the link that ends a digest, or a line above
that announces them says so, and not above their own quoted copy. And somebody may have written
them so that they are kept: a fence of code that stands in what we sent keeps nothing.
"""

from collections.abc import Container
from dataclasses import dataclass
from functools import partial

from gateway.quote.above import is_the_line
from gateway.quote.cutmap import Rule
from gateway.quote.inline_answers import answers_below
from gateway.quote.lead import announces, fold_lead, without_echo
from gateway.quote.line import Line, marker_in
from gateway.quote.remnants import remnants_of
from gateway.quote.sent import (
    AboveMarker,
    SentEvidence,
    belongs_to,
    has_marker,
    in_our_words,
    repeats,
    threes_of,
    weight_of,
)
from gateway.quote.separator import separator_at
from gateway.quote.sheet import Sheet

_FAR = 200  # lines of a quotation that are looked through for a copy


@dataclass(frozen=True, slots=True)
class Match:
    """Where what we sent was found. ``whole`` says that its end was found too."""

    first: int
    last: int
    whole: bool


def mark_sent(sheet: Sheet, evidence: SentEvidence | None) -> Match | None:
    """Fold the lines we sent, and the lines right above that name us. Return where they are."""
    if evidence is None:
        return None
    rests = remnants_of(sheet, evidence)
    ours, marked = _ours(sheet, evidence, rests)
    ours = without_echo(sheet, evidence.names, _where_quoted(sheet, ours))
    ours = _without_copies(sheet, evidence, ours)
    if not marked:
        bare = [at for at in ours if not sheet.quoted(at)]
        ours = ours if _is_announced(sheet, evidence, bare) else sorted(set(ours) - set(bare))
    if not ours:
        return None
    if _unfenced(sheet, evidence, ours[0]):
        return mark_sent(sheet, evidence)
    first, last = ours[0], ours[-1]
    first = _upwards(sheet, evidence, first)
    whole = marked or any(sheet.lines[at].folded in evidence.last for at in ours[-3:])
    last = _last_link(sheet, evidence, last) if whole else _downwards(sheet, evidence, last)
    while last + 1 in rests:
        last += 1
    sheet.fold_all((at for at in rests if first <= at <= last), Rule.SENT, "we sent this")
    _fold(sheet, evidence, ours, range(first, last + 1))
    fold_lead(sheet, evidence.names, first)
    return Match(first, last, whole)


def _ours(sheet: Sheet, evidence: SentEvidence, rests: frozenset[int]) -> tuple[list[int], bool]:
    """Return the lines of ours but those rests, and whether a marker is among them."""
    ours: list[int] = []
    strong = 0
    marked = False
    for at, line in enumerate(sheet.lines):
        if at in sheet.fenced or at in rests:
            continue
        if evidence.markers and has_marker(line, evidence):
            marked = True
            ours.append(at)
        elif weight := weight_of(line, evidence):
            ours.append(at)
            strong += weight
    quoted = any(sheet.lines[at].depth for at in ours)
    if not marked and not quoted and (len(ours) < 2 or strong < 12):
        return [], False
    return ours, marked


def _fold(sheet: Sheet, evidence: SentEvidence, ours: list[int], span: range) -> None:
    """Fold the lines of ours in a span, and what belongs to them."""
    certain = frozenset(ours)
    doubted = [at for at in span if at not in certain and not sheet.lines[at].blank]
    inline = bool(doubted) and answers_below(sheet, span.start)
    answered = all(sheet.lines[at].depth for at in ours)
    kept: set[int] = set()
    for at in doubted:
        # Between our quoted lines an unquoted one is an answer, be it in our words: "+1".
        if inline:
            belongs = in_our_words(sheet.lines[at], evidence)
        elif answered:
            belongs = sheet.quoted(at)
        else:
            belongs = belongs_to(sheet.lines[at], evidence)
        if not belongs:
            kept.add(at)
    sheet.fold_all((at for at in span if at not in kept), Rule.SENT, "we sent this")


def _unfenced(sheet: Sheet, evidence: SentEvidence, first: int) -> bool:
    """Undo the fences below the first line of ours that stand in what we sent. Tell if any did."""
    ours = [
        fence
        for fence in sheet.fences
        if fence.start > first
        and fence.start in sheet.fenced
        and all(_says_ours(sheet, at, evidence) for at in fence)
    ]
    for fence in ours:
        sheet.unfence(fence)
    return bool(ours)


def _says_ours(sheet: Sheet, at: int, evidence: SentEvidence) -> bool:
    """Whether a line has no words but ours."""
    line = sheet.lines[at]
    return bool(weight_of(line, evidence)) or in_our_words(line, evidence)


def _where_quoted(sheet: Sheet, ours: list[int]) -> list[int]:
    """Leave out lines without a quote mark where most have one: the sender repeats our words."""
    quoted = [at for at in ours if sheet.lines[at].depth]
    return quoted if len(quoted) * 2 >= len(ours) else ours


def _without_copies(sheet: Sheet, evidence: SentEvidence, ours: list[int]) -> list[int]:
    """Leave out lines above what surely begins the quotation, and below its end: the sender's.

    That is so where what they repeat stands in the quotation, too, or cannot stand above it.
    """
    top = _top(sheet, evidence, ours)
    if top:
        below = threes_of(sheet.lines[ours[top] : ours[-1] + 1])
        head = _head(sheet, ours[top], evidence)
        ours = [
            at
            for index, at in enumerate(ours)
            if index >= top or not _is_theirs(sheet.lines[at], below, head, evidence)
        ]
    end = _end(sheet, evidence, ours)
    if end is None:
        return ours
    above = threes_of(sheet.lines[ours[0] : end + 1])
    return [at for at in ours if at <= end or not repeats(sheet.lines[at], above, evidence)]


def _top(sheet: Sheet, evidence: SentEvidence, ours: list[int]) -> int:
    """Return which line of ours is the first that has a mark, or stands below a divider."""
    for index, at in enumerate(ours):
        if index and any(map(partial(separator_at, sheet), range(ours[index - 1], at))):
            return index
        line = sheet.lines[at]
        if sheet.quoted(at) or is_the_line(line) or has_marker(line, evidence):
            return index
    return 0


def _head(sheet: Sheet, at: int, evidence: SentEvidence) -> AboveMarker | None:
    """Return what stands above the marker on a line, or the next, in what was sent.

    None without a marker, or where that digest does not show it.
    """
    below = sheet.next_line(at + 1)
    lines = sheet.lines[at : at + 1] + sheet.lines[below : below + 1]
    markers = [marker for marker in map(marker_in, lines) if marker]
    return next(filter(None, map(evidence.heads.get, markers)), None) if markers else None


def _is_theirs(
    line: Line, below: Container[tuple[str, ...]], head: AboveMarker | None, evidence: SentEvidence
) -> bool:
    """Whether a line above the quotation is the sender's, though it is in our words."""
    if head is not None and not (line.folded in head.lines or repeats(line, head.threes, evidence)):
        return True
    return repeats(line, below, evidence)


def _end(sheet: Sheet, evidence: SentEvidence, ours: list[int]) -> int | None:
    """Return where an unmarked digest ended by its link, if lines in our words stand below it."""
    if not ours or sheet.lines[ours[-1]].depth:
        return None
    links = (at for at in range(ours[-1], ours[0], -1) if "://" in sheet.lines[at].shown)
    end = next((at for at in links if sheet.lines[at].folded in evidence.last), None)
    if end is None or end == ours[-1]:
        return None
    later = (sheet.lines[at] for at in ours if at > end)
    return None if any(has_marker(line, evidence) for line in later) else end


def _is_announced(sheet: Sheet, evidence: SentEvidence, ours: list[int]) -> bool:
    """Whether lines without a quote mark have anything but their words to tell that we sent them.

    That is a line right above that names us or opens a quotation, or one of ours that nobody
    writes in a conversation: the link that ends a digest.
    """
    if not ours:
        return False
    last = ours[-1]
    ends = (sheet.lines[at] for at in ours[-3:])
    linked = any(line.folded in evidence.last and "://" in line.shown for line in ends)
    if linked or _last_link(sheet, evidence, last) != last:
        return True
    return announces(sheet, evidence.names, _upwards(sheet, evidence, ours[0]))


def _upwards(sheet: Sheet, evidence: SentEvidence, first: int) -> int:
    """Take in the short lines above the first that are whole lines of ours, as a greeting.

    Not where they stand in the quotation, too, or only one of the two has a mark.
    """
    head = _head(sheet, first, evidence)
    lines = evidence.lines if head is None else head.lines
    marked, below = sheet.quoted(first), sheet.lines[first : first + _FAR]
    for at in range(first - 1, -1, -1):
        line = sheet.lines[at]
        if line.blank:
            continue
        if line.folded not in lines or marked != sheet.quoted(at):
            break
        if not marked and any(line.folded == one.folded for one in below):
            break
        first = at
    return first


def _last_link(sheet: Sheet, evidence: SentEvidence, last: int) -> int:
    """Take in the link that ends a digest, which is no words: nobody answers with an opt-out."""
    below = sheet.next_line(last + 1)
    if not sheet.quoted(last) and sheet.lines[last].folded not in evidence.before_last:
        return last
    ends = below < len(sheet) and sheet.lines[below].folded in evidence.last
    return below if ends and "://" in sheet.lines[below].shown else last


def _downwards(sheet: Sheet, evidence: SentEvidence, last: int) -> int:
    """Take in the short lines below the last that are whole lines of ours, and marked as it is."""
    marked = sheet.quoted(last)
    for at in range(last + 1, len(sheet)):
        line = sheet.lines[at]
        if line.blank:
            continue
        if line.folded not in evidence.lines or (marked and not sheet.quoted(at)):
            break
        last = at
    return last
