"""A client's time runs while the client is waited for."""

import pytest

from gateway.capacity.connection_limits import NOTHING_UNDER_WAY
from gateway.http.request_timeouts import Awaited, RequestLimits, RequestTimeouts

LIMITS = RequestLimits(head_seconds=10, octets_a_second=200, grace_seconds=10, closing_seconds=5)


def _waiting_for(awaited: Awaited) -> RequestTimeouts:
    times = RequestTimeouts(LIMITS, began=100)
    times.wait_for(Awaited.OURS, 100)
    times.wait_for(awaited, 100)
    return times


@pytest.mark.parametrize(
    ("awaited", "octets", "seconds", "over"),
    [
        (Awaited.HEAD, 0, 9.9, False),
        (Awaited.HEAD, 0, 10, True),
        (Awaited.HEAD, 1_000_000, 10, True),
        (Awaited.BODY, 0, 10, False),
        (Awaited.BODY, 0, 10.1, True),
        (Awaited.BODY, 2_000, 19.9, False),
        (Awaited.BODY, 2_000, 20.1, True),
        (Awaited.BODY, 25_000_000, 100_000, False),
        (Awaited.TAKING, 0, 10.1, True),
        (Awaited.TAKING, 1_000, 14.9, False),
        (Awaited.CLOSING, 1_000_000, 5, True),
        (Awaited.OURS, 0, 1_000_000, False),
    ],
)
def test_when_a_clients_time_is_up(
    awaited: Awaited, octets: int, seconds: float, *, over: bool
) -> None:
    """A head has a time, a body and an answer have a rate, and we have no end."""
    times = _waiting_for(awaited)
    times.progress(octets, 100 + seconds / 2)

    assert times.is_over(100 + seconds) is over


@pytest.mark.parametrize(
    ("awaited", "octets", "silence"),
    [
        pytest.param(Awaited.HEAD, 50, NOTHING_UNDER_WAY + 8, id="loses nothing"),
        pytest.param(Awaited.BODY, 0, 8.0, id="sends nothing"),
        pytest.param(Awaited.BODY, 80, 7.992, id="sends drops"),
        pytest.param(Awaited.BODY, 800_000, 0.0, id="sends as others do"),
        pytest.param(Awaited.TAKING, 40_000, 4.0, id="takes half as fast"),
        pytest.param(Awaited.OURS, 0, 0.0, id="waits for us"),
    ],
)
def test_who_makes_room_first(awaited: Awaited, octets: int, silence: float) -> None:
    """An octet now and then does not keep a place."""
    times = _waiting_for(awaited)
    times.progress(octets, 107)

    assert times.silence(108) == pytest.approx(silence)
