"""Every zone of the world for three years: is each night one night, and each digest one digest?

    make zones                    all zones, 2025 to 2027

The rules are held against a walk: a quarter of an hour after the other, looking at the wall clock.
Something begins when the clock shows its time or a later one, for the first time. So nothing can
be early, be skipped, or come twice.
"""

import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.moment import MINUTE, SECOND, Moment
from core.rules.quiet_hours import hours_of, quiet_until

STEP = 15 * MINUTE
NIGHTS = ("22:00-07:00", "02:15-02:45", "00:00-01:00", "23:30-00:15", "13:00-12:00")


def _moment(day: date) -> Moment:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * SECOND


def _shown_first(zone: ZoneInfo, begin: date, end: date) -> Iterator[tuple[Moment, datetime]]:
    """Yield each quarter of an hour with the latest time that the wall clock has shown so far."""
    latest = datetime(1, 1, 1)  # noqa: DTZ001  a wall clock has no zone
    for at in range(_moment(begin), _moment(end), STEP):
        latest = max(latest, datetime.fromtimestamp(at // SECOND, zone).replace(tzinfo=None))
        yield at, latest


def _first_moments(
    zone: ZoneInfo, begin: date, end: date, wanted: list[datetime]
) -> dict[datetime, Moment]:
    """Return when the wall clock shows each of these times first; they are in order."""
    found: dict[datetime, Moment] = {}
    place = 0
    for at, latest in _shown_first(zone, begin, end):
        while place < len(wanted) and wanted[place] <= latest:
            found[wanted[place]] = at
            place += 1
    return found


def wrong_nights(name: str, written: str, begin: date, end: date) -> list[str]:
    """Return where the nights of a zone, as the rule has them, are not those of the walk."""
    zone, hours = ZoneInfo(name), hours_of(written, None)
    assert hours is not None
    over = int(hours.end <= hours.begin)
    days = [begin + timedelta(days=n) for n in range((end - begin).days - 1)]
    spans = [(_at(day, hours.begin), _at(day + timedelta(days=over), hours.end)) for day in days]
    wanted = sorted({one for span in spans for one in span})
    first = _first_moments(zone, begin - timedelta(days=2), end + timedelta(days=2), wanted)
    nights: list[list[Moment]] = []
    for since, until in spans:
        if nights and nights[-1][1] >= first[since] and first[until] > first[since]:
            nights[-1][1] = max(nights[-1][1], first[until])
        elif first[until] > first[since]:
            nights.append([first[since], first[until]])
    wrong = []
    for begins, ends in nights[2:-2]:
        asked: dict[Moment, Moment | None] = {begins - 1: None, begins: ends, ends - 1: ends}
        for moment, expected in (asked | {(begins + ends) // 2: ends, ends: None}).items():
            found = quiet_until(hours, moment, zone)
            if found != expected:
                wrong.append(f"{name} {written} at {moment}: {found}, not {expected}")
    return wrong


def _at(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001


def main() -> None:
    """Go through all zones, and say what was wrong."""
    began, wrong = time.monotonic(), list[str]()
    names = sorted(name for name in available_timezones() if name not in {"localtime", "Factory"})
    for name in names:
        for written in NIGHTS:
            wrong += wrong_nights(name, written, date(2025, 1, 1), date(2028, 1, 1))
    took = time.monotonic() - began
    sys.stdout.write(
        "\n".join([*wrong, f"{len(names)} zones, {len(wrong)} wrong ({took:.0f} s)\n"])
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
