"""What is a moment? An integer: milliseconds since 1970-01-01T00:00Z.

Every time in the database, the API and the rules is one (docs/adr/0004-moments.md).
"""

from datetime import UTC, datetime

Moment = int
Millis = int

SECOND: Millis = 1_000
MINUTE: Millis = 60 * SECOND
HOUR: Millis = 60 * MINUTE
DAY: Millis = 24 * HOUR

_LAST: Moment = 253_402_300_799_000  # the year 9999 is the last that has a name


def in_words(moment: Moment) -> str:
    """Write a moment in UTC, to the second, as ``2026-11-29 23:48:01Z``."""
    second = max(0, min(moment, _LAST)) // SECOND
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
