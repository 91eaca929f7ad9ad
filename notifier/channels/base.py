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

from core.model.delivery import Delivery
from core.moment import Moment
from core.outcome import Outcome
from notifier.rendering.view import OperatorMail, View
from notifier.scheduling.lane import Lane


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
    ) -> None:
        """Begin open. ``places``: what a parcel has entered while it is on its way."""
        self.writer = writer
        self.transport = transport
        self.lane = Lane()
        self.places = places or asyncio.Semaphore(transport.at_once)
