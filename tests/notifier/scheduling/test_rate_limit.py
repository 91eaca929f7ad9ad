"""So many a minute, evenly."""

import pytest

from core.moment import MINUTE, SECOND
from notifier.scheduling.rate_limit import RateLimit


@pytest.mark.parametrize("a_minute", [1, 7, 60, 600])
def test_no_more_leave_in_a_minute(a_minute: int) -> None:
    """A crowd that asks all the time, and comes again when it was told to."""
    limit, left = RateLimit(a_minute), []
    asking = [0] * (a_minute * 2 + 5)
    for now in range(0, 2 * MINUTE, 50):
        waiting = sorted(one for one in asking if one <= now)
        for moment in waiting:
            asking.remove(moment)
            wait = limit.wait(now)
            if wait is None:
                left.append(now)
            else:
                asking.append(wait)

    assert sum(now < MINUTE for now in left) <= a_minute + 1
    assert len(left) >= a_minute * 1.8


def test_without_a_limit_nobody_waits() -> None:
    """Nor is anything given away."""
    limit = RateLimit(None)

    assert [limit.wait(0) for _ in range(9)] == [None] * 9
    assert limit.promised(0) == 0


def test_those_who_wait_come_one_behind_the_other() -> None:
    """And how long the queue is can be told."""
    limit = RateLimit(60)
    waits = [limit.wait(0) for _ in range(4)]

    assert waits == [None, SECOND, 2 * SECOND, 3 * SECOND]
    assert limit.promised(0) == 4 * SECOND
