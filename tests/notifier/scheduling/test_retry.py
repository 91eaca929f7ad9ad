"""When things are tried again, as tables."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.moment import DAY, HOUR, MINUTE, SECOND
from core.outcome import Cause
from notifier.scheduling.retry import (
    LIFETIME,
    Expired,
    lane_reopens,
    next_attempt,
    next_call,
    within_lifetime,
)

NOW = 1_700_000_000_000


@pytest.mark.parametrize(
    ("attempt", "wait"),
    [
        pytest.param(1, 30 * SECOND, id="the first try is followed soon"),
        pytest.param(2, 2 * MINUTE, id="the second after two minutes"),
        pytest.param(3, 5 * MINUTE, id="the third after five"),
        pytest.param(4, 15 * MINUTE, id="the fourth after a quarter of an hour"),
        pytest.param(5, 30 * MINUTE, id="the fifth after half an hour"),
        pytest.param(6, HOUR, id="the sixth after an hour"),
        pytest.param(40, HOUR, id="then hourly for ever"),
    ],
)
def test_a_deferred_mail_comes_back(attempt: int, wait: int) -> None:
    """The waits grow from half a minute to an hour."""
    moment = next_attempt(attempt, Cause.BUSY, NOW, NOW)

    assert moment == NOW + wait


@pytest.mark.parametrize(("attempt", "minutes"), [(1, 5), (2, 5), (3, 5), (4, 15), (5, 30)])
def test_a_greylisted_mail_comes_back_when_it_may(attempt: int, minutes: int) -> None:
    """Greylisting is outwaited in steps of five minutes, neither sooner nor much later."""
    moment = next_attempt(attempt, Cause.GREYLISTED, NOW, NOW)

    assert moment == NOW + minutes * MINUTE


@pytest.mark.parametrize(
    ("jitter", "wait"),
    [
        pytest.param(-0.2, 24 * SECOND, id="earlier by a fifth"),
        pytest.param(0.0, 30 * SECOND, id="on the dot"),
        pytest.param(0.2, 36 * SECOND, id="later by a fifth"),
    ],
)
def test_a_wait_is_shifted(jitter: float, wait: int) -> None:
    """The share the caller drew shifts the wait."""
    assert next_attempt(1, Cause.BUSY, NOW, NOW, jitter) == NOW + wait


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        pytest.param(LIFETIME - HOUR, NOW + HOUR, id="there is just time for one more"),
        pytest.param(LIFETIME - HOUR + 1, Expired(), id="the next try would come too late"),
        pytest.param(LIFETIME * 2, Expired(), id="its time was over long ago"),
    ],
)
def test_a_mail_expires(age: int, expected: object) -> None:
    """A mail that cannot be offered again within two days has expired."""
    assert next_attempt(9, Cause.BUSY, NOW, NOW - age) == expected


def test_a_lifetime_may_be_longer() -> None:
    """An operator may grant a mail five days."""
    moment = next_attempt(60, Cause.BUSY, NOW, NOW - 4 * DAY, lifetime=5 * DAY)

    assert moment == NOW + HOUR


@settings(deadline=None)
@given(
    attempt=st.integers(0, 200),
    cause=st.sampled_from(Cause),
    age=st.integers(0, 4 * DAY),
    jitter=st.floats(-0.2, 0.2),
)
def test_a_retry_lies_ahead_and_within_the_lifetime(
    attempt: int, cause: Cause, age: int, jitter: float
) -> None:
    """Whatever happened, the next try is after now and before the end, or there is none."""
    moment = next_attempt(attempt, cause, NOW, NOW - age, jitter)

    assert isinstance(moment, Expired) or NOW < moment <= NOW - age + LIFETIME


@pytest.mark.parametrize(
    ("troubles", "cause", "wait"),
    [
        pytest.param(1, Cause.CONNECTION, 5 * SECOND, id="a relay that restarts is back at once"),
        pytest.param(4, Cause.BUSY, MINUTE, id="trouble that lasts is given time"),
        pytest.param(99, Cause.TLS, 5 * MINUTE, id="a dead relay is tried every five minutes"),
        pytest.param(1, Cause.AUTHENTICATION, MINUTE, id="a wrong password is not said in haste"),
        pytest.param(9, Cause.AUTHENTICATION, 5 * MINUTE, id="nor often"),
    ],
)
def test_a_lane_is_paused(troubles: int, cause: Cause, wait: int) -> None:
    """The longer a relay is in trouble, the longer it is left alone."""
    assert lane_reopens(troubles, cause, NOW) == NOW + wait


def test_a_paused_mail_expires_too() -> None:
    """A mail behind a closed lane does not outlive its lifetime."""
    assert within_lifetime(NOW + 1, NOW - LIFETIME) == Expired()


@pytest.mark.parametrize(
    ("failures", "wait"),
    [
        (1, 5 * SECOND),
        (2, 5 * MINUTE),
        (3, 30 * MINUTE),
        (4, 2 * HOUR),
        (5, 5 * HOUR),
        (6, 10 * HOUR),
        (7, 14 * HOUR),
        (8, 20 * HOUR),
        (9, 24 * HOUR),
    ],
)
def test_a_webhook_is_called_again(failures: int, wait: int) -> None:
    """The waits are those of Standard Webhooks."""
    assert next_call(failures, NOW) == NOW + wait


def test_a_webhook_is_given_up_after_three_days() -> None:
    """The tenth failure is the last, a little over three days after the first."""
    assert next_call(10, NOW) == Expired()

    waited = sum(_waits())

    assert 3 * DAY < waited < 4 * DAY


@pytest.mark.parametrize(
    ("wish", "wait"),
    [
        pytest.param(None, 5 * MINUTE, id="no wish"),
        pytest.param(SECOND, 5 * MINUTE, id="a wish for less is no hurry"),
        pytest.param(HOUR, HOUR, id="a wish for more is granted"),
        pytest.param(30 * DAY, DAY, id="up to a day"),
    ],
)
def test_an_endpoint_may_ask_for_time(wish: int | None, wait: int) -> None:
    """Retry-After delays the next call, within reason."""
    assert next_call(2, NOW, wish=wish) == NOW + wait


def _waits() -> list[int]:
    moments = (next_call(failures, 0) for failures in range(1, 10))
    return [moment for moment in moments if not isinstance(moment, Expired)]
