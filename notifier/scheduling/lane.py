"""Is the way to a channel's next hop open? The circuit breaker before it.

Trouble that concerns everything behind the next hop closes the lane, for longer each time (the
back-off is ``retry.lane_reopens``, unless the next hop says for how long). When the time is over it
is tried again, and the first acceptance opens the lane for all. What waits behind it spends no try
of its own.

*The next hop is in trouble*: the wait is short, and ``queue.gates.LaneGate`` passes over what
waits. *We are the trouble* (``bounces.is_our_fault``: a quota, a login, a policy): the wait may be
long. So each mail behind it is told why it waits (``postpone``), and one mail at a time asks again.

What a mailbox provider thinks of us is its own lane's matter (``provider_lanes``); that several of
them say so, one after the other, is the relay's. A mailbox or a domain that goes on refusing is
one voice, however often it is heard.

How a lane stands is one value (``LaneStanding``), kept in the database, so that it outlasts the
process and others hear of it (``notifier.queue.lane_book``).

The trap: many parcels are under way when the next hop goes down, and each comes back with the same
news. Only the first of them counts, or one outage would look like twenty.
"""

from dataclasses import dataclass, replace
from typing import Self

from core.moment import SECOND, Millis, Moment
from core.outcome import Accepted, Deferred, Outcome
from core.rules.bounces import is_our_fault
from notifier.scheduling.retry import LONGEST_STEP, lane_reopens
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


@dataclass(frozen=True, slots=True)
class LaneStanding:
    """How a lane stands: what is kept of it. ``refusal`` is what closed it last; None: open."""

    troubles: int = 0
    closed_until: Moment = 0
    refusal: Deferred | None = None
    changed_at: Moment = 0

    def as_of(self, now: Moment) -> Self:
        """Return how it stands by this clock: what one that was ahead wrote closes it not for long.

        No longer than the longest step; then one mail asks.
        """
        if self.changed_at <= now:
            return self
        return replace(self, closed_until=min(self.closed_until, now + LONGEST_STEP))


class Lane:
    """The way to one next hop: how many troubles in a row it has had, and until when it rests."""

    def __init__(self) -> None:
        """Begin open."""
        self.troubles = 0
        self.closed_until: Moment = 0
        self._refusal: Deferred | None = None  # what closed it, if that is about us
        self._asked: Moment = 0  # until when the mail that asks is waited for
        self._postponed = 0
        self._opinions: set[str] = set()
        self._said: Deferred | None = None
        self.changed_at: Moment = 0
        self.kept_at: Moment = 0  # up to which change it is written down

    def heard(self, outcome: Outcome, now: Moment, jitter: float, voice: str = "") -> None:
        """Learn from an outcome. Mails under way together tell of one trouble, not of many.

        ``voice``: whose opinion it is, if it is one; unnamed, each is another's.
        """
        if isinstance(outcome, Deferred) and self._concerns_all(outcome, voice):
            if now >= self.closed_until:
                self._close(outcome, now, jitter)
        elif isinstance(outcome, Accepted) or self._refusal is None:
            self._open(outcome, now)
        else:  # said of that one mail: whether we may send again, the next one has to ask
            self.closed_until, self._asked = min(self.closed_until, now), now

    @property
    def standing(self) -> LaneStanding:
        """How it stands."""
        return LaneStanding(self.troubles, self.closed_until, self._said, self.changed_at)

    def adopt(self, standing: LaneStanding) -> bool:
        """Stand as another process, or somebody by hand, has left it; True if that was news."""
        if standing.changed_at <= self.changed_at:
            return False
        self.troubles, self.closed_until = standing.troubles, standing.closed_until
        self._said, self.changed_at = standing.refusal, standing.changed_at
        about_us = standing.refusal is not None and is_our_fault(standing.refusal.cause)
        self._refusal = standing.refusal if about_us else None
        self._asked, self._postponed = 0, 0
        self._opinions.clear()
        return True

    def holds_until(self, now: Moment) -> Moment:
        """Return until when what waits is held, because of us; now if it is not."""
        return now if self._refusal is None else max(now, self.closed_until, self._asked)

    @property
    def postponed(self) -> int:
        """How many were told to wait since it was closed, or last asked."""
        return self._postponed

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
        refused = self.refuses(now, by_hand=by_hand)
        if refused is None:
            self.ask(now)
            return None
        return Postponed(refused, self.line_up(now))

    def refuses(self, now: Moment, *, by_hand: bool = False) -> Deferred | None:
        """Return why a mail may not be offered now, because of us; None: it may ask."""
        return None if by_hand or now >= self.asks_next(now) else self._refusal

    def ask(self, now: Moment) -> None:
        """Let one mail ask, where it is held because of us; the others wait for its answer."""
        if self._refusal is not None:
            self._asked, self._postponed = now + _PROBE, 0

    def let_ask(self, now: Moment) -> None:
        """Let another ask: the one that was to is not offered."""
        self._asked = min(self._asked, now)

    def asks_next(self, now: Moment) -> Moment:
        """Return from when on a mail may be offered, as far as is known."""
        asked = 0 if self._refusal is None and not self.troubles else self._asked
        return max(now, self.closed_until, asked)

    def line_up(self, now: Moment) -> Moment:
        """Return when a mail may come that waits for this lane, behind those that do already."""
        return self._behind(self.asks_next(now))

    def may_ask(self, now: Moment) -> bool:
        """Tell whether a mail that has another way may go this one: after trouble one at a time.

        Because of us one asks anyway (``postpone``).
        """
        if not self.troubles or self._refusal is not None:
            return True
        if now < max(self.closed_until, self._asked):
            return False
        self._asked, self._postponed = now + _PROBE, 0
        return True

    def reopens(self, now: Moment) -> Moment:
        """Return when a mail that was refused for all may come again.

        Behind those that wait, where we are the trouble: another is to ask the next time.
        """
        ready = max(self.closed_until, now)
        return ready if self._refusal is None else self._behind(ready + SECOND)

    def _behind(self, moment: Moment) -> Moment:
        self._postponed += 1
        return moment + self._postponed * _SPACING

    def _concerns_all(self, outcome: Deferred, voice: str) -> bool:
        if not outcome.whole_lane and is_our_fault(outcome.cause):
            self._opinions.add(voice or f"#{len(self._opinions)}")
            return len(self._opinions) >= _OPINIONS
        return outcome.whole_lane

    def _close(self, outcome: Deferred, now: Moment, jitter: float) -> None:
        self.troubles += 1
        self._said, self.changed_at = outcome, max(now, self.changed_at + 1)
        about_us = is_our_fault(outcome.cause)
        self._refusal = outcome if about_us else None
        wish = asked_to_wait(outcome.reply.text, now) if about_us and outcome.reply else None
        reopens = lane_reopens(self.troubles, outcome.cause, now, jitter)
        self.closed_until = reopens if wish is None else now + wish
        self._asked, self._postponed = 0, 0

    def _open(self, outcome: Outcome, now: Moment) -> None:
        if self.troubles or self.closed_until:
            self._said, self.changed_at = None, max(now, self.changed_at + 1)
        self.troubles, self.closed_until, self._refusal = 0, 0, None
        self._asked, self._postponed = 0, 0
        if isinstance(outcome, Accepted):
            self._opinions.clear()
