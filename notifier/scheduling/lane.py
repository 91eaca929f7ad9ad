"""Is the way to a channel's next hop open? The circuit breaker before it.

Trouble that concerns everything behind the next hop closes the lane, for longer each time (the
back-off is ``retry.lane_reopens``). What waits behind it is held back by ``queue.gates.LaneGate``
and spends no try of its own; when the time is over it is tried again, and the first acceptance
opens the lane for all.

The trap: many parcels are under way when the next hop goes down, and each comes back with the same
news. Only the first of them counts, or one outage would look like twenty.
"""

from core.moment import Moment
from core.outcome import Deferred, Outcome
from notifier.scheduling.retry import lane_reopens


class Lane:
    """The way to one next hop: how many troubles in a row it has had, and until when it rests."""

    def __init__(self) -> None:
        """Begin open."""
        self.troubles = 0
        self.closed_until: Moment = 0

    def heard(self, outcome: Outcome, now: Moment, jitter: float) -> None:
        """Learn from an outcome. Mails under way together tell of one trouble, not of many."""
        if not isinstance(outcome, Deferred) or not outcome.whole_lane:
            self.troubles, self.closed_until = 0, 0
        elif now >= self.closed_until:
            self.troubles += 1
            self.closed_until = lane_reopens(self.troubles, outcome.cause, now, jitter)

    def is_open(self, now: Moment) -> bool:
        """Tell whether mails may be offered now."""
        return now >= self.closed_until
