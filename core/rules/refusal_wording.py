"""What do the words of a refusal tell of? ``data/refusals.toml``, made into patterns.

The trap: the words of a reader's full mailbox ("quota", "limit", "exceeded") are those of our own
limits at a relay, too. So a row says whose they are, and the first that fits counts: those about
the reader stand before those about us.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Self

from core.outcome import Cause, PeerReply

_SPACES = re.compile(r"\s+")
_REPEATED = re.compile(r"\b(?:said|says|responded|response|answered|replied|returned)\b ?[:\"'(]")
_LONGEST = 4_000  # signs of a refusal that are looked at; a reply in SMTP is cut long before


@dataclass(frozen=True, slots=True)
class CodeRange:
    """Enhanced codes from one detail to another, of one class or of either (None)."""

    kind: str | None
    subject: str
    first: int
    last: int

    @classmethod
    def of(cls, text: str) -> Self:
        """Read ``7.57``, ``5.4.5`` or ``4.7.500-4.7.699``."""
        first, _, last = text.partition("-")
        *kind, subject, detail = first.split(".")
        end = last.rpartition(".")[2] or detail
        return cls(kind[0] if kind else None, subject, int(detail), int(end))

    def holds(self, enhanced: str) -> bool:
        """Tell whether a code as ``5.7.57`` is one of these."""
        kind, _, rest = enhanced.partition(".")
        subject, _, detail = rest.partition(".")
        if subject != self.subject or self.kind not in {None, kind}:
            return False
        return detail.isdecimal() and self.first <= int(detail) <= self.last


@dataclass(frozen=True, slots=True)
class KnownRefusal:
    """One row: how somebody puts a refusal, and what it tells of."""

    cause: Cause
    codes: tuple[CodeRange, ...]
    words: re.Pattern[str] | None
    final: bool
    weak: bool

    @classmethod
    def of(cls, row: dict[str, Any]) -> Self:
        """Read a row of the file."""
        return cls(
            Cause(row["cause"]),
            tuple(map(CodeRange.of, row.get("enhanced", ()))),
            _any(row["words"]) if "words" in row else None,
            row.get("final", False),
            row.get("weak", False),
        )

    def fits(self, enhanced: str, words: str) -> bool:
        """Tell whether a refusal is put so."""
        coded = not self.codes or any(one.holds(enhanced) for one in self.codes)
        return coded and (self.words is None or self.words.search(words) is not None)


def known_cause(reply: PeerReply, *, permanent: bool, weak: bool) -> Cause | None:
    """Return what a refusal tells of by its words, None if they say nothing we know.

    ``weak``: ask the rows that count only where the codes leave the matter open, else the others.
    """
    words, enhanced = _own_words(reply), reply.enhanced or ""
    rows = (row for row in refusals() if row.weak is weak and (permanent or not row.final))
    return next((row.cause for row in rows if row.fits(enhanced, words)), None)


def _own_words(reply: PeerReply) -> str:
    """Return the words that are the peer's own, as ``plain`` has them.

    Who asks a far server before it takes an address repeats what that one said ("host mx said: 550
    Daily limit exceeded"). It is said of that address then, as the code tells, and not of us:
    else any reader's domain could close the way to our relay.
    """
    words = plain(reply.text[:_LONGEST])
    subject = (reply.enhanced or "").split(".")[1:2]
    return _REPEATED.split(words, maxsplit=1)[0] if subject in (["1"], ["2"]) else words


def plain(text: str) -> str:
    """Return a text in lower case, with single spaces and straight apostrophes."""
    return _SPACES.sub(" ", text.lower().replace("\u2019", "'"))


@cache
def refusals() -> tuple[KnownRefusal, ...]:
    """Return the rows of the file, in its order."""
    file = resources.files("core.rules") / "data" / "refusals.toml"
    rows = tomllib.loads(file.read_text("utf-8"))["refusal"]
    return tuple(map(KnownRefusal.of, rows))


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))
