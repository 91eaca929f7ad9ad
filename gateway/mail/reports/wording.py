"""How do mail systems put it? ``data/wording.toml``, made into patterns.

Words are looked for in lower case and with single spaces, since systems wrap their lines anywhere.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from core.outcome import Cause

_SPACES = re.compile(r"\s+")
_LONGEST_SUBJECT = 300
_LINE_BEGINS = r"^[ \t>*_=|#-]{0,80}(?:"


@dataclass(frozen=True, slots=True)
class Wording:
    """The patterns, each one search over a text."""

    subjects: re.Pattern[str]
    cuts: re.Pattern[str]
    delayed: re.Pattern[str]
    delivered: re.Pattern[str]
    relayed: re.Pattern[str]
    failed: re.Pattern[str]
    causes: tuple[tuple[Cause, re.Pattern[str]], ...]
    together: tuple[tuple[str, str, Cause], ...]

    def subject(self, text: str) -> bool:
        """Tell whether only a mail system writes such a subject."""
        return self.subjects.search(plain(text[:_LONGEST_SUBJECT])) is not None

    def cause(self, text: str) -> Cause | None:
        """Return what the words of a refusal tell of, None if they say nothing we know."""
        words = plain(text)
        return next((cause for cause, phrase in self.causes if phrase.search(words)), None)

    def exception(self, enhanced: str, text: str) -> Cause | None:
        """Return what an enhanced code means beside such words, if not what it should."""
        words = plain(text)
        fitting = (
            cause for code, said, cause in self.together if code == enhanced and said in words
        )
        return next(fitting, None)


def plain(text: str) -> str:
    """Return a text in lower case with single spaces."""
    return _SPACES.sub(" ", text.lower().replace("\u2019", "'"))


@cache
def wording() -> Wording:
    """Return what stands in the file."""
    file = resources.files("gateway.mail.reports") / "data" / "wording.toml"
    told = tomllib.loads(file.read_text("utf-8"))
    return Wording(
        subjects=_any(told["subjects"]),
        cuts=re.compile(_LINE_BEGINS + _listed(told["cuts"]) + ")", re.MULTILINE | re.IGNORECASE),
        delayed=_any(told["delayed"]),
        delivered=_any(told["delivered"]),
        relayed=_any(told["relayed"]),
        failed=_any(told["failed"]),
        causes=tuple((Cause(one["name"]), _any(one["phrases"])) for one in told["cause"]),
        together=tuple(
            (one["enhanced"], one["phrase"], Cause(one["cause"])) for one in told["together"]
        ),
    )


def _any(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(_listed(phrases))


def _listed(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in phrases)
