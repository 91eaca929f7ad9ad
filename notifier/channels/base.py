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
from contextlib import AbstractAsyncContextManager
from typing import Generic, Protocol, TypeVar

from core.email_address import domain_of
from core.model.delivery import BY_HAND, Delivery
from core.moment import Moment
from core.outcome import Outcome
from notifier.rendering.view import OperatorMail, View
from notifier.scheduling.lane import Lane, Postponed
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


class Channel(Generic[P]):
    """One way to a reader: who writes for it, who offers it, whether it is open, how wide it is."""

    def __init__(
        self,
        writer: Writer[P],
        transport: Transport[P],
        places: AbstractAsyncContextManager[object] | None = None,
        bounds: ProviderBounds | None = None,
        a_minute: int | None = None,
    ) -> None:
        """Begin open. ``places``: what a parcel has entered while it is on its way.

        ``bounds``: how much of it each mailbox provider may have; ``a_minute``: how many parcels
        may leave in one.
        """
        self.writer = writer
        self.transport = transport
        self.lane = Lane()
        self.providers = ProviderLanes(transport.at_once, bounds)
        self._rate = RateLimit(a_minute)
        self.offers = 0  # how many parcels were offered since it began
        self.places = places or asyncio.Semaphore(transport.at_once)

    def postpone(self, delivery: Delivery, now: Moment) -> Postponed | None:
        """Return why a delivery waits for what was said of others like it; None: it need not."""
        by_hand = delivery.reason == BY_HAND
        later = self.lane.postpone(now, by_hand=by_hand)
        lane = self.providers.lane(delivery.lane)
        if later is not None or lane is None:
            return later
        return lane.postpone(now, by_hand=by_hand)

    def enter(self, delivery: Delivery, now: Moment) -> Moment | None:
        """Let a delivery be under way, until ``leave``; or return until when it waits."""
        wait = self.providers.enter(delivery.lane, now)
        if wait is None and (wait := self._rate.wait(now)) is not None:
            self.providers.leave(delivery.lane)
        return wait

    def leave(self, delivery: Delivery) -> None:
        """Note that a delivery is under way no more."""
        self.providers.leave(delivery.lane)

    def heard(self, delivery: Delivery, outcome: Outcome, now: Moment, jitter: float) -> None:
        """Learn from what became of a delivery, for its relay and for its provider."""
        self.offers += 1
        voice = delivery.lane.partition("/")[2] or domain_of(delivery.address)
        self.providers.heard(delivery.lane, outcome, now, jitter)
        self.lane.heard(outcome, now, jitter, voice)
