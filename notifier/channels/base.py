"""What is a channel? A writer, a transport, and whether the way is open. To add one:

    notifier/channels/<name>/  a ``Writer`` (view to parcel), a ``Transport`` (parcel to outcome)
    wiring.py                  one line: ``"<name>": Channel(<its writer>, <its transport>)``
    tests/contracts            ``TransportContract`` holds its transport, as it holds every one

So much sends what is queued on it. Whom to queue for is core's, and core knows mail alone today:

    core/actions/decide        ``_queue`` makes deliveries for mail only
    core/rules/look_again      ``_where_to`` and ``still_owed`` ask if the role has mail on, and
                               for the user's mail addresses; what is none of them ``bad_address``
                               cancels at the last look (``readdress`` makes one to the address
                               they have now)
    core/store/bursts          looks up which of the mail addresses are suppressed

A delivery names its channel, and ``dispatch`` looks it up by that name; nobody else asks which it
is. What a channel writes is its own affair: a *parcel* is only known to say what must be kept of
it before the first octet leaves, and what is remembered of it afterwards.

The trap: a delivery that may have left is sent once more with the same octets, or its reader gets
two digests. So a writer makes a parcel again from what was kept, and never writes it anew.
"""

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import Generic, Protocol, TypeVar

from core.email_address import domain_of
from core.model.delivery import BY_HAND, Delivery
from core.moment import Millis, Moment
from core.outcome import Deferred, Outcome
from core.rules.waiting import Crowd
from notifier.rendering.view import OperatorMail, View
from notifier.scheduling.lane import Lane, Postponed
from notifier.scheduling.look_lines import LookLines
from notifier.scheduling.provider_lanes import ProviderBounds, ProviderLanes
from notifier.scheduling.rate_limit import RateLimit


class Parcel(Protocol):
    """One digest, ready for the wire of its channel."""

    @property
    def kept(self) -> bytes:
        """All that is needed to make the same parcel again: committed before any octet leaves."""

    @property
    def trace(self) -> dict[str, str] | None:
        """What is remembered of it, so that a reply can be told from its quote; None: nothing."""


P = TypeVar("P", bound=Parcel)
P_co = TypeVar("P_co", bound=Parcel, covariant=True)
P_contra = TypeVar("P_contra", bound=Parcel, contravariant=True)


class Writer(Protocol[P_co]):
    """Something that writes what a view says, in the form of its channel."""

    async def write(self, view: View | OperatorMail, now: Moment) -> P_co:
        """Return the parcel of a view. Raise what it likes: the delivery is then tried again."""

    def restore(self, delivery: Delivery) -> P_co:
        """Return the parcel a delivery may have left as, from ``delivery.raw``, octet for octet."""


class Transport(Protocol[P_contra]):
    """Something that takes a parcel to the next hop, and so many of them at once.

    It never raises for a peer's fault: whatever the peer does is an outcome. It raises only for a
    bug of ours.
    """

    @property
    def at_once(self) -> int:
        """How many parcels it takes without letting one wait."""

    async def send(self, parcel: P_contra) -> Outcome:
        """Offer the parcel once and say what became of it."""

    async def close(self) -> None:
        """Let go of idle connections."""


class Way(Generic[P]):
    """One next hop of a channel: who offers parcels to it, whether it is open, how wide it is."""

    def __init__(
        self,
        transport: Transport[P],
        places: AbstractAsyncContextManager[object] | None = None,
        a_minute: int | None = None,
    ) -> None:
        """Begin open. ``places``: what a parcel has entered while it is on its way there."""
        self.transport = transport
        self.lane = Lane()
        self.rate = RateLimit(a_minute)
        self.places = places or asyncio.Semaphore(transport.at_once)


class Channel(Generic[P]):
    """How a reader is reached: who writes for it, and the ways, each by the name of its next hop.

    The first way has no name. The others are taken in turn while those before them take nothing.
    """

    def __init__(
        self,
        writer: Writer[P],
        transport: Transport[P],
        places: AbstractAsyncContextManager[object] | None = None,
        bounds: ProviderBounds | None = None,
        a_minute: int | None = None,
    ) -> None:
        """Begin open, with one way.

        ``bounds``: how much of the way out each mailbox provider may have; ``a_minute``: how many
        parcels may leave in one.
        """
        self.writer = writer
        self.ways: dict[str, Way[P]] = {"": Way(transport, places, a_minute)}
        self.providers = ProviderLanes(transport.at_once, bounds)
        self._lines = LookLines()
        self.offers = 0  # how many parcels were offered since it began

    @property
    def lane(self) -> Lane:
        """The lane of its first way."""
        return self.ways[""].lane

    @property
    def at_once(self) -> int:
        """How many parcels it takes without letting one wait, over its widest way."""
        return max(way.transport.at_once for way in self.ways.values())

    def passes_over(self, now: Moment) -> bool:
        """Tell whether nothing need be claimed for it: every next hop is in trouble."""
        return all(way.lane.passes_over(now) for way in self.ways.values())

    def holds_until(self, now: Moment) -> Moment:
        """Return until when every way holds what waits, because of us; now if one does not."""
        return min(way.lane.holds_until(now) for way in self.ways.values())

    def choose(self, delivery: Delivery, now: Moment) -> str | Postponed:
        """Return by which way a delivery leaves, or why it waits for what was said of others.

        The first that is open. A way that was in trouble is asked by one mail at a time as long as
        another is open: the rest need not wait for what it takes to fail. Where none is, it waits
        for the one that can be asked first, whatever closed that.
        """
        if delivery.crashes and len(self.ways) > 1:
            return self._again(delivery, now)
        by_hand = delivery.reason == BY_HAND
        provider = self.providers.lane(delivery.lane)
        if provider is not None and provider.refuses(now, by_hand=by_hand) is not None:
            return provider.postpone(now) or ""  # no relay's question is spent on it
        chosen = self._first_open(now, by_hand=by_hand)
        if provider is not None and isinstance(chosen, str):
            provider.ask(now)
        return chosen

    def places(self, name: str, now: Moment) -> dict[str, Crowd]:
        """Return the lanes that no more is decided for, and the next places in line there.

        Its own is the channel's, of this ``name``, and stands for all: its next hop's rate.
        """
        crowded = self.providers.crowded(now)
        if (room_at := self._taken_by(now).rate.crowded_until(now)) is not None:
            crowded[name] = room_at
        return self._lines.places(crowded, self._spacing(name, now), now)

    def took(self, name: str, places: Mapping[str, Crowd], due_at: Moment, now: Moment) -> None:
        """Note that a burst was put off until then, to one of these places."""
        self._lines.taken(places, due_at, self._spacing(name, now), now)

    def is_open_beside(self, name: str, now: Moment) -> bool:
        """Tell whether another way may be tried at once."""
        others = (way.lane for other, way in self.ways.items() if other != name)
        return any(lane.is_open(now) and lane.holds_until(now) <= now for lane in others)

    def retried_at(self, name: str, now: Moment) -> Moment:
        """Return when what this way did not take may be offered, by whichever way is first."""
        return now if self.is_open_beside(name, now) else self._soonest(now).reopens(now)

    def enter(self, delivery: Delivery, name: str, now: Moment) -> Moment | None:
        """Let a delivery be under way, until ``leave``; or return until when it waits."""
        wait = self.providers.enter(delivery.lane, now)
        if wait is None and (wait := self.ways[name].rate.wait(now)) is not None:
            self.providers.leave(delivery.lane)
        if wait is not None:  # it was to ask, perhaps, and is not offered
            self.ways[name].lane.let_ask(now)
        return wait

    def leave(self, delivery: Delivery) -> None:
        """Note that a delivery is under way no more."""
        self.providers.leave(delivery.lane)

    def way_of(self, delivery: Delivery) -> Way[P]:
        """Return the way a delivery was given; its first, if there is none of that name now."""
        return self.ways.get(delivery.relay, self.ways[""])

    def heard(self, delivery: Delivery, outcome: Outcome, now: Moment, jitter: float) -> None:
        """Learn from what became of a delivery, for its relay and for its provider."""
        self.offers += 1
        voice = delivery.lane.partition("/")[2] or domain_of(delivery.address)
        self.providers.heard(delivery.lane, outcome, now, jitter)
        self.way_of(delivery).lane.heard(outcome, now, jitter, voice)

    async def close(self) -> None:
        """Let go of all idle connections."""
        for way in self.ways.values():
            await way.transport.close()

    def _again(self, delivery: Delivery, now: Moment) -> str | Postponed:
        """Return the way of a delivery that may have been taken there, or why it has to wait.

        Never another: who has taken it knows its Message-ID, and nobody else does.
        """
        name = delivery.relay if delivery.relay in self.ways else ""
        lane = self.ways[name].lane
        if lane.passes_over(now) and (said := lane.standing.refusal) is not None:
            return Postponed(said, lane.reopens(now))
        return lane.postpone(now, by_hand=delivery.reason == BY_HAND) or name

    def _first_open(self, now: Moment, *, by_hand: bool) -> str | Postponed:
        refusal: Deferred | None = None
        for name, way in self.ways.items():
            if way.lane.passes_over(now) or not (self._is_last(name) or way.lane.may_ask(now)):
                continue
            refused = way.lane.refuses(now, by_hand=by_hand)
            if refused is None:
                way.lane.ask(now)
                return name
            refusal = refusal or refused
        return "" if refusal is None else Postponed(refusal, self._soonest(now).line_up(now))

    def _taken_by(self, now: Moment) -> Way[P]:
        """Return the way that mails leave by now: the first that is open, or else the first."""
        is_open = (way for way in self.ways.values() if way.lane.is_open(now))
        return next(is_open, self.ways[""])

    def _spacing(self, name: str, now: Moment) -> dict[str, Millis]:
        own = self._taken_by(now).rate.spacing
        return self.providers.spacing() | ({name: own} if own else {})

    def _soonest(self, now: Moment) -> Lane:
        """Return the lane that can be asked first."""
        return min((way.lane for way in self.ways.values()), key=lambda one: one.asks_next(now))

    def _is_last(self, name: str) -> bool:
        return name == next(reversed(self.ways))
