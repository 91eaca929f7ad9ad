"""When is it so late where somebody is? Wall clocks, which are set twice a year and skip days.

One question is answered, and all else is said with it: at which moment does a zone's wall clock
show a time of a day, or a later one, *for the first time*? So a time that the clock skips in spring
is the moment it is set, a time that it shows twice in autumn is the first of both, and a day that a
zone never had (Pacific/Apia, 30 December 2011) begins and ends when the next one begins.

The trap is to add hours to a local time: a day there has 23, 24 or 25, and elsewhere half an hour
more or less (Australia/Lord_Howe).
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.moment import SECOND, Moment

DAY_MINUTES = 24 * 60
_ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=1_024)
def zone(name: str | None, otherwise: str) -> tzinfo:
    """Return a zone by its IANA name, else the other one, else UTC."""
    for one in (name, otherwise):
        try:
            return ZoneInfo(one or "")
        except (KeyError, ValueError, OSError):  # not found is a KeyError, a folder an OSError
            continue
    return UTC


def wall(moment: Moment, where: tzinfo) -> datetime:
    """Return what the wall clock shows, to the second."""
    return datetime.fromtimestamp(moment // SECOND, where).replace(tzinfo=None, fold=0)


def first_at(day: date, minute: int, where: tzinfo) -> Moment:
    """Return the first moment at which the wall clock shows this minute of this day, or later."""
    wanted = datetime.combine(day, time()) + timedelta(minutes=minute)
    first = _second(wanted, where, 0)
    if _shows(first, where) == wanted:
        return first * SECOND
    # It was skipped: read with the offset of before it comes too late, with that of after too soon.
    late, soon = first, _second(wanted, where, 1)
    while late - soon > 1:
        middle = (soon + late) // 2
        if _shows(middle, where) >= wanted:
            late = middle
        else:
            soon = middle
    return late * SECOND


def exists(day: date, where: tzinfo) -> bool:
    """Tell whether a zone has a day at all."""
    return wall(first_at(day, 0, where), where).date() == day


def days_around(moment: Moment, where: tzinfo, before: int, after: int) -> list[date]:
    """Return the days around that of a moment there, also those that the zone skips."""
    today = wall(moment, where).date()
    return [today + n * _ONE_DAY for n in range(-before, after + 1)]


def next_day(day: date) -> date:
    """Return the day after, by the calendar."""
    return day + _ONE_DAY


def _second(wanted: datetime, where: tzinfo, fold: int) -> int:
    return int(wanted.replace(tzinfo=where, fold=fold).timestamp())


def _shows(second: int, where: tzinfo) -> datetime:
    return wall(second * SECOND, where)
