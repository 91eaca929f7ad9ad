"""When will a delivery that is due really be tried?

Behind a lane whose next hop is in trouble nothing is claimed until it opens. Behind one that is
closed because of us, a delivery that is retried by hand is the one that asks: it is tried at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.model.lane_state import LaneState
from core.moment import Moment
from core.outcome import Cause
from core.rules.bounces import is_our_fault


@dataclass(frozen=True, slots=True)
class WhenTried:
    """The moment, and the lane that is waited for until then, if one is."""

    at: Moment
    behind: LaneState | None = None


def when_tried(due_at: Moment, ways: Iterable[LaneState]) -> WhenTried:
    """Return when a delivery due at a moment is tried, by whichever of its ways opens first.

    Without any lane nothing is known against it.
    """
    known = list(ways)
    if not known or not all(_shuts(one, due_at) for one in known):
        return WhenTried(due_at)
    first = min(known, key=lambda one: one.closed_until)
    return WhenTried(first.closed_until, first)


def _shuts(lane: LaneState, due_at: Moment) -> bool:
    """Tell whether a lane passes over what is due at a moment."""
    ours = lane.cause is not None and is_our_fault(Cause(lane.cause))
    return lane.closed_until > due_at and not ours
