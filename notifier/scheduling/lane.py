"""Is the way to the relay open? Trouble that concerns every mail behind it closes the lane.

The mails wait without spending a try of theirs; the first acceptance opens it again.
"""

from core.moment import Moment
from core.outcome import Deferred, Outcome
from notifier.scheduling.retry import lane_reopens


class Lane:
    """The way to one relay: how many troubles in a row it has had, and until when it rests."""

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
