"""A burst of one app's: the other's mail leaves, and what is decided leaves within seconds."""

import asyncio
from collections import Counter
from functools import partial

from core.clock import SetClock
from core.model.delivery import EMAIL
from core.moment import MINUTE
from core.nudge import Nudge
from core.outcome import Accepted, Outcome, PeerReply
from core.store import deliveries
from core.store.database import Database, Session
from notifier.channels.email.parcel import MailParcel
from notifier.queue.pool import Pace
from notifier.worker import work
from tests.support.notifying import a_context, until
from tests.support.owed_mails import owe_app
from tests.support.people import NOW

_LARGE, _SMALL = 90, 5
_OPEN_AT = 12  # mails of the large app that have left when the small one's come due


class Turnstile:
    """A relay that takes two at a time, so many in all, until it is opened for the rest."""

    at_once = 2

    def __init__(self) -> None:
        """Let nobody through yet."""
        self.taken: list[str] = []
        self._places = asyncio.Semaphore(0)

    def let_through(self, many: int) -> None:
        """Take so many more."""
        for _ in range(many):
            self._places.release()

    async def send(self, parcel: MailParcel) -> Outcome:
        """Take the parcel when it may."""
        await self._places.acquire()
        self.taken.append(parcel.recipient)
        return Accepted(PeerReply(250, None, "ok"))

    async def close(self) -> None:
        """Keep what was taken."""


def _of(address: str) -> str:
    return address.partition("@")[2].removesuffix(".test")


def _counted(session: Session) -> int:
    every = deliveries.listed(session, None, waiting_only=False, limit=1_000)
    return len([one for one in every if one.channel == EMAIL])


async def test_a_small_app_leaves_first_and_deciding_waits_for_sending(
    database: Database, clock: SetClock
) -> None:
    """The five go before two hundred that were due before; those are decided as they leave."""
    clock.moment = NOW
    await database.write(lambda s: owe_app(s, "large", 1, _LARGE, NOW - 3 * MINUTE))
    relay = Turnstile()
    at, nudge = a_context(database, clock, relay), Nudge()
    task = asyncio.create_task(work("w", at, Pace(poll_seconds=0.02), nudge))
    try:
        relay.let_through(_OPEN_AT)
        await until(lambda: _left(relay, _OPEN_AT))
        decided_before = await database.read(_counted)
        await database.write(lambda s: owe_app(s, "small", 2, _SMALL, NOW - 2 * MINUTE))
        for many in range(_OPEN_AT + 1, _LARGE + _SMALL + 1):
            relay.let_through(1)
            await until(partial(_left, relay, many))
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await at.webhook.close()

    places = [n for n, address in enumerate(relay.taken) if _of(address) == "small"]
    assert Counter(map(_of, relay.taken)) == {"large": _LARGE, "small": _SMALL}
    assert decided_before < _LARGE // 2
    assert max(places) < _OPEN_AT + 45


async def _left(relay: Turnstile, many: int) -> bool:
    return len(relay.taken) >= many
