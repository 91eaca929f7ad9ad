"""How do the lanes stand, and how is one opened by hand?"""

from core.errors import NotFound
from core.model.delivery import Delivery
from core.model.lane_state import LaneState
from core.moment import Moment
from core.outcome import Cause
from core.rules.bounces import is_our_fault
from core.store import lane_states
from core.store.database import Session


def existing(session: Session, name: str) -> LaneState:
    """Return how a lane stands, or raise NotFound."""
    found = lane_states.find(session, name)
    if found is None:
        known = ", ".join(one.name for one in lane_states.every(session)) or "none yet"
        raise NotFound(f"There is no lane {name!r}; there are: {known}.", code="LANE_NOT_FOUND")
    return found


def ways_of(session: Session, delivery: Delivery) -> list[LaneState]:
    """Return the lanes of the next hops a delivery may leave by."""
    every = lane_states.every(session)
    return [one for one in every if one.name.partition(":")[0] == delivery.channel]


def open_for(session: Session, delivery: Delivery, now: Moment) -> None:
    """Open every closed lane that a delivery waits behind."""
    names = {delivery.lane, *(one.name for one in ways_of(session, delivery))}
    for name in sorted(names):
        found = lane_states.find(session, name)
        if found is not None and found.closed_until > now:
            open_lane(session, name, now)


def open_lane(session: Session, name: str, now: Moment) -> LaneState:
    """Let a lane be used now, and make due what waits behind it. Raise NotFound.

    Every process that sends by it hears of it with its next look. If the next hop refuses again,
    the lane closes again.
    """
    found = existing(session, name)
    opened = LaneState(name=name, changed_at=max(now, found.changed_at + 1))
    if found.cause is not None:
        causes = {found.cause, *(one.value for one in Cause if is_our_fault(one))}
        lane_states.bring_forward(session, name, causes, now)
    return session.merge(opened)
