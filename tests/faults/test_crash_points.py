"""Killed at points of the way out, the notifier loses no mail and doubles none it did not doubt.

A sample of the points, once each; `make crash` goes to all of them, a thousand times.
"""

from tests.faults.crash_points import POINTS
from tests.faults.crash_runs import run_all
from tests.faults.crash_tally import Tally

_SAMPLE = {
    "the decision: on disk, told to nobody",
    "the relay has taken it, and not said so",
    "before the outcome",
}


async def test_a_kill_loses_nothing_and_doubles_what_was_uncertain_alone() -> None:
    """Each run is killed at its point, and nothing is lost, stuck or doubled without a doubt."""
    chosen = [nth for nth, point in enumerate(POINTS) if point.name in _SAMPLE]

    found = await run_all(len(chosen), numbers=chosen)

    unsound = {POINTS[nth].name: found[nth] for nth in chosen if not found[nth].is_sound}
    assert unsound == {}
    assert sum(one.killed for one in found) == len(_SAMPLE)


def test_there_are_points_enough_and_each_has_its_name() -> None:
    """From the claim of a debt to the last word about its mail, at least forty."""
    assert len({point.name for point in POINTS}) == len(POINTS) >= 40


def test_what_goes_wrong_is_counted() -> None:
    """A table without faults means something: each kind of them is one."""
    assert Tally(runs=1, killed=1, doubled_from_uncertain=1).is_sound
    for fault in (
        Tally(runs=1),
        Tally(runs=1, killed=1, lost=1),
        Tally(runs=1, killed=1, stuck=1),
        Tally(runs=1, killed=1, doubled_otherwise=1),
        Tally(runs=1, killed=1, changed_octets=1),
        Tally(runs=1, killed=1, events_lost=1),
    ):
        assert not fault.is_sound
