"""What is a moment? An integer: milliseconds since 1970-01-01T00:00Z.

Every time in the database, the API and the rules is one (docs/adr/0004-moments.md).
"""

Moment = int
Millis = int

SECOND: Millis = 1_000
MINUTE: Millis = 60 * SECOND
HOUR: Millis = 60 * MINUTE
DAY: Millis = 24 * HOUR
