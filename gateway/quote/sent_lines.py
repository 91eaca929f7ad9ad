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

from dataclasses import dataclass

from gateway.quote.cutmap import Rule
from gateway.quote.inline_answers import answers_below
from gateway.quote.lead import announces, fold_lead, without_echo
from gateway.quote.sent import (
    SentEvidence,
    belongs_to,
    has_marker,
    in_our_words,
    weight_of,
)
from gateway.quote.sheet import Sheet

_WRAPPED = 50
_FULL_STOPS = (".", "!", "?", "\u3002")


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
    ours, marked = _ours(sheet, evidence)
    ours = without_echo(sheet, evidence.names, _where_quoted(sheet, ours))
    ours = _without_copies(sheet, ours)
    if not marked and not any(map(sheet.quoted, ours)) and not _is_announced(sheet, evidence, ours):
        return None
    if not ours:
        return None
    if _unfenced(sheet, evidence, ours[0]):
        return mark_sent(sheet, evidence)
    first, last = ours[0], ours[-1]
    first = _upwards(sheet, evidence, first)
    whole = marked or any(sheet.lines[at].folded in evidence.last for at in ours[-3:])
    last = _last_link(sheet, evidence, last) if whole else _downwards(sheet, evidence, last)
    _fold(sheet, evidence, ours, range(first, last + 1))
    fold_lead(sheet, evidence.names, first)
    return Match(first, last, whole)


def _ours(sheet: Sheet, evidence: SentEvidence) -> tuple[list[int], bool]:
    """Return the lines that are certainly ours, and whether a marker was among them."""
    ours: list[int] = []
    strong = 0
    marked = False
    for at, line in enumerate(sheet.lines):
        if at in sheet.fenced:
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
    inline = answers_below(sheet, span.start)
    answered = all(sheet.lines[at].depth for at in ours)
    for at in span:
        # Between our quoted lines an unquoted one is an answer, be it in our words: "+1".
        if inline:
            belongs = sheet.lines[at].blank or in_our_words(sheet.lines[at], evidence)
        elif answered:
            belongs = sheet.lines[at].blank or sheet.quoted(at) or _remnant(sheet, at)
        else:
            belongs = belongs_to(sheet.lines[at], evidence)
        if at in certain or belongs:
            sheet.fold(at, Rule.SENT, "we sent this")


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
    quoted = [at for at in ours if sheet.lines[at].depth or _remnant(sheet, at)]
    return quoted if len(quoted) >= 2 and len(quoted) * 2 > len(ours) else ours


def _without_copies(sheet: Sheet, ours: list[int]) -> list[int]:
    """Leave out lines without a quote mark above the quoted copy of them: those are the sender's.

    What wrapping left of a quoted line has none either, and stands right below one.
    """
    top = next((index for index, at in enumerate(ours) if sheet.quoted(at)), 0)
    if not top:
        return ours
    copies = {sheet.lines[at].folded for at in ours[top:]}
    return [at for at in ours[:top] if sheet.lines[at].folded not in copies] + ours[top:]


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


def _remnant(sheet: Sheet, at: int) -> bool:
    """Whether a line is what wrapping left of the long quoted line right above it."""
    if at == 0 or not sheet.quoted(at - 1):
        return False
    above = sheet.lines[at - 1].bare
    return len(above) >= _WRAPPED and not above.endswith(_FULL_STOPS)


def _upwards(sheet: Sheet, evidence: SentEvidence, first: int) -> int:
    """Take in the short lines above the first that are whole lines of ours, as a greeting."""
    at = first - 1
    while at >= 0 and (sheet.lines[at].blank or sheet.lines[at].folded in evidence.lines):
        if not sheet.lines[at].blank:
            first = at
        at -= 1
    return first


def _last_link(sheet: Sheet, evidence: SentEvidence, last: int) -> int:
    """Take in the link that ends a digest, which is no words: nobody answers with an opt-out."""
    below = sheet.next_line(last + 1)
    ends = below < len(sheet) and sheet.lines[below].folded in evidence.last
    return below if ends and "://" in sheet.lines[below].shown else last


def _downwards(sheet: Sheet, evidence: SentEvidence, last: int) -> int:
    """Take in the short lines below the last that are whole lines of ours."""
    at = last + 1
    while at < len(sheet) and (sheet.lines[at].blank or sheet.lines[at].folded in evidence.lines):
        if not sheet.lines[at].blank:
            last = at
        at += 1
    return last
