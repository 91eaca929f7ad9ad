"""Which lines did we send ourselves?

We know the digests we sent this person, so their quoted copy can be recognised by its words,
whatever the client did around it and whatever the language. A line is ours if it holds a digest's
marker, or if most of its three-word sequences occur in what we sent.

The trap: people repeat our words. A line of fewer than four words proves nothing, and one short
line alone is not a quote. Nor are many, where nothing else tells of a quote: somebody in the
conversation may have written them so that they are lost when another writes them, too. So lines
without a quote mark are ours only where a marker, the link that ends a digest, or a line above
that announces them says so, and not above their own quoted copy.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, pairwise

from gateway.quote.cutmap import Rule
from gateway.quote.inline_answers import answers_below
from gateway.quote.lead import announces, fold_lead, without_echo
from gateway.quote.line import Line, LineRole
from gateway.quote.sheet import Sheet
from gateway.quote.words import fold

_URL = re.compile(r"<?(?:https?://|mailto:|www\.)[^\s<>]{1,2000}>?")
_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\u0e00-\u0e7f"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
# The same for folded ASCII, three times as quick: blanks for all that is not of a word, then split.
_ASCII = {ord(sign): sign if sign.isalnum() else " " for sign in map(chr, range(128))}
_MAX_SENT = 200_000
_MAX_DIGESTS = 20
_WRAPPED = 50
_FULL_STOPS = (".", "!", "?", "\u3002")


@dataclass(frozen=True, slots=True)
class Sent:
    """What we sent this person once: the compact trace of a digest."""

    text: str = ""
    html: str = ""
    marker: str = ""
    message_id: str = ""
    subject: str = ""
    name: str = ""
    address: str = ""


def sent_from(fields: Mapping[str, str]) -> Sent:
    """Read what was sent from a mapping, as the store or a file tells it."""
    names = ("text", "html", "marker", "message_id", "subject", "name", "address")
    return Sent(**{name: str(fields.get(name) or "") for name in names})


@dataclass(frozen=True)
class SentEvidence:
    """What was sent, prepared for looking lines up. ``threes``: the sequences of three words."""

    markers: tuple[str, ...]
    lines: frozenset[str]
    threes: frozenset[tuple[str, ...]]
    vocabulary: frozenset[str]
    names: tuple[str, ...]
    last: frozenset[str]
    _texts: Sequence[Sequence[str]] = field(repr=False)

    @cached_property
    def shorter(self) -> frozenset[tuple[str, ...]]:
        """The sequences of one or two words: in few mails a line is so short."""
        return frozenset(
            chain.from_iterable((*zip(words), *pairwise(words)) for words in self._texts)
        )


@dataclass(frozen=True, slots=True)
class Match:
    """Where what we sent was found. ``whole`` says that its end was found too."""

    first: int
    last: int
    whole: bool


def evidence_of(sent: Sequence[Sent]) -> SentEvidence | None:
    """Prepare digests for looking lines up; None if nothing is known."""
    if not sent:
        return None
    texts = [digest.text[:_MAX_SENT] for digest in sent[:_MAX_DIGESTS]]
    words = [words_of(text) for text in texts]
    shown = [_lines_of(text) for text in texts]
    known = [fold(s) for d in sent for s in (d.name, d.address, d.subject) if len(s) > 2]
    return SentEvidence(
        markers=tuple(d.marker.lower() for d in sent if len(d.marker) > 7),
        lines=frozenset(chain.from_iterable(shown)),
        threes=frozenset(chain.from_iterable(map(_threes, words))),
        vocabulary=frozenset(chain.from_iterable(words)),
        names=tuple(dict.fromkeys(known)),
        last=frozenset(lines[-1] for lines in shown if lines),
        _texts=words,
    )


def _lines_of(text: str) -> list[str]:
    """Return the lines of a text that hold a word, folded."""
    return [fold(line.strip()) for line in text.split("\n") if _WORD.search(line)]


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded; addresses of pages left out, for clients rewrite them."""
    folded = fold(text)
    if "://" in folded or "www." in folded or "mailto:" in folded:
        folded = _URL.sub(" ", folded)
    return folded.translate(_ASCII).split() if folded.isascii() else _WORD.findall(folded)


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
    first, last = ours[0], ours[-1]
    first = _upwards(sheet, evidence, first)
    whole = marked or any(sheet.lines[at].folded in evidence.last for at in ours[-3:])
    last = _last_link(sheet, evidence, last) if whole else _downwards(sheet, evidence, last)
    certain = frozenset(ours)
    inline = answers_below(sheet, first)
    answered = all(sheet.lines[at].depth for at in ours)
    for at in range(first, last + 1):
        # Between our quoted lines an unquoted one is an answer, be it in our words: "+1".
        if inline:
            belongs = sheet.lines[at].blank or _in_our_words(sheet.lines[at], evidence)
        elif answered:
            belongs = sheet.lines[at].blank or sheet.quoted(at) or _remnant(sheet, at)
        else:
            belongs = _belongs(sheet.lines[at], evidence)
        if at in certain or belongs:
            sheet.fold(at, Rule.SENT, "we sent this")
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
        if evidence.markers and _has_marker(line, evidence):
            marked = True
            ours.append(at)
        elif weight := _weight(line, evidence):
            ours.append(at)
            strong += weight
    quoted = any(sheet.lines[at].depth for at in ours)
    if not marked and not quoted and (len(ours) < 2 or strong < 12):
        return [], False
    return ours, marked


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


def _has_marker(line: Line, evidence: SentEvidence) -> bool:
    """Whether a line holds the marker of a digest, seen or hidden."""
    text = line.shown.lower() + line.hidden
    return "rjd-" in text and any(marker in text for marker in evidence.markers)


def _weight(line: Line, evidence: SentEvidence) -> int:
    """Return how many words of a line are ours, or 0 if too few are."""
    if len(line.bare) < 8:
        return 0
    words = words_of(line.bare[:4_000])
    enough = 4 if line.bare.isascii() else 6 if _CJK_START.search(line.bare) else 4
    if len(words) < enough:
        return 0
    found = sum(map(evidence.threes.__contains__, _threes(words)))
    return len(words) if found * 10 >= (len(words) - 2) * 7 else 0


_CJK_START = re.compile(f"[{_CJK}]")


def _threes(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """Return the sequences of three words."""
    return zip(words, words[1:], words[2:], strict=False)


def _belongs(line: Line, evidence: SentEvidence) -> bool:
    """Whether a line between lines of ours is ours too: quoted, or short and of our words."""
    if line.blank or line.depth or line.role is LineRole.QUOTE:
        return True
    return _in_our_words(line, evidence)


def _in_our_words(line: Line, evidence: SentEvidence) -> bool:
    """Whether a line is short and of our words."""
    words = words_of(line.bare[:1_000])
    if len(words) <= 3:
        known = evidence.threes if len(words) == 3 else evidence.shorter
        return tuple(words) in known or not words
    ours = sum(word in evidence.vocabulary for word in words)
    return len(words) <= 12 and ours * 10 >= len(words) * 8


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
