"""A day has room for so much mail, and the settings say for how much."""

import pytest

from core.config.settings import Settings
from core.model.day_budget import BudgetOf, Spent
from core.moment import DAY
from core.rules.day_limit import DAY_LIMITS, DayLimit, DayLimits, day_of
from tests.support.people import NOW
from wiring import _day_limits

TODAY = day_of(NOW)
LIMIT = DayLimit(3, 1_000)


@pytest.mark.parametrize(
    ("spent", "is_spent"),
    [
        pytest.param(Spent(), False, id="nothing ever came"),
        pytest.param(Spent(TODAY, 2, 999), False, id="room for one more"),
        pytest.param(Spent(TODAY, 3, 10), True, id="as many mails as may be"),
        pytest.param(Spent(TODAY, 1, 1_000), True, id="as many octets"),
        pytest.param(Spent(TODAY, 1, 5_000), True, id="the first mail was larger than the day"),
        pytest.param(Spent(TODAY - 1, 9, 9_000), False, id="that was yesterday"),
        pytest.param(Spent(TODAY + 1, 9, 9_000), True, id="the clock was set back since"),
    ],
)
def test_when_a_day_is_full(spent: Spent, is_spent: bool) -> None:  # noqa: FBT001
    """Full is full for the smallest mail; midnight of UTC makes room."""
    assert LIMIT.is_spent(spent, NOW) is is_spent
    assert not LIMIT.is_spent(spent, NOW + 2 * DAY)


def test_a_person_may_write_much() -> None:
    """Hundreds of replies in a day, and several of the largest mails: then it is put off."""
    largest = Settings().smtp.max_message_bytes

    assert DAY_LIMITS.words.mails >= 300
    assert DAY_LIMITS.words.octets >= 5 * largest
    assert all(DAY_LIMITS.of(one).octets >= largest for one in BudgetOf)


def test_the_defaults_are_those_of_the_settings() -> None:
    """What nobody sets is one number, whoever asks."""
    assert _day_limits(Settings()) == DAY_LIMITS == DayLimits()
