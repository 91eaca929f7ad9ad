"""Who would wait for a lane is looked at in turn, and who waits longest is not passed over."""

from heapq import heapify, heappop, heappush

from core.moment import HOUR, MINUTE, SECOND, Moment
from core.rules.waiting import Crowd
from notifier.scheduling.look_lines import LookLines
from notifier.scheduling.rate_limit import RateLimit

LANE = "email/gmail"


def test_those_who_come_all_the_time_take_nobodys_turn() -> None:
    """Sixty a minute leave, half of that comes: a backlog of two hundred is gone in its time."""
    rate, lines = RateLimit(60), LookLines()
    looks = [(0, f"old{n:03}", False) for n in range(200)]
    looks += [(n * 2 * SECOND + 7, f"new{n:03}", False) for n in range(400)]
    heapify(looks)
    left: dict[str, Moment] = {}
    many = 0
    while looks:
        now, name, waited = heappop(looks)
        many += 1
        until = rate.crowded_until(now)
        if until is None:
            left[name] = rate.wait(now) or now
            continue
        spacing = {LANE: rate.spacing}
        places = lines.places({LANE: until}, spacing, now)
        due_at = places[LANE].again if waited else places[LANE].behind
        lines.taken(places, due_at, spacing, now)
        heappush(looks, (due_at, name, True))

    assert max(at for name, at in left.items() if name.startswith("old")) < 10 * MINUTE
    assert len(left) == 600
    assert many < 5_000


def test_each_that_is_put_off_has_a_place_of_its_own() -> None:
    """Behind those before it; who comes back for the second time not behind all the new."""
    lines, spacing = LookLines(), {LANE: SECOND}
    places = []
    for _ in range(9):
        given = lines.places({LANE: 5 * SECOND}, spacing, 0)
        lines.taken(given, given[LANE].behind, spacing, 0)
        places.append(given[LANE].behind)

    assert places == [n * SECOND for n in range(5, 14)]
    assert lines.places({LANE: 5 * SECOND}, spacing, 0)[LANE].again == 5 * SECOND


def test_several_at_once_lengthen_the_line_by_as_many() -> None:
    """Though they were told the same place."""
    lines, spacing = LookLines(), {LANE: SECOND}
    given = lines.places({LANE: 5 * SECOND}, spacing, 0)
    for _ in range(4):
        lines.taken(given, given[LANE].behind, spacing, 0)

    assert lines.places({LANE: 5 * SECOND}, spacing, 0)[LANE].behind == 9 * SECOND


def test_no_place_is_too_far_off() -> None:
    """Half an hour, or as long as the lane is closed; never sooner than in a second."""
    lines, spacing = LookLines(), {LANE: MINUTE}
    for _ in range(99):
        given = lines.places({LANE: 0}, spacing, 0)
        lines.taken(given, given[LANE].behind, spacing, 0)

    assert lines.places({LANE: 0}, spacing, 0)[LANE] == Crowd(MINUTE, 30 * MINUTE)
    assert lines.places({LANE: HOUR}, {}, 0)[LANE] == Crowd(HOUR, HOUR)
    assert LookLines().places({LANE: 0}, {}, 0)[LANE] == Crowd(SECOND, SECOND)
