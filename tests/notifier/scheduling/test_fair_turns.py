"""In a backlog the apps take turns: who was served least of late comes first."""

from collections import Counter

import pytest

from notifier.scheduling.fair_turns import HALF_LIFE, FairTurns


def _run(turns: FairTurns, left: dict[str, int], rate: float, seconds: float) -> list[str]:
    """Serve one row after the other at this rate, and return whose each was."""
    order: list[str] = []
    now = 1_000.0
    while len(order) < rate * seconds and any(left.values()):
        for app in turns.next(now) or tuple(one for one, many in left.items() if many):
            if not left[app]:
                turns.emptied([app])
                continue
            left[app] -= 1
            turns.served(app, 1, now)
            order.append(app)
            break
        now += 1 / rate
    return order


def test_without_others_nobody_is_named() -> None:
    """One app alone needs no turns, and costs none."""
    turns = FairTurns()
    turns.seen(["a"])

    assert turns.next(0.0) == ()


def test_a_small_app_does_not_wait_behind_a_large_one() -> None:
    """Its hundred leave at once, though the other has been served for long and has far more."""
    turns = FairTurns()
    turns.seen(["large", "small"])
    for second in range(60):
        turns.served("large", 300, 940.0 + second)
    order = _run(turns, {"large": 100_000, "small": 100}, 300, 2)

    assert order[:100] == ["small"] * 100


@pytest.mark.parametrize("many", [2, 3, 10])
def test_those_with_as_much_have_as_much(many: int) -> None:
    """Equals are served equally."""
    turns, left = FairTurns(), {f"a{n}": 10_000 for n in range(many)}
    turns.seen(left)
    counted = Counter(_run(turns, left, 100, 20))

    assert max(counted.values()) - min(counted.values()) <= 2


def test_who_comes_with_a_backlog_keeps_the_others_waiting_for_seconds_only() -> None:
    """One that was served all the time, a little each, goes on being served."""
    turns = FairTurns()
    turns.seen(["steady", "burst"])
    for second in range(120):
        turns.served("steady", 20, 880.0 + second)
    order = _run(turns, {"steady": 5_000, "burst": 100_000}, 20, 30)

    assert order.index("steady") <= 20 * HALF_LIFE
    assert order[-200:].count("steady") == pytest.approx(100, abs=5)


def test_what_was_had_long_ago_is_not_held_against_anybody() -> None:
    """After a while all begin anew."""
    turns = FairTurns()
    turns.seen(["a", "b"])
    turns.served("a", 10_000, 0.0)
    first = turns.next(1.0)

    assert first == ("b", "a")
    assert turns.next(600.0) == ("a", "b")


def test_a_clock_that_stands_still_forgets_nothing_and_fails_nowhere() -> None:
    """Nor does one that an earlier moment is told of."""
    turns = FairTurns()
    turns.seen(["a", "b"])
    turns.served("a", 3, 50.0)
    turns.served("b", 1, 50.0)
    turns.served("b", 1, 40.0)

    assert turns.next(50.0) == ("b", "a")


def test_many_apps_are_all_served() -> None:
    """Nobody is passed over for good, however many there are."""
    turns, left = FairTurns(), {f"a{n}": 3 for n in range(200)}
    turns.seen(left)
    order = _run(turns, left, 200, 1.5)

    assert len(set(order)) == 200
