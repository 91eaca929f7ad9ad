"""Is it night where somebody is, as they or their role see it, and until when?

What comes due in quiet hours is put off to their end, and told then with all that came since; it is
never dropped. A night begins at the first moment at which the wall clock shows its beginning or
later, and ends likewise (``local_time``). So none begins or ends twice when the clock is set back;
one that lies in an hour that is skipped does not take place; and two nights with a day between
them that the zone never had are one.

They are kept as they are written, ``22:00-07:00``; ``none`` says that there are none, whatever the
role says.
"""

import re
from dataclasses import dataclass
from datetime import tzinfo

from core.moment import Moment
from core.rules.local_time import days_around, first_at, next_day

NONE = "none"
LONGEST = 11
_WRITTEN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From a minute of the day until another; the next day's, if that is not later."""

    begin: int
    end: int


def quiet_hours(written: str) -> str:
    """Return quiet hours as they are kept. Raise ValueError with how they are written."""
    if written == NONE:
        return written
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise ValueError('must be written as "22:00-07:00", or "none"')
    if found.groups()[:2] == found.groups()[2:]:
        raise ValueError("must not begin and end at the same time: that would be never, or always")
    return written


def hours_of(own: str | None, of_role: str | None) -> QuietHours | None:
    """Return whose quiet hours count, one's own before the role's; None: there are none."""
    found = _WRITTEN.fullmatch((of_role if own is None else own) or NONE)
    if found is None:
        return None
    hours = [int(one) for one in found.groups()]
    return QuietHours(hours[0] * 60 + hours[1], hours[2] * 60 + hours[3])


def quiet_until(hours: QuietHours, now: Moment, where: tzinfo) -> Moment | None:
    """Return when the night ends that it is now; None if it is none."""
    nights = _nights(hours, now, where)
    until: Moment | None = None
    for begin, end in nights:  # in their order, so that one that follows at once goes on
        if begin <= (now if until is None else until) < end:
            until = end
    return until


def _nights(hours: QuietHours, now: Moment, where: tzinfo) -> list[tuple[Moment, Moment]]:
    """Return the nights around a moment, by their beginnings."""
    over_midnight = hours.end <= hours.begin
    return [
        (
            first_at(day, hours.begin, where),
            first_at(next_day(day) if over_midnight else day, hours.end, where),
        )
        for day in days_around(now, where, before=2, after=2)
    ]
