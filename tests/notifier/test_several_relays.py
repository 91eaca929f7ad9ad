"""While one relay takes nothing the next is offered what is known not to be taken, and no more."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import pytest

from core.clock import SetClock
from core.model.delivery import EMAIL, Delivery, State
from core.moment import MINUTE, SECOND
from core.outcome import Cause, Deferred, Outcome, PeerReply, Uncertain
from core.store import deliveries, lane_states
from core.store.database import Database
from core.store.engine import due
from notifier.channels.base import Channel, Way
from notifier.channels.email.in_memory_relay import Memory
from notifier.channels.email.write import MailWriter
from notifier.context import NotifierContext
from notifier.dispatch import deliver
from notifier.queue.claimed import DeliveryClaim
from notifier.queue.gates import LaneGate
from notifier.queue.lane_book import introduce, look
from tests.support.notifying import IDENTITY, a_context
from tests.support.owed_mails import owe_mails
from tests.support.people import APP, NOW

DOWN = Deferred(Cause.CONNECTION, PeerReply(0, None, "Connection refused"), whole_lane=True)
CLOSING = PeerReply(421, "4.3.2", "Going down")
QUOTA = PeerReply(550, "5.4.5", "Daily user sending limit exceeded")
LOGIN = Deferred(Cause.AUTHENTICATION, PeerReply(535, "5.7.8", "No"), whole_lane=True)
BUSY = PeerReply(451, "4.3.0", "Try again")
NOBODY = PeerReply(550, "5.1.1", "No such user")
RAW = b"b@n.test\nSubject: x\r\n\r\nHello\r\n"
CUT = Uncertain("the line broke")


class Pair:
    """A channel with two relays, and the deliveries that are due."""

    def __init__(self, database: Database, clock: SetClock) -> None:
        """Wire both."""
        self.first, self.second = Memory(), Memory()
        self.at: NotifierContext = a_context(database, clock, self.first)
        self.channel: Channel[Any] = self.at.channels[EMAIL]
        self.channel.ways["second"] = Way(self.second)
        self._clock = clock

    @property
    def taken(self) -> tuple[list[str], list[str]]:
        """Whose mails each of them took, in order; an uncertain one counts as taken."""
        first, second = (
            [one.recipient.partition("@")[0] for one in relay.parcels]
            for relay in (self.first, self.second)
        )
        return first, second

    async def owe(self, *people: str) -> None:
        """Let a mail be due to each."""
        self._clock.moment = NOW
        await self.at.database.write(lambda s: owe_mails(s, people, NOW))

    async def all_due(self) -> list[State | None]:
        """Claim what is due now and take it to its next outcome, one after the other, by name."""
        now = self._clock.moment
        taking = due.Taking("w", now, MINUTE, 50)
        rows = await self.at.database.write(lambda s: due.claim(s, deliveries.WORK, taking))
        # All are due at one moment: in which order they come is the database's own choice.
        order = [one.id for one in await self.deliveries()]
        claims = [DeliveryClaim.of(row, now + MINUTE) for row in rows]
        claims.sort(key=lambda claim: order.index(claim.delivery_id))
        return [await deliver(claim, self.at) for claim in claims]

    async def deliveries(self) -> list[Delivery]:
        """Return them all, by address."""
        found = await self.at.database.read(
            lambda s: deliveries.listed(s, APP, waiting_only=False, limit=99)
        )
        return sorted(found, key=lambda one: one.address)

    async def offers(self) -> Iterable[tuple[str, str]]:
        """Return to which relay each was offered, and what came of it, in order."""
        ids = [one.id for one in await self.deliveries()]
        tries = await self.at.database.read(lambda s: deliveries.attempts(s, APP, ids))
        return [(one.relay, one.outcome) for one in tries]


@pytest.fixture
def pair(database: Database, clock: SetClock) -> Pair:
    """Return two relays."""
    return Pair(database, clock)


async def test_the_first_takes_all_while_it_takes_anything(pair: Pair) -> None:
    """The second hears of nothing."""
    await pair.owe("bo", "cy")
    await pair.all_due()

    assert pair.taken == (["bo", "cy"], [])


@pytest.mark.parametrize("said", [DOWN, CLOSING, QUOTA, LOGIN])
async def test_what_it_did_not_take_the_next_is_offered_at_once(
    pair: Pair, said: PeerReply | Outcome
) -> None:
    """Down, closing, our quota used up, our login refused: nobody waits, and no try is spent."""
    await pair.owe("bo", "cy", "di")
    pair.first.answer_next(said)
    await pair.all_due()
    await pair.all_due()
    found = await pair.deliveries()

    assert pair.taken == ([], ["cy", "di", "bo"])
    assert [(one.state, one.relay, one.tries) for one in found] == [
        (State.ACCEPTED, "second", 1)
    ] * 3
    assert sorted(await pair.offers()) == [("", "deferred"), *[("second", "accepted")] * 3]


@pytest.mark.parametrize("said", [BUSY, NOBODY])
async def test_what_is_said_of_one_mail_is_taken_for_an_answer(pair: Pair, said: PeerReply) -> None:
    """Another relay is not asked until one says yes."""
    await pair.owe("bo")
    pair.first.answer_next(said)
    await pair.all_due()
    await pair.all_due()

    assert pair.taken == ([], [])
    assert [relay for relay, _ in await pair.offers()] == [""]


async def test_what_may_be_taken_stays_with_its_relay(pair: Pair, clock: SetClock) -> None:
    """However long that is down, while the other takes everything else."""
    await pair.owe("bo", "cy")
    pair.first.answer_next(CUT, DOWN, *[DOWN] * 20)
    await pair.all_due()  # bo's may be out; cy's meets the outage
    for _ in range(8):
        await pair.all_due()
        clock.moment += 20 * SECOND
    before = pair.taken
    pair.first.answer_next()
    for _ in range(30):
        await pair.all_due()
        clock.moment += 5 * MINUTE
    bo, cy = await pair.deliveries()

    assert before == (["bo"], ["cy"])
    assert pair.taken == (["bo", "bo"], ["cy"])
    assert (bo.relay, bo.state, cy.relay) == ("", State.ACCEPTED, "second")


async def test_found_transmitting_it_goes_to_the_one_it_was_on_its_way_to(
    pair: Pair, database: Database
) -> None:
    """A process died while the second was given it; the first is well again meanwhile."""
    await pair.owe("bo")

    def died(session: object) -> None:
        (one,) = deliveries.listed(session, APP, waiting_only=True, limit=9)  # type: ignore[arg-type]
        one.state, one.relay, one.raw = (
            State.TRANSMITTING,
            "second",
            b"b@n.test\nSubject: x\r\n\r\n",
        )

    await database.write(died)
    await pair.all_due()

    assert pair.taken == ([], ["bo"])


async def test_one_mail_at_a_time_asks_whether_it_is_well(pair: Pair, clock: SetClock) -> None:
    """The others need not wait for what it takes to fail; once it is well, all go there again."""
    people = [f"u{n}" for n in range(9)]
    await pair.owe(*people)
    pair.first.answer_next(DOWN)
    taking = due.Taking("w", NOW, MINUTE, 1)
    ((app, id_, fence),) = await pair.at.database.write(
        lambda s: due.claim(s, deliveries.WORK, taking)
    )
    await deliver(DeliveryClaim(app, id_, fence, NOW + MINUTE), pair.at)
    clock.moment = pair.channel.lane.closed_until
    lane = pair.channel.lane
    asked = [lane.may_ask(clock.moment) for _ in range(5)]
    clock.moment += 2 * SECOND
    await pair.all_due()

    assert asked == [True, False, False, False, False]
    assert len(pair.taken[0]) == 9


async def test_both_down_nothing_is_claimed(pair: Pair, clock: SetClock) -> None:
    """And each has a lane of its own, that other processes hear of."""
    await pair.owe("bo", "cy")
    await introduce(pair.at)
    gate = LaneGate(pair.at)
    pair.first.answer_next(DOWN)
    pair.second.answer_next(DOWN)
    await pair.all_due()
    rows = {one.name: one for one in await pair.at.database.read(lane_states.every)}
    other = Pair(pair.at.database, clock)
    await look(other.at)

    assert not gate.is_open()
    assert {name: one.closed_until > NOW for name, one in rows.items()} == {
        "email": True, "email:second": True,
    }  # fmt: skip
    assert other.channel.passes_over(NOW)


async def test_each_address_has_an_outcome_of_its_own(pair: Pair, database: Database) -> None:
    """One person with two mailboxes: one is refused, the other takes it."""
    await pair.owe("bo", "cy")
    pair.first.answer_next(NOBODY)
    states = await pair.all_due()

    assert sorted(map(str, states)) == ["accepted", "failed"]


def test_a_way_knows_its_name_by_the_channel() -> None:
    """The first has none, so that a delivery of before has one all the same."""
    channel: Channel[Any] = Channel(MailWriter(IDENTITY), Memory())
    of = partial(Delivery, app_id=APP, id="d", address="bo@x.test", message_id="<m>")

    gone = of(notification_id="n", conversation_id="c", user_id="u", relay="gone")

    assert channel.way_of(gone) is channel.ways[""]
