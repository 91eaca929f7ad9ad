"""Is the way to a channel's next hop open? The circuit breaker before it.

Trouble that concerns everything behind the next hop closes the lane, for longer each time (the
back-off is ``retry.lane_reopens``, unless the next hop says for how long). When the time is over it
is tried again, and the first acceptance opens the lane for all. What waits behind it spends no try
of its own.

*The next hop is in trouble*: the wait is short, and ``queue.gates.LaneGate`` passes over what
waits. *We are the trouble* (``bounces.is_our_fault``: a quota, a login, a policy): the wait may be
long. So each mail behind it is told why it waits (``postpone``), and one mail at a time asks again.

The trap: many parcels are under way when the next hop goes down, and each comes back with the same
news. Only the first of them counts, or one outage would look like twenty.
"""

from dataclasses import dataclass

from core.moment import SECOND, Millis, Moment
from core.outcome import Accepted, Deferred, Outcome
from core.rules.bounces import is_our_fault
from notifier.scheduling.retry import lane_reopens
from notifier.scheduling.retry_hint import asked_to_wait

_PROBE: Millis = 2 * SECOND  # one mail asks; if nothing came of it by then, another does
_SPACING: Millis = 5  # between those that wait, so that they do not all come back at once
# One provider's opinion of us is no trouble of the lane's; mail after mail, it is the next hop's.
_OPINIONS = 3


@dataclass(frozen=True, slots=True)
class Postponed:
    """A mail has to wait until this moment, for what the next hop said of another."""

    refusal: Deferred
    until: Moment


class Lane:
    """The way to one next hop: how many troubles in a row it has had, and until when it rests."""

    def __init__(self) -> None:
        """Begin open."""
        self.troubles = 0
        self.closed_until: Moment = 0
        self._refusal: Deferred | None = None  # what closed it, if that is about us
        self._asked: Moment = 0  # until when the mail that asks is waited for
        self._postponed = 0
        self._opinions = 0

    def heard(self, outcome: Outcome, now: Moment, jitter: float) -> None:
        """Learn from an outcome. Mails under way together tell of one trouble, not of many."""
        if isinstance(outcome, Deferred) and self._concerns_all(outcome):
            if now >= self.closed_until:
                self._close(outcome, now, jitter)
        elif isinstance(outcome, Accepted) or self._refusal is None:
            self._open(outcome)
        else:  # said of that one mail: whether we may send again, the next one has to ask
            self.closed_until, self._asked = min(self.closed_until, now), now

    def is_open(self, now: Moment) -> bool:
        """Tell whether mails may be offered now."""
        return now >= self.closed_until

    def passes_over(self, now: Moment) -> bool:
        """Tell whether what waits is not even to be claimed: the next hop itself is in trouble."""
        return self._refusal is None and not self.is_open(now)

    def postpone(self, now: Moment, *, by_hand: bool = False) -> Postponed | None:
        """Return why a mail that came due has to wait, and until when; None: let it be offered.

        ``by_hand``: somebody says that it is to be tried now, so it is the one that asks.
        """
        if self._refusal is None:
            return None
        until = max(self.closed_until, self._asked)
        if by_hand or now >= until:
            self._asked, self._postponed = now + _PROBE, 0
            return None
        return Postponed(self._refusal, self._behind(until))

    def reopens(self, now: Moment) -> Moment:
        """Return when a mail that was refused for all may come again.

        Behind those that wait, where we are the trouble: another is to ask the next time.
        """
        ready = max(self.closed_until, now)
        return ready if self._refusal is None else self._behind(ready + SECOND)

    def _behind(self, moment: Moment) -> Moment:
        self._postponed += 1
        return moment + self._postponed * _SPACING

    def _concerns_all(self, outcome: Deferred) -> bool:
        if not outcome.whole_lane and is_our_fault(outcome.cause):
            self._opinions += 1
            return self._opinions >= _OPINIONS
        return outcome.whole_lane

    def _close(self, outcome: Deferred, now: Moment, jitter: float) -> None:
        self.troubles += 1
        about_us = is_our_fault(outcome.cause)
        self._refusal = outcome if about_us else None
        wish = asked_to_wait(outcome.reply.text, now) if about_us and outcome.reply else None
        reopens = lane_reopens(self.troubles, outcome.cause, now, jitter)
        self.closed_until = reopens if wish is None else now + wish
        self._asked, self._postponed = 0, 0

    def _open(self, outcome: Outcome) -> None:
        self.troubles, self.closed_until, self._refusal = 0, 0, None
        self._asked, self._postponed = 0, 0
        if isinstance(outcome, Accepted):
            self._opinions = 0
