"""A mute ends by the reader's clock, and one for ever says so."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.model.participant import Participant
from core.moment import HOUR
from core.rules.muting import EVER, Mute, muted_until
from core.rules.obstacles import Standing, obstacles


def _at(text: str, zone: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("zone", "now", "until"),
    [
        ("UTC", "2026-03-28T22:00", "2026-03-29T08:00"),
        ("Europe/Berlin", "2026-03-28T23:59", "2026-03-29T08:00"),  # a day of 23 hours
        ("Europe/Berlin", "2026-10-24T12:00", "2026-10-25T08:00"),  # a day of 25
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-26T08:00"),  # an hour that comes twice
        ("America/New_York", "2026-03-08T00:30", "2026-03-09T08:00"),
        ("Australia/Lord_Howe", "2026-10-03T20:00", "2026-10-04T08:00"),  # half an hour
        ("Pacific/Apia", "2011-12-29T20:00", "2011-12-30T08:00"),  # a day that never was
        ("Asia/Kathmandu", "2026-12-31T23:00", "2027-01-01T08:00"),
        ("Pacific/Kiritimati", "2028-02-28T07:00", "2028-02-29T08:00"),
    ],
)
def test_tomorrow_is_the_next_morning_there(zone: str, now: str, until: str) -> None:
    """At eight, however many hours that day has; never in the past, never two days off."""
    ends = muted_until(Mute.TOMORROW, ZoneInfo(zone), _at(now, zone))

    assert ends == _at(until, zone)
    assert ends is not None
    assert 0 < ends - _at(now, zone) <= 33 * HOUR


def test_the_others_need_no_clock() -> None:
    """An hour is an hour; for ever has an end nobody meets; none ends it."""
    zone = ZoneInfo("Asia/Tokyo")

    assert muted_until(Mute.HOUR, zone, 5) == 5 + HOUR
    assert muted_until(Mute.EVER, zone, 5) == EVER
    assert muted_until(Mute.OFF, zone, 5) is None


def test_one_for_ever_is_not_told_with_a_year() -> None:
    """Nobody reads the year 9999 as "until I say otherwise"."""
    one = Participant(
        app_id="a", conversation_id="c", user_id="u", reference=1, joined_at=0, muted_until=EVER
    )
    told = [each.change for each in obstacles(Standing(None, None, (), ()), one, 5)]

    assert told[0] == "It is muted until they unmute it themselves."
