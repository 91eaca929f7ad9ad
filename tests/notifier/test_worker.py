"""What does the worker survive, and who waits for whom?"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, TypeVar, cast

from core.actions import converse, say
from core.actions.decide import BurstClaim
from core.clock import SetClock
from core.config.ways_out import RelaySettings, WebhookSettings
from core.model.delivery import EMAIL, State
from core.model.participant import Access, Notify
from core.model.webhook import WebhookEndpoint
from core.moment import MINUTE, SECOND
from core.nudge import Nudge
from core.store import deliveries, pending
from core.store.database import Database, Session
from core.store.engine import due
from notifier.channels.base import Channel
from notifier.channels.email.relay import SmtpRelay
from notifier.channels.email.write import MailWriter
from notifier.channels.webhook.call import WebhookClient
from notifier.context import NotifierContext
from notifier.dispatch import decide, deliver
from notifier.queue.claimed import DeliveryClaim
from notifier.queue.pool import Pace
from notifier.worker import work
from tests.support.fake_endpoint import FakeEndpoint
from tests.support.fake_relay import FakeRelay
from tests.support.notifying import IDENTITY, a_context, until
from tests.support.people import APP, NOW, a_conversation, says

T = TypeVar("T")

_FOREVER = 60.0
_AT_ONCE = 10.0
_MANY = 40


class Shaky:
    """A database whose first writes and looks end in an error nobody has heard of."""

    def __init__(self, database: Database, times: int) -> None:
        """Fail so many times, then do as the database does."""
        self._database = database
        self.left = times

    def __getattr__(self, name: str) -> Any:
        """Be the database in all else."""
        return getattr(self._database, name)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Write, or fail."""
        self._fail()
        return await self._database.write(work)

    async def reap(self, now: int) -> int:
        """Reap, or fail."""
        self._fail()
        return await self._database.reap(now)

    def _fail(self) -> None:
        if self.left > 0:
            self.left -= 1
            raise ZeroDivisionError("never heard of")


@asynccontextmanager
async def _working(
    database: Database, clock: SetClock, port: int, pace: Pace
) -> AsyncIterator[WebhookClient]:
    """Let the notifier work until left, and see that it still does."""
    relay = SmtpRelay(RelaySettings(host="127.0.0.1", port=port, tls="none"))
    webhook = WebhookClient(WebhookSettings(allow_private=True, timeout_seconds=_FOREVER))
    at = a_context(database, clock, relay, webhook=webhook)
    task = asyncio.create_task(work("w", at, pace, Nudge()))
    try:
        yield webhook
        assert not task.done()
    finally:
        await webhook.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await relay.close()


def _missed(session: Session) -> None:
    """Let Bo miss a message."""
    a_conversation(session, "ann", "bo")
    says(session, "ann")


async def _decided(at: NotifierContext, until: int) -> DeliveryClaim:
    """Decide on the one burst that is due, and claim its delivery until a moment."""
    taking = due.Taking("w", at.clock.now(), MINUTE, 1)
    (burst,) = await at.database.write(lambda s: due.claim(s, pending.WORK, taking))
    await decide(BurstClaim(*burst), at)
    (row,) = await at.database.write(lambda s: due.claim(s, deliveries.WORK, taking))
    return DeliveryClaim(row[0], row[1], row[2], until)


async def test_nothing_that_fails_in_the_loop_ends_it(database: Database, clock: SetClock) -> None:
    """Whatever a claim, a look at the dead or the hourly cleaning raises, the rest goes on."""
    clock.moment = NOW + 2 * MINUTE
    await database.write(_missed)
    shaky = Shaky(database, 12)
    async with (
        FakeRelay() as relay,
        _working(cast("Database", shaky), clock, relay.port, Pace(poll_seconds=0.02)),
        asyncio.timeout(_AT_ONCE),
    ):
        mail = await relay.next_mail()

    assert mail.recipients == ("bo@example.net",)
    assert shaky.left == 0


def _listens(session: Session, name: str, url: str) -> None:
    session.add(WebhookEndpoint(app_id=APP, id=name, url=url, created_at=NOW))


def _much_happens(session: Session) -> None:
    """Let something be said in many conversations at once."""
    for n in range(_MANY):
        converse.put(session, APP, f"c{n}", {}, NOW)
        converse.join(session, (APP, f"c{n}", "ann"), Access.READ_WRITE, Notify.ALL, NOW)
        say.say(session, say.Words(APP, f"c{n}", "ann", "Hello"), NOW)


async def test_a_hanging_endpoint_keeps_nobody_waiting(database: Database, clock: SetClock) -> None:
    """One that never answers holds a few slots; the other is told everything meanwhile."""
    clock.moment = NOW
    async with FakeEndpoint() as hanging, FakeEndpoint() as healthy, FakeRelay() as relay:
        for _ in range(_MANY):
            hanging.fall_silent()
        await database.write(lambda s: a_conversation(s, "ann"))
        await database.write(lambda s: _listens(s, "a", hanging.url))
        await database.write(lambda s: _listens(s, "b", healthy.url))
        await database.write(_much_happens)

        async def told() -> bool:
            return len(healthy.calls) == _MANY

        async with _working(database, clock, relay.port, Pace(poll_seconds=0.02)):
            await until(told)

    assert len(hanging.calls) == 4
    assert len({call.json["data"]["conversation"]["id"] for call in healthy.calls}) == _MANY


async def test_a_mail_leaves_only_while_it_is_ours(database: Database, clock: SetClock) -> None:
    """Whoever comes too late says nothing to the relay; the delivery stays as it was."""
    clock.moment = NOW + 2 * MINUTE
    await database.write(_missed)
    async with FakeRelay() as relay:
        out = SmtpRelay(RelaySettings(host="127.0.0.1", port=relay.port, tls="none"))
        at = a_context(database, clock, out)
        after = await deliver(await _decided(at, clock.now()), at)
        (one,) = await database.read(
            lambda s: deliveries.listed(s, APP, waiting_only=True, limit=9)
        )
        await out.close()

    assert after is None
    assert one.state is State.QUEUED
    assert relay.connections == 0


async def test_a_relay_that_takes_too_long_leaves_it_uncertain(
    database: Database, clock: SetClock
) -> None:
    """Before the claim ends the line is cut, so that no two hold the mail out at once."""
    clock.moment = NOW + 2 * MINUTE
    await database.write(_missed)
    async with FakeRelay() as relay:
        relay.hang("DOT")
        out = SmtpRelay(RelaySettings(host="127.0.0.1", port=relay.port, tls="none"))
        at = a_context(database, clock, out)
        after = await deliver(await _decided(at, clock.now() + SECOND), at)
        await out.close()

    assert after is State.UNCERTAIN


class Watched:
    """A place on the way out that notes how the delivery stands when it is entered and left."""

    def __init__(self, database: Database) -> None:
        """Watch the one delivery there is."""
        self._database = database
        self.stood: list[State] = []

    async def __aenter__(self) -> None:
        """Note how it stands."""
        await self._note()

    async def __aexit__(self, *_: object) -> None:
        """Note how it stands now."""
        await self._note()

    async def _note(self) -> None:
        (one,) = await self._database.read(
            lambda s: deliveries.listed(s, APP, waiting_only=False, limit=9)
        )
        self.stood.append(one.state)


async def test_a_mail_has_a_place_for_as_long_as_it_is_on_its_way(
    database: Database, clock: SetClock
) -> None:
    """It is not said to leave before it can, and what became of it is written in nobody's way."""
    clock.moment = NOW + 2 * MINUTE
    await database.write(_missed)
    place = Watched(database)
    async with FakeRelay() as relay:
        out = SmtpRelay(RelaySettings(host="127.0.0.1", port=relay.port, tls="none"))
        at = a_context(database, clock, out)
        channels = {EMAIL: Channel(MailWriter(IDENTITY), out, place)}
        at = replace(at, channels=channels)
        after = await deliver(await _decided(at, clock.now() + MINUTE), at)
        await out.close()

    assert place.stood == [State.QUEUED, State.TRANSMITTING]
    assert after is State.ACCEPTED
