"""A night is put off to its end, once, in zones where clocks are set."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.rules.quiet_hours import hours_of, quiet_hours, quiet_until
from tests.decision.zones import wrong_nights


def _utc(written: str) -> int:
    return int(datetime.fromisoformat(written).replace(tzinfo=UTC).timestamp()) * 1000


@pytest.mark.parametrize(
    ("where", "written", "now", "until"),
    [
        pytest.param("Europe/Berlin", "22:00-07:00", "2026-01-10T20:59", None, id="evening"),
        pytest.param(
            "Europe/Berlin", "22:00-07:00", "2026-01-10T21:00", "2026-01-11T06:00", id="its begin"
        ),
        pytest.param(
            "Europe/Berlin", "22:00-07:00", "2026-01-11T05:59", "2026-01-11T06:00", id="its end"
        ),
        pytest.param("Europe/Berlin", "22:00-07:00", "2026-01-11T06:00", None, id="morning"),
        pytest.param(
            "Asia/Kolkata", "13:00-14:30", "2026-01-10T08:00", "2026-01-10T09:00", id="by day"
        ),
        pytest.param(
            "Europe/Berlin", "22:00-07:00", "2026-03-28T23:00", "2026-03-29T05:00", id="short"
        ),
        pytest.param(
            "Europe/Berlin", "22:00-07:00", "2026-10-24T23:00", "2026-10-25T06:00", id="long"
        ),
        pytest.param("Europe/Berlin", "02:00-02:45", "2026-03-29T01:00", None, id="in the gap"),
        pytest.param(
            "Europe/Berlin", "23:00-02:30", "2026-03-29T00:59", "2026-03-29T01:00",
            id="its end is in the gap",
        ),
        pytest.param(
            "Europe/Berlin", "02:00-02:30", "2026-10-25T00:15", "2026-10-25T00:30", id="the first"
        ),
        pytest.param("Europe/Berlin", "02:00-02:30", "2026-10-25T01:15", None, id="not again"),
        pytest.param(
            "Europe/Berlin", "02:30-06:00", "2026-10-25T01:15", "2026-10-25T05:00",
            id="it goes on, though the clock shows a time before it",
        ),
        pytest.param(
            "Pacific/Apia", "22:00-07:00", "2011-12-30T09:00", "2011-12-30T17:00",
            id="one night, over a day that never was",
        ),
    ],
)  # fmt: skip
def test_a_night_ends_once(where: str, written: str, now: str, until: str | None) -> None:
    """It begins and ends at the first moment that shows its times, or later ones."""
    hours = hours_of(written, None)
    assert hours is not None

    assert quiet_until(hours, _utc(now), ZoneInfo(where)) == (until and _utc(until))


@pytest.mark.parametrize(
    ("own", "of_role", "begin"),
    [
        pytest.param(None, None, None, id="nobody said anything"),
        pytest.param(None, "21:00-06:30", 21 * 60, id="the role's"),
        pytest.param("23:15-06:00", "21:00-06:00", 23 * 60 + 15, id="their own"),
        pytest.param("none", "21:00-06:00", None, id="they want none"),
    ],
)
def test_ones_own_nights_count_before_the_roles(
    own: str | None, of_role: str | None, begin: int | None
) -> None:
    """Also to have none is a choice."""
    hours = hours_of(own, of_role)

    assert (hours and hours.begin) == begin


@pytest.mark.parametrize(
    "written",
    [
        "", "22-7", "22:00", "22:00\u201307:00", "24:00-07:00", "22:60-07:00", "10pm-7am",
        "22:00-22:00", " 22:00-07:00", "22:00-07:00\n",
        "2\uff12:00-07:00", "NONE", "22:00-07:00" * 1000,
    ],
)  # fmt: skip
def test_what_is_no_night_is_refused(written: str) -> None:
    """With how one is written."""
    with pytest.raises(ValueError, match="must"):
        quiet_hours(written)


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("Europe/Berlin", date(2026, 3, 1)),
        ("Africa/Casablanca", date(2026, 1, 20)),
        ("Australia/Lord_Howe", date(2026, 3, 20)),
        ("America/Nuuk", date(2026, 3, 10)),
        ("Antarctica/Troll", date(2026, 3, 10)),
        ("America/Havana", date(2026, 10, 20)),
        ("Africa/Cairo", date(2026, 4, 10)),
        ("Asia/Beirut", date(2026, 10, 10)),
        ("America/Santiago", date(2026, 3, 20)),
        ("Pacific/Apia", date(2011, 12, 15)),
        ("Pacific/Chatham", date(2026, 3, 25)),
        ("America/Scoresbysund", date(2026, 3, 10)),
    ],
)
def test_nights_are_those_that_the_wall_clock_shows(name: str, begin: date) -> None:
    """Around a change of the clock; ``make zones`` looks at all zones for three years."""
    end = date.fromordinal(begin.toordinal() + 35)

    wrong = [wrong_nights(name, one, begin, end) for one in ("22:00-07:00", "23:30-02:15")]

    assert wrong == [[], []]
