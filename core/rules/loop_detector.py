"""Do two machines talk to each other, though no header says so?

Asked of the latest mails of one sender in one conversation, before one more is posted. A loop
needs a mail of ours in every round, so only mails that came after different mails of ours count:
whoever writes ten mails on end is busy, not a machine. A machine betrays itself by what people do
not do: it says the same at length a second time, it answers faster than hands can type, it never
tires. Any of these gives it away: the mail is held, and since nothing is posted nobody is told
of it, and the loop has ended. What is held again and again is discarded in the end, lest the list
of held mails fill up; who merely writes much is held long.

The trap: people are quick too, and brief. "Yes", "thanks" and "on my way" may be said often and at
once; so the shorter a text, the more often it may come again, and only a text that is long for the
time since the digest it answers counts as instant. What varies in a machine's text (numbers,
dates, ticket ids, case, punctuation) does not count when texts are compared.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.moment import DAY, HOUR, MINUTE, SECOND, Millis, Moment
from core.verdict import Discard, Hold, Reason

LATEST = 60
EVIDENCE = "said"  # the name under which a receipt keeps what is remembered
_LONGEST_TEXT = 20_000
_DENSE, _SPARSE, _CJK = "\u0590", "\u10a0", "\u2e80"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """One mail as the loop detector remembers it.

    ``digest`` and ``length`` are those of the text as ``compared`` reads it. ``took`` is the time
    from sending the digest it answers to receiving it, None if not known. ``heard`` is when our
    newest mail to them had left, None if there was none. ``stopped``: the loop detector held or
    discarded it.
    """

    at: Moment
    digest: str
    length: int
    took: Millis | None = None
    heard: Moment | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class LoopLimits:
    """How much a person may do. Lengths are in letters."""

    long: int = 32  # a second time within a day is a machine's
    short: int = 12  # a third time within an hour is
    brief_times: int = 5  # what is shorter may be said so often within an hour
    letters_a_second: int = 10
    reading: Millis = 5 * SECOND
    instant_length: int = 24
    instants: int = 2  # the next is a machine's: somebody may well paste, twice
    a_minute: int = 5
    ten_minutes: int = 15
    a_day: int = LATEST
    held: int = 3  # then what a machine says is discarded
    held_of_any: int = 20  # then everything is


DEFAULT = LoopLimits()


def judge(
    new: Fingerprint, earlier: Sequence[Fingerprint], limits: LoopLimits = DEFAULT
) -> Hold | Discard | None:
    """Return what becomes of a mail that looks like a loop, None if it may pass.

    ``earlier``: the ``LATEST`` mails of the same sender in the same conversation, in any order,
    those the loop detector stopped among them.
    """
    today = [one for one in earlier if new.at - one.at < DAY and one.heard != new.heard]
    machine = _machine(new, today, limits)
    rule = machine or _too_many(new, today, limits)
    if rule is None:
        return None
    most = limits.held if machine else limits.held_of_any
    stopped = sum(one.stopped for one in today)
    return (Discard if stopped >= most else Hold)(Reason.BREAKER, rule)


def fingerprint(
    at: Moment, text: str, took: Millis | None = None, heard: Moment | None = None
) -> Fingerprint:
    """Return what the loop detector is to remember of a mail's text."""
    words = compared(text)
    named = words or text.strip()[:_LONGEST_TEXT]  # an emoji alone is something said, too
    digest = hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:16]
    return Fingerprint(at, digest, _length(words), took, heard)


def took(
    now: Moment, answered: Collection[str], sent: Iterable[tuple[str, Moment]]
) -> Millis | None:
    """Return how long an answer took: since the newest mail of ours that it says it answers.

    ``answered``: the Message-IDs of In-Reply-To, or the last of References; ``sent``: Message-ID
    and moment of what we sent. None if none is among them: a provider wrote ids of its own.
    """
    ids = {one.strip(" <>") for one in answered}
    moments = [at for message_id, at in sent if message_id.strip(" <>") in ids]
    return now - max(moments) if moments else None


def as_evidence(one: Fingerprint) -> list[str | int | None]:
    """Return what a receipt's evidence keeps of a mail, to be read by ``remembered``."""
    return [one.digest, one.length, one.took, one.heard]


def remembered(at: Moment, reason: str, evidence: Mapping[str, Any] | None) -> Fingerprint | None:
    """Return what a receipt remembers, None of a mail the loop detector was not asked about."""
    match (evidence or {}).get(EVIDENCE):
        case [str(digest), int(length), int() | None as gap, int() | None as heard]:
            return Fingerprint(at, digest, length, gap, heard, reason == Reason.BREAKER)
        case _:
            return None


def compared(text: str) -> str:
    """Return the letters of a text: what a machine says again with other numbers is the same."""
    words = text[:_LONGEST_TEXT].casefold().split()
    kept = (_letters(word) for word in words if not _is_code(word))
    return " ".join(word for word in kept if word)


def _machine(new: Fingerprint, today: list[Fingerprint], limits: LoopLimits) -> str | None:
    """Return the rule by which this is a machine's, if it says so by itself."""
    if _repeats(new, today, limits):
        return "same text again"
    if _instant(new, limits) and sum(_instant(one, limits) for one in today) >= limits.instants:
        return "faster than hands type"
    return None


def _repeats(new: Fingerprint, today: list[Fingerprint], limits: LoopLimits) -> bool:
    """Tell whether the text came too often. Long: twice a day; short: less is forgiven."""
    same = [one for one in today if one.digest == new.digest]
    if new.length >= limits.long:
        return bool(same)
    recent = sum(new.at - one.at < HOUR for one in same)
    if new.length >= limits.short:
        both_fast = _fast(new, limits) and any(_fast(one, limits) for one in same)
        return both_fast or recent >= 2
    return recent >= limits.brief_times


def _instant(one: Fingerprint, limits: LoopLimits) -> bool:
    """Tell whether a text of some length came faster than a person reads and types."""
    return one.length >= limits.instant_length and _fast(one, limits)


def _fast(one: Fingerprint, limits: LoopLimits) -> bool:
    typing = one.length * SECOND // limits.letters_a_second
    return one.took is not None and one.took < limits.reading + typing


def _too_many(new: Fingerprint, today: list[Fingerprint], limits: LoopLimits) -> str | None:
    """Return which limit on the number of mails is reached."""
    for span, most, rule in (
        (MINUTE, limits.a_minute, "too many within a minute"),
        (10 * MINUTE, limits.ten_minutes, "too many within ten minutes"),
        (DAY, limits.a_day, "too many within a day"),
    ):
        if sum(new.at - one.at < span for one in today) >= most:
            return rule
    return None


def _is_code(word: str) -> bool:
    """Tell whether a word is a number, a date or an id. Scripts without spaces have none."""
    return word.isascii() and any(character.isdigit() for character in word)


def _letters(word: str) -> str:
    if word.isalpha():
        return word
    return "".join(character for character in word if character.isalpha())


def _length(words: str) -> int:
    """Return how long a text is, in letters of an alphabet.

    One of the Han, Kana or Hangul stands for three. Scripts from Hebrew to Burmese write most
    vowels as marks or not at all: one of their letters stands for two.
    """
    if words.isascii():
        return len(words) - words.count(" ")
    return sum(_weight(character) for character in words if character != " ")


def _weight(character: str) -> int:
    if character >= _CJK:
        return 3
    return 2 if _DENSE <= character < _SPARSE else 1
