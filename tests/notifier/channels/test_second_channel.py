"""A second channel is a folder (``tests/support/postcards``) and one line in what is wired."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import ClassVar

import pytest

from core.actions.decide import BurstClaim
from core.actions.queue import queue
from core.clock import SetClock
from core.model.delivery import EMAIL, Attempt, Delivery, State
from core.moment import MINUTE, SECOND
from core.nudge import Nudge
from core.outcome import PeerReply
from core.store import deliveries, pending
from core.store.database import Database, Session
from core.store.engine import due
from notifier.channels.base import Channel
from notifier.channels.email.in_memory_relay import Memory
from notifier.context import NotifierContext
from notifier.dispatch import decide, deliver
from notifier.queue.claimed import DeliveryClaim
from notifier.queue.gates import LaneGate
from notifier.queue.pool import Pace
from notifier.worker import work
from tests.contracts.transport import Refusals, TransportContract
from tests.support.notifying import a_context, until
from tests.support.people import APP, NOW, a_conversation, says
from tests.support.postcards.office import PostOffice
from tests.support.postcards.transport import PostcardTransport
from tests.support.postcards.write import Postcard, PostcardWriter

POSTCARD = "postcard"
TO = "bo@example.net"
CLOSED = PeerReply(503, None, "Closed")


class _Stage:
    """A transport and the office behind it."""

    def __init__(self, office: PostOffice) -> None:
        self.transport = PostcardTransport(office.port)
        self.refuse, self.drop = office.refuse, office.drop
        self._office = office

    def a_parcel(self, number: int = 1) -> Postcard:
        return Postcard(TO, f"Greetings, {number} times.")

    def content(self, parcel: Postcard) -> bytes:
        return parcel.text.encode()

    def received(self) -> list[bytes]:
        return self._office.taken


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    """Yield an open post office."""
    async with PostOffice() as office:
        yield office


@pytest.fixture
def stage(office: PostOffice) -> _Stage:
    """Return a transport before it."""
    return _Stage(office)


class TestPostcards(TransportContract):
    """The contract, over two questions and in codes of their own."""

    steps: ClassVar[tuple[str, ...]] = ("TO", "TEXT")
    yes: ClassVar[int] = 200
    says: ClassVar[Refusals] = Refusals(
        later=PeerReply(429, None, "Slow down"),
        never=PeerReply(404, None, "Nobody of that name"),
        unwelcome=PeerReply(403, None, "Not this one"),
        closing=CLOSED,
        stranger=PeerReply(401, None, "Who are you?"),
    )


def _context(database: Database, clock: SetClock, office: PostOffice) -> NotifierContext:
    """Return a notifier with mail and, by the one line it takes, with postcards."""
    context = a_context(database, clock, Memory())
    channels = {
        **context.channels,
        POSTCARD: Channel(PostcardWriter(), PostcardTransport(office.port)),
    }
    return replace(context, channels=channels)


async def _owed_on_both(at: NotifierContext) -> None:
    """Let Bo miss a message, and owe word of it by mail and by postcard."""
    await at.database.write(_missed)
    taking = due.Taking("w", at.clock.now(), MINUTE, 1)
    (burst,) = await at.database.write(lambda s: due.claim(s, pending.WORK, taking))
    await decide(BurstClaim(*burst), at)
    await at.database.write(lambda s: _also_by_postcard(s, at.clock.now()))


def _missed(session: Session) -> None:
    a_conversation(session, "ann", "bo")
    says(session, "ann", "Is it still there?")


def _also_by_postcard(session: Session, now: int) -> None:
    (mail,) = deliveries.listed(session, APP, waiting_only=True, limit=9)
    queue(
        session, TO, "test", now, app_id=APP, notification_id=mail.notification_id,
        conversation_id=mail.conversation_id, user_id=mail.user_id, channel=POSTCARD,
    )  # fmt: skip


async def _delivered(at: NotifierContext) -> list[State | None]:
    """Claim and deliver all that is due, and return what became of each."""
    now = at.clock.now()
    taking = due.Taking("w", now, MINUTE, 9)
    rows = await at.database.write(lambda s: due.claim(s, deliveries.WORK, taking))
    return [await deliver(DeliveryClaim.of(row, now + MINUTE), at) for row in rows]


async def _all(at: NotifierContext) -> dict[str, tuple[Delivery, list[Attempt]]]:
    """Return the deliveries by channel, each with its attempts."""

    def read(session: Session) -> dict[str, tuple[Delivery, list[Attempt]]]:
        found = deliveries.listed(session, APP, waiting_only=False, limit=9)
        return {one.channel: (one, deliveries.attempts(session, APP, [one.id])) for one in found}

    return await at.database.read(read)


@asynccontextmanager
async def _at_work(at: NotifierContext) -> AsyncIterator[None]:
    """Let the worker work, until left."""
    task = asyncio.create_task(work("w", at, Pace(poll_seconds=0.02), Nudge()))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await at.webhook.close()


async def test_it_is_dispatched_like_any_other(
    database: Database, clock: SetClock, office: PostOffice
) -> None:
    """The worker claims it, its own writer writes it, its own transport sends it, it is settled."""
    clock.moment = NOW + 2 * MINUTE
    at = _context(database, clock, office)
    await _owed_on_both(at)

    async def ended() -> bool:
        return all(one.ended_at is not None for one, _ in (await _all(at)).values())

    async with _at_work(at):
        await office.took(1)
        await until(ended)

    found = await _all(at)
    assert office.addresses == [TO]
    assert office.taken == [b"1 new message from Ann\nIs it still there?"]
    assert [(one.channel, one.state) for one, _ in found.values()].count(
        (POSTCARD, State.ACCEPTED)
    ) == 1
    assert found[EMAIL][0].state is State.ACCEPTED
    assert [(one.outcome, one.code, one.text) for one in found[POSTCARD][1]] == [
        ("accepted", 200, "Taken")
    ]


async def test_its_trouble_is_its_own(
    database: Database, clock: SetClock, office: PostOffice
) -> None:
    """A closed office closes its own lane: postcards wait and spend no try, mail goes on."""
    clock.moment = NOW + 2 * MINUTE
    at = _context(database, clock, office)
    office.refuse("TO", CLOSED)
    await _owed_on_both(at)

    async def told() -> bool:
        found = await _all(at)
        return found[EMAIL][0].ended_at is not None and bool(found[POSTCARD][1])

    async with _at_work(at):
        await until(told)
    gate = LaneGate(at)

    waiting, _ = (await _all(at))[POSTCARD]
    assert (waiting.state, waiting.tries) == (State.QUEUED, 0)
    assert waiting.next_attempt_at == clock.moment + 5 * SECOND
    assert (gate.is_open(), gate.closed()) == (True, {"channel": (POSTCARD,), "lane": ()})


async def test_the_same_octets_leave_again(
    database: Database, clock: SetClock, office: PostOffice
) -> None:
    """What may have arrived is not written anew, though what it is about has changed meanwhile."""
    clock.moment = NOW + 2 * MINUTE
    at = _context(database, clock, office)
    office.drop("TEXT")
    await _owed_on_both(at)

    first = await _delivered(at)
    await database.write(lambda s: says(s, "ann", "And another thing.", clock.moment))
    clock.moment += 5 * MINUTE
    second = await _delivered(at)

    assert (sorted(map(str, first)), second) == (["accepted", "uncertain"], [State.ACCEPTED])
    assert office.taken == [b"1 new message from Ann\nIs it still there?"]


async def test_a_channel_that_nobody_has_waits(
    database: Database, clock: SetClock, office: PostOffice
) -> None:
    """A process that does not know a channel says so, tries again, and harms no other delivery."""
    clock.moment = NOW + 2 * MINUTE
    at = _context(database, clock, office)
    await _owed_on_both(at)
    at = replace(at, channels={EMAIL: at.channels[EMAIL]})
    await _delivered(at)
    found = await _all(at)

    assert found[EMAIL][0].state is State.ACCEPTED
    assert (found[POSTCARD][0].state, found[POSTCARD][0].reason) == (State.QUEUED, "not_written")


async def test_what_may_have_left_by_a_channel_that_is_gone_ends(
    database: Database, clock: SetClock, office: PostOffice
) -> None:
    """Nobody can make its octets again, and it is not written anew: so it rests, as uncertain."""
    clock.moment = NOW + 2 * MINUTE
    at = _context(database, clock, office)
    office.drop("TEXT")
    await _owed_on_both(at)
    await _delivered(at)
    at = replace(at, channels={EMAIL: at.channels[EMAIL]})
    clock.moment += 5 * MINUTE
    states = await _delivered(at)
    ended, tries = (await _all(at))[POSTCARD]

    assert states == [State.UNCERTAIN]
    assert (ended.state, ended.next_attempt_at) == (State.UNCERTAIN, None)
    assert ended.reason == "its octets cannot be made again"
    assert [one.outcome for one in tries] == ["uncertain", "uncertain"]
