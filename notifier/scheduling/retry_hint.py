"""Does a refusal say when to come again? "Try again in 60 minutes", "try again after" a date.

The trap: these are a stranger's words, cut anywhere. A time that has passed, or none that a person
would wait for, is no answer, and the longest wish is heeded in part: whoever raised the quota
meanwhile need not wait a day.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from importlib import resources

from core.moment import HOUR, SECOND, Millis, Moment

LONGEST: Millis = 6 * HOUR
_DATE = re.compile(
    r"(?:[a-z]{3}, )?\d{1,2} [a-z]{3} \d{4} \d\d:\d\d(?::\d\d)?(?: (?:[+-]\d{4}|[a-z]{2,4}))?"
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d)?(?:\.\d{1,6})?(?:z|[+-]\d\d:?\d\d)?")
_LOOKED_AT = 1_000


@dataclass(frozen=True, slots=True)
class _Words:
    """What asks, and what follows within a few words: so many of a unit."""

    asks: re.Pattern[str]
    span: re.Pattern[str]
    seconds: dict[str, int]


def asked_to_wait(text: str, now: Moment) -> Millis | None:
    """Return for how long a refusal asks to wait, a second to six hours; None if it does not."""
    words = " ".join(text[:_LOOKED_AT].lower().split())
    asked = _words().asks.search(words)
    if asked is None:
        return None
    rest = words[asked.end() :]
    wait = _until_date(rest, now)
    if wait is None:
        wait = _for_a_span(rest)
    return min(wait, LONGEST) if wait is not None and wait >= SECOND else None


def _until_date(words: str, now: Moment) -> Millis | None:
    found = _DATE.search(words)
    iso = _ISO.search(words)
    try:
        if found is not None:
            moment = parsedate_to_datetime(found[0])
        elif iso is not None:
            moment = datetime.fromisoformat(iso[0].upper())
        else:
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return round(aware.timestamp() * SECOND) - now
    except (ValueError, OverflowError):
        return None


def _for_a_span(words: str) -> Millis | None:
    found = _words().span.search(words)
    if found is None:
        return None
    return int(found[1]) * _words().seconds[found[2]] * SECOND


@cache
def _words() -> _Words:
    """Return what stands in the file."""
    file = resources.files("notifier.scheduling") / "data" / "retry_hints.toml"
    told = tomllib.loads(file.read_text("utf-8"))
    units = dict(told["units"])
    names = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
    return _Words(
        re.compile("|".join(told["asks"])),
        re.compile(rf"^.{{0,40}}?\b(\d{{1,6}}) ?({names})"),
        units,
    )
