"""When a wall clock shows a time for the first time, in zones where that is not plain."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.rules.local_time import exists, first_at, zone


def _utc(written: str) -> int:
    return int(datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp()) * 1000


@pytest.mark.parametrize(
    ("where", "day", "time", "first"),
    [
        pytest.param("UTC", "2026-03-01", "08:00", "2026-03-01T08:00", id="no zone to speak of"),
        pytest.param("Asia/Kathmandu", "2026-03-01", "08:00", "2026-03-01T02:15", id="5:45"),
        pytest.param("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00", id="a gap"),
        pytest.param("Europe/Berlin", "2026-03-29", "03:00", "2026-03-29T01:00", id="its end"),
        pytest.param("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30", id="a fold"),
        pytest.param("Europe/Berlin", "2026-10-25", "03:00", "2026-10-25T02:00", id="behind it"),
        pytest.param(
            "Australia/Lord_Howe", "2026-10-04", "02:10", "2026-10-03T15:30", id="half an hour"
        ),
        pytest.param(
            "Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45", id="half of it twice"
        ),
        pytest.param("Africa/Cairo", "2026-04-24", "00:00", "2026-04-23T22:00", id="no midnight"),
        pytest.param("America/Nuuk", "2026-03-28", "23:30", "2026-03-29T01:00", id="at 23 h"),
        pytest.param("Antarctica/Troll", "2026-03-29", "02:00", "2026-03-29T01:00", id="two hours"),
        pytest.param("Africa/Casablanca", "2026-02-15", "02:30", "2026-02-15T01:30", id="Ramadan"),
        pytest.param("Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T10:00", id="no such day"),
        pytest.param("Pacific/Apia", "2011-12-31", "00:00", "2011-12-30T10:00", id="the next"),
    ],
)
def test_a_time_is_the_first_moment_that_shows_it(
    where: str, day: str, time: str, first: str
) -> None:
    """What is skipped is the moment the clock is set; of what is twice, the first counts."""
    hour, minute = map(int, time.split(":"))

    found = first_at(date.fromisoformat(day), hour * 60 + minute, ZoneInfo(where))

    assert found == _utc(first)


def test_a_day_that_was_skipped_is_none() -> None:
    """Samoa went over the date line; all others have each day, also one without a midnight."""
    apia, cairo = ZoneInfo("Pacific/Apia"), ZoneInfo("Africa/Cairo")
    skipped = [d for d in (29, 30, 31) if not exists(date(2011, 12, d), apia)]

    assert skipped == [30]
    assert exists(date(2026, 4, 24), cairo)


@pytest.mark.parametrize(
    ("own", "of_app", "name"),
    [
        ("Asia/Tokyo", "Europe/Paris", "Asia/Tokyo"),
        (None, "Europe/Paris", "Europe/Paris"),
        ("Mars/Olympus", "Europe/Paris", "Europe/Paris"),
        ("", "../etc/passwd", "UTC"),
        ("Europe", "Mars/Olympus", "UTC"),
    ],
)
def test_an_unknown_zone_is_the_apps(own: str | None, of_app: str, name: str) -> None:
    """What was kept before it was checked, or is a folder, leads to the app's zone, then to UTC."""
    assert str(zone(own, of_app)) == name
