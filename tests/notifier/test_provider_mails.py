"""Mails of a provider that is slow, strict or short of room: they wait, and nobody else's do."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from core.actions.decide import BurstClaim
from core.clock import SetClock
from core.model.delivery import EMAIL, State
from core.moment import HOUR, MINUTE, SECOND
from core.nudge import Nudge
from core.outcome import Accepted, Outcome, PeerReply, Uncertain
from core.rules.look_again import Later, Send
from core.store import deliveries, pending, users
from core.store.database import Database, Session
from core.store.engine import due
from notifier.channels.base import Channel
from notifier.channels.email.in_memory_relay import Memory
from notifier.channels.email.parcel import MailParcel
from notifier.channels.email.write import MailWriter
from notifier.context import NotifierContext
from notifier.dispatch import decide, deliver
from notifier.queue.claimed import DeliveryClaim
from notifier.queue.pool import Pace
from notifier.scheduling.provider_lanes import ProviderBounds
from notifier.worker import work
from tests.support.notifying import IDENTITY, a_context, until
from tests.support.owed_mails import addresses, owe_mails
from tests.support.people import APP, NOW, ROOM, a_conversation, says

NO = PeerReply(550, "5.7.26", "Unauthenticated email from n.test is not accepted")


def _owed_at(session: Session, **people: str) -> None:
    """Let a mail be due to each of these people, at their providers."""

    def move() -> None:
        for name, domain in people.items():
            user = users.find(session, APP, name)
            assert user is not None
            user.email = [f"{name}@{domain}"]
            session.add(user)
        session.flush()

    owe_mails(session, people, NOW, before_due=move)


async def _all_due(at: NotifierContext, clock: SetClock) -> list[State | None]:
    taking = due.Taking("w", clock.moment, MINUTE, 50)
    rows = await at.database.write(lambda s: due.claim(s, deliveries.WORK, taking))
    until = clock.moment + MINUTE
    return [await deliver(DeliveryClaim(row[0], row[1], row[2], until), at) for row in rows]


class Slow:
    """A relay that never answers for one provider, and takes all else at once."""

    at_once = 4

    def __init__(self, domain: str) -> None:
        """Hang for this domain."""
        self.domain = domain
        self.let_go = asyncio.Event()
        self.taken: list[str] = []
        self.hanging = 0

    async def send(self, parcel: MailParcel) -> Outcome:
        """Take it, or hang."""
        if parcel.recipient.endswith(f"@{self.domain}"):
            self.hanging += 1
            await self.let_go.wait()
            return Uncertain("never said")
        self.taken.append(parcel.recipient)
        return Accepted(PeerReply(250, None, "ok"))

    async def close(self) -> None:
        """Keep what was taken."""


async def test_a_slow_provider_holds_up_nobody_else(database: Database, clock: SetClock) -> None:
    """Twenty that hang were due before; the others leave all the same."""
    hang = {f"g{n}": "gmail.com" for n in range(20)}
    relay = await _two_leave(
        database, clock, lambda s: _owed_at(s, **hang, z1="example.org", z2="yahoo.com")
    )

    assert set(relay.taken) == {"z1@example.org", "z2@yahoo.com"}
    assert relay.hanging <= 3


async def test_who_is_not_decided_on_yet_waits_for_no_slow_provider(
    database: Database, clock: SetClock
) -> None:
    """Far more would hang than may wait to leave, and were owed before; none of them is decided."""

    def owed(session: Session) -> None:
        hang = {f"g{n:02}": "gmail.com" for n in range(80)}
        people = hang | {"z1": "example.org", "z2": "yahoo.com"}
        a_conversation(session, "ann", *people)
        for name, domain in people.items():
            user = users.find(session, APP, name)
            assert user is not None
            user.email = [f"{name}@{domain}"]
            session.add(user)
        session.flush()
        says(session, "ann", now=NOW - 5 * MINUTE)

    relay = await _two_leave(database, clock, owed)
    decided = await database.read(lambda s: deliveries.listed(s, APP, waiting_only=True, limit=999))

    assert set(relay.taken) == {"z1@example.org", "z2@yahoo.com"}
    assert len(decided) < 60


async def _two_leave(
    database: Database, clock: SetClock, owed: Callable[[Session], object]
) -> Slow:
    """Let the notifier work on what is owed until two mails have left; return the relay."""
    clock.moment = NOW
    await database.write(owed)
    relay = Slow("gmail.com")
    at = a_context(database, clock, relay)
    task = asyncio.create_task(work("w", at, Pace(poll_seconds=0.02), Nudge()))

    async def left() -> bool:
        clock.moment += 50  # those that were put off come back
        return len(relay.taken) == 2

    try:
        await until(left)
    finally:
        task.cancel()
        relay.let_go.set()  # or who stops waits for those that hang
        await asyncio.gather(task, return_exceptions=True)
        await at.webhook.close()
    return relay


async def test_one_providers_opinion_holds_its_mails_alone(
    database: Database, clock: SetClock
) -> None:
    """Three were refused; the fourth is told why it waits, and the other provider's leaves."""
    clock.moment = NOW
    gmail = {f"g{n}": "gmail.com" for n in range(4)}
    await database.write(lambda s: _owed_at(s, **gmail, z="gmx.de"))
    relay = Memory()
    relay.answer_next(NO, NO, NO)
    at = a_context(database, clock, relay)
    await _all_due(at, clock)
    stands = await database.read(addresses)

    assert [one.recipient for one in relay.parcels] == ["z@gmx.de"]
    assert stands["z@gmx.de"][0] == "accepted"
    assert {stands[f"{name}@gmail.com"] for name in gmail} == {("queued", "sender_reputation")}


async def test_so_many_a_minute_leave_and_the_rest_says_nothing(
    database: Database, clock: SetClock
) -> None:
    """No try is spent by who waits for its moment, and all leave in the end."""
    clock.moment = NOW
    people = {f"g{n}": "gmail.com" for n in range(6)}
    await database.write(lambda s: _owed_at(s, **people))
    relay = Memory()
    channel = Channel(MailWriter(IDENTITY), relay, bounds=ProviderBounds(None, {"gmail": 60}))
    at = replace(a_context(database, clock, relay), channels={EMAIL: channel})
    left = []
    for _ in range(7):
        await _all_due(at, clock)
        left.append(len(relay.parcels))
        clock.moment += SECOND
    found = await database.read(lambda s: deliveries.listed(s, APP, waiting_only=False, limit=99))
    tries = await database.read(lambda s: deliveries.attempts(s, APP, [one.id for one in found]))

    assert left == [1, 2, 3, 4, 5, 6, 6]
    assert {one.state for one in found} == {State.ACCEPTED}
    assert len(tries) == 6


async def test_who_waits_for_its_moment_to_the_end_expires(
    database: Database, clock: SetClock
) -> None:
    """It does not come round for ever."""
    clock.moment = NOW
    await database.write(lambda s: _owed_at(s, g1="gmail.com", g2="gmail.com"))
    channel = Channel(MailWriter(IDENTITY), Memory(), bounds=ProviderBounds(None, {"gmail": 1}))
    at = replace(a_context(database, clock, Memory()), channels={EMAIL: channel})
    await _all_due(at, clock)
    clock.moment += 49 * HOUR
    channel.providers.enter("email/gmail", clock.moment)
    states = await _all_due(at, clock)

    assert states == [State.EXPIRED]


async def test_what_would_wait_for_its_lane_is_not_decided(
    database: Database, clock: SetClock
) -> None:
    """It stays owed, is looked at again less and less often, and leaves when there is room."""
    clock.moment = NOW + 2 * MINUTE

    def owed(session: Session) -> None:
        a_conversation(session, "ann", "bo")
        says(session, "ann")
        bo = users.find(session, APP, "bo")
        assert bo is not None
        bo.email = ["bo@gmail.com"]
        session.add(bo)

    await database.write(owed)
    channel = Channel(MailWriter(IDENTITY), Memory(), bounds=ProviderBounds(None, {"gmail": 60}))
    at = replace(a_context(database, clock, Memory()), channels={EMAIL: channel})
    for _ in range(30):
        channel.providers.enter("email/gmail", clock.moment)
    first = await _decided(at)
    debt = await database.read(lambda s: pending.find(s, APP, ROOM, "bo"))
    clock.moment += MINUTE
    second = await _decided(at)

    assert isinstance(first, Later)
    assert debt is not None
    assert debt.due_at >= NOW + 2 * MINUTE + 15 * SECOND
    assert isinstance(second, Send)


async def test_what_would_wait_for_the_relays_rate_is_not_decided(
    database: Database, clock: SetClock
) -> None:
    """Sixty a minute for all, and thirty bursts: as many are decided as leave within seconds."""
    clock.moment = NOW + 2 * MINUTE
    people = [f"u{n:02}" for n in range(30)]

    def owed(session: Session) -> None:
        a_conversation(session, "ann", *people)
        says(session, "ann")

    await database.write(owed)
    relay = Memory()
    channel = Channel(MailWriter(IDENTITY), relay, a_minute=60)
    at = replace(a_context(database, clock, relay), channels={EMAIL: channel})
    decided = []
    for _ in people:
        decided.append(await _decided(at))
        await _all_due(at, clock)
    dues = [one.due_at for one in decided if isinstance(one, Later)]
    clock.moment += MINUTE

    assert len(decided) - len(dues) <= 5
    assert len(set(dues)) == len(dues)
    assert max(dues) - NOW - 2 * MINUTE < 40 * SECOND
    assert isinstance(await _decided(at), Send)


async def _decided(at: NotifierContext) -> object:
    taking = due.Taking("w", at.clock.now(), MINUTE, 1)
    (row,) = await at.database.write(lambda s: due.claim(s, pending.WORK, taking))
    return await decide(BurstClaim(*row), at)
