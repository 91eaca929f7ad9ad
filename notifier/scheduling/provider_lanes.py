"""May a mail to this mailbox provider leave now, whichever relay takes it?

Each provider we know by name has a lane of its own behind the relay's: closed while it will not
have ours (as ``lane`` says), no wider than leaves room for others, no faster than was set. So one
that is slow, or thinks ill of us, holds up nobody else's mail. An address whose provider nobody
knows goes by the relay's lane alone.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from core.moment import SECOND, Millis, Moment
from core.outcome import Accepted, Deferred, Outcome
from core.rules.bounces import is_our_fault
from notifier.scheduling.lane import Lane
from notifier.scheduling.rate_limit import RateLimit

_PART, _OF = 3, 4  # of the places on the way out one provider has three in four
_WAIT: Millis = SECOND // 2
_SPACING: Millis = 5
_MOST_POSTPONED = 40


@dataclass(frozen=True, slots=True)
class ProviderBounds:
    """How wide each provider's lane is, and how many a minute it takes, by the provider's name."""

    at_once: int | None = None
    a_minute: Mapping[str, int] = field(default_factory=dict)

    def places(self, of: int) -> int:
        """Return how many of so many places one provider may have."""
        return self.at_once or max(1, of * _PART // _OF)


class ProviderLanes:
    """The lanes of a channel's providers, each made when it is first needed."""

    def __init__(self, places: int, bounds: ProviderBounds | None = None) -> None:
        """Share so many places."""
        self._bounds = bounds or ProviderBounds()
        self._most = self._bounds.places(places)
        self._lanes: dict[str, Lane] = {}
        self._rates: dict[str, RateLimit] = {}
        self._busy: Counter[str] = Counter()
        self._waits: Counter[str] = Counter()
        self._behind: dict[str, Moment] = {}  # until when those are told off that would wait

    def lane(self, name: str) -> Lane | None:
        """Return the lane of this name (``email/gmail``); None if it is no provider's."""
        if "/" not in name:
            return None
        return self._lanes.setdefault(name, Lane())

    def known(self) -> Mapping[str, Lane]:
        """Return the lanes that were needed by now, by their names."""
        return self._lanes

    def full(self) -> tuple[str, ...]:
        """Return the lanes that have as many under way as they may."""
        return tuple(sorted(name for name, busy in self._busy.items() if busy >= self._most))

    def wait_behind(self, names: Collection[str], now: Moment) -> None:
        """Note for a while behind which full lanes as many wait as may; of the others, none do."""
        self._behind = dict.fromkeys(names, now + SECOND)

    def enter(self, name: str, now: Moment) -> Moment | None:
        """Let one be under way, or return until when it waits; for its place, or for the rate."""
        if "/" not in name:
            return None
        if self._busy[name] >= self._most:
            self._waits[name] += 1
            return now + _WAIT + self._waits[name] * _SPACING
        wait = self._rate(name).wait(now)
        if wait is None:
            self._busy[name] += 1
        return wait

    def leave(self, name: str) -> None:
        """Note that one is under way no more."""
        if "/" in name:
            self._busy[name] -= 1
            self._waits[name] = 0

    def heard(self, name: str, outcome: Outcome, now: Moment, jitter: float) -> None:
        """Learn from what became of a mail: of what was said of the next hop, nothing."""
        lane = self.lane(name)
        if lane is None or (isinstance(outcome, Deferred) and outcome.whole_lane):
            return
        told = isinstance(outcome, Deferred) and is_our_fault(outcome.cause)
        if told or isinstance(outcome, Accepted) or lane.troubles:
            lane.heard(outcome, now, jitter)

    def crowded(self, now: Moment) -> dict[str, Moment]:
        """Return the lanes for which nothing more is to be decided, and until when."""
        found = {name: until for name, until in self._behind.items() if until > now}
        for name, rate in self._rates.items():
            if (room_at := rate.crowded_until(now)) is not None:
                found[name] = max(room_at, found.get(name, 0))
        for name, lane in self._lanes.items():
            until = lane.holds_until(now)
            if until > now and lane.postponed >= _MOST_POSTPONED:
                found[name] = max(until, found.get(name, 0))
        return found

    def spacing(self) -> dict[str, Millis]:
        """Return how far apart mails leave, of the lanes that have a rate."""
        return {name: rate.spacing for name, rate in self._rates.items() if rate.spacing}

    def _rate(self, name: str) -> RateLimit:
        if name not in self._rates:
            provider = name.partition("/")[2]
            self._rates[name] = RateLimit(self._bounds.a_minute.get(provider))
        return self._rates[name]
