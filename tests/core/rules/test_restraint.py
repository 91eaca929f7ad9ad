"""How many mails are too many, for a person and for a conversation that they pass over."""

from dataclasses import replace
from typing import Any

import pytest

from core.model.mails_before import MailsBefore
from core.model.role import Role
from core.moment import DAY, HOUR, MINUTE, Moment
from core.rules.look_again import Later, Send, look_again
from core.rules.restraint import STEPS, backs_off_until, room_at
from core.rules.waiting import Wait
from tests.core.rules.test_look_again import LATER, a_burst
from tests.support.people import NOW


def _ago(*minutes: int) -> tuple[Moment, ...]:
    return tuple(NOW - one * MINUTE for one in minutes)


@pytest.mark.parametrize(
    ("caps", "made", "room"),
    [
        pytest.param((None, None), _ago(1, 2, 3), None, id="no caps"),
        pytest.param((3, None), _ago(1, 2), None, id="there is room"),
        pytest.param((3, None), _ago(1, 2, 3), NOW + 57 * MINUTE, id="the third leaves the hour"),
        pytest.param((1, None), _ago(59), NOW + MINUTE, id="a minute more"),
        pytest.param((1, None), _ago(60), None, id="it is an hour ago"),
        pytest.param((2, None), _ago(1, 2, 3, 4), NOW + 58 * MINUTE, id="there were more than two"),
        pytest.param((None, 2), _ago(5, 600), NOW + DAY - 600 * MINUTE, id="the day"),
        pytest.param((2, 3), _ago(1, 2, 600), NOW + DAY - 600 * MINUTE, id="the later of both"),
        pytest.param((1, None), (NOW + HOUR,), None, id="what a clock ahead wrote counts not"),
    ],
)
def test_a_cap_says_when_there_is_room(
    caps: tuple[int | None, int | None], made: tuple[Moment, ...], room: Moment | None
) -> None:
    """When the oldest of as many as there may be is an hour, or a day, ago."""
    role = Role(app_id="shop", name="r", mails_per_hour=caps[0], mails_per_day=caps[1])

    assert room_at(role, made, NOW) == room


@pytest.mark.parametrize(
    ("after", "unseen", "until"),
    [
        pytest.param(None, _ago(1, 2, 3, 4, 5, 6), None, id="nobody backs off"),
        pytest.param(2, _ago(1), None, id="not yet two"),
        pytest.param(2, _ago(1, 99), NOW + 9 * MINUTE, id="ten minutes after the second"),
        pytest.param(2, _ago(10, 99), None, id="they are over"),
        pytest.param(2, _ago(1, 98, 99), NOW + 59 * MINUTE, id="then an hour"),
        pytest.param(1, _ago(1, 97, 98, 99), NOW - MINUTE + DAY, id="at last a day"),
        pytest.param(1, _ago(*range(1, 9)), NOW - MINUTE + DAY, id="and never longer"),
        pytest.param(1, (NOW + HOUR,), None, id="what a clock ahead wrote counts not"),
    ],
)
def test_who_passes_mails_over_gets_fewer(
    after: int | None, unseen: tuple[Moment, ...], until: Moment | None
) -> None:
    """The wait grows with each that nobody looked at, from ten minutes to a day."""
    role = Role(app_id="shop", name="r", back_off_after=after)

    assert backs_off_until(role, unseen, NOW) == until


def test_the_waits_grow() -> None:
    """Each step is longer than the one before."""
    assert sorted(STEPS) == list(STEPS)
    assert STEPS[-1] == DAY


@pytest.mark.parametrize(
    ("role", "before", "then"),
    [
        pytest.param({}, {"for_person": (LATER,) * 9, "unseen": (LATER,) * 9}, Send, id="no cap"),
        pytest.param(
            {"mails_per_hour": 1}, {"for_person": (LATER - HOUR // 2,)},
            Later(LATER + HOUR // 2, NOW, Wait.CAP), id="over the cap",
        ),
        pytest.param(
            {"back_off_after": 1}, {"unseen": (LATER - MINUTE,)},
            Later(LATER + 9 * MINUTE, NOW, Wait.BACK_OFF), id="passed over",
        ),
        pytest.param(
            {"back_off_after": 1}, {"unseen": (LATER - MINUTE,) * 4},
            Later(LATER + 10 * MINUTE, NOW, Wait.BACK_OFF),
            id="looked at every ten minutes, for they may have answered by mail",
        ),
        pytest.param(
            {"mails_per_day": 1, "quiet_hours": "00:00-23:59"}, {"for_person": (LATER - 1,)},
            Wait.QUIET_HOURS, id="the night comes first",
        ),
    ],
)  # fmt: skip
def test_what_is_too_much_is_put_off(
    role: dict[str, Any], before: dict[str, Any], then: Any
) -> None:
    """Never dropped; and what it waits for is told."""
    burst = replace(a_burst(**role), before=MailsBefore(**before))

    found = look_again(burst, NOW, LATER)

    if isinstance(then, Wait):
        assert isinstance(found, Later)
        assert found.wait is then
    else:
        assert found == then or (then is Send and isinstance(found, Send))
