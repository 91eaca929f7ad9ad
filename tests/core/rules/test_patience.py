"""How long a notification waits, whatever people and clocks do."""

import pytest

from core.moment import DAY, HOUR, SECOND
from core.rules.look_again import Later, Send, look_again
from core.rules.patience import Patience, due_after_typing, due_at
from tests.core.rules.test_look_again import a_burst
from tests.support.people import NOW

PATIENCE = Patience.of_seconds(30, 90)


@pytest.mark.parametrize(
    ("activity", "due"),
    [
        pytest.param(0, 30, id="nothing since"),
        pytest.param(-50, 30, id="activity of before counts for nothing"),
        pytest.param(40, 70, id="the pause begins with the last of it"),
        pytest.param(80, 90, id="never later than the maximum wait"),
    ],
)
def test_a_pause_is_waited_for(activity: int, due: int) -> None:
    """Since the last activity for as long as the timeout, at most for the maximum wait."""
    assert due_at(NOW, NOW + activity * SECOND, PATIENCE) == NOW + due * SECOND


@pytest.mark.parametrize(
    ("until", "now", "due"),
    [
        pytest.param(5, 0, 30, id="a crowd's others look after a timeout"),
        pytest.param(20, 0, 30, id="though they may type for longer"),
        pytest.param(0, 5, 30, id="they have stopped: the pause began then"),
        pytest.param(80, 70, 90, id="never later than the maximum wait"),
    ],
)
def test_typing_is_activity(until: int, now: int, due: int) -> None:
    """It is looked at again when the pause behind it would end, or a timeout from now."""
    at = NOW + now * SECOND

    assert due_after_typing(NOW, NOW + until * SECOND, PATIENCE, at) == NOW + due * SECOND


@pytest.mark.parametrize("jump", [SECOND, 17 * SECOND, HOUR, DAY, 400 * DAY])
def test_a_clock_set_back_adds_one_maximum_wait_at_most(jump: int) -> None:
    """However far it jumps, the burst leaves within the maximum wait of the look that sees it."""
    burst = a_burst(timeout_seconds=30, max_wait_seconds=90)
    now, since, looks = NOW - jump, NOW, []

    while isinstance(decided := look_again(burst, since, now), Later):
        now, since = decided.due_at, decided.since
        looks.append(now)

    assert isinstance(decided, Send)
    assert now <= NOW - jump + 90 * SECOND
    assert len(looks) <= 4


@pytest.mark.parametrize("jump", [91 * SECOND, HOUR, 400 * DAY])
def test_a_clock_set_ahead_ends_the_wait(jump: int) -> None:
    """What the clock says has been waited for has been waited for."""
    assert isinstance(look_again(a_burst(), NOW, NOW + 900 * SECOND + jump), Send)
