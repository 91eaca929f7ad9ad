"""A client's time runs while it is the client's turn."""

import pytest

from gateway.capacity.connection_limits import NOTHING_UNDER_WAY
from gateway.http.request_timeouts import RequestLimits, RequestTimeouts, Turn

LIMITS = RequestLimits(head_seconds=10, octets_a_second=200, grace_seconds=10, closing_seconds=5)


def _at_turn(turn: Turn) -> RequestTimeouts:
    times = RequestTimeouts(LIMITS, began=100)
    times.becomes(Turn.OURS, 100)
    times.becomes(turn, 100)
    return times


@pytest.mark.parametrize(
    ("turn", "octets", "seconds", "over"),
    [
        (Turn.HEAD, 0, 9.9, False),
        (Turn.HEAD, 0, 10, True),
        (Turn.HEAD, 1_000_000, 10, True),
        (Turn.BODY, 0, 10, False),
        (Turn.BODY, 0, 10.1, True),
        (Turn.BODY, 2_000, 19.9, False),
        (Turn.BODY, 2_000, 20.1, True),
        (Turn.BODY, 25_000_000, 100_000, False),
        (Turn.TAKING, 0, 10.1, True),
        (Turn.TAKING, 1_000, 14.9, False),
        (Turn.CLOSING, 1_000_000, 5, True),
        (Turn.OURS, 0, 1_000_000, False),
    ],
)
def test_when_a_clients_time_is_up(turn: Turn, octets: int, seconds: float, *, over: bool) -> None:
    """A head has a time, a body and an answer have a rate, and we have no end."""
    times = _at_turn(turn)
    times.progress(octets, 100 + seconds / 2)

    assert times.is_over(100 + seconds) is over


@pytest.mark.parametrize(
    ("turn", "octets", "silence"),
    [
        pytest.param(Turn.HEAD, 50, NOTHING_UNDER_WAY + 8, id="loses nothing"),
        pytest.param(Turn.BODY, 0, 8.0, id="sends nothing"),
        pytest.param(Turn.BODY, 80, 7.992, id="sends drops"),
        pytest.param(Turn.BODY, 800_000, 0.0, id="sends as others do"),
        pytest.param(Turn.TAKING, 40_000, 4.0, id="takes half as fast"),
        pytest.param(Turn.OURS, 0, 0.0, id="waits for us"),
    ],
)
def test_who_makes_room_first(turn: Turn, octets: int, silence: float) -> None:
    """An octet now and then does not keep a place."""
    times = _at_turn(turn)
    times.progress(octets, 107)

    assert times.silence(108) == pytest.approx(silence)
