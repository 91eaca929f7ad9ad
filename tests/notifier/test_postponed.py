"""Mails behind a relay that will not take ours: they wait, say why, and nobody is blamed."""

from functools import partial

import pytest

from core.actions.explain import explain
from core.actions.queue import retry
from core.clock import SetClock
from core.model.delivery import EMAIL, Delivery, State
from core.moment import DAY, HOUR, MINUTE, SECOND
from core.outcome import Accepted, Cause, Deferred, Outcome, PeerReply
from core.store import deliveries, participants
from core.store.database import Database, Session
from core.store.engine import due
from notifier.channels.email.in_memory_relay import Memory
from notifier.context import NotifierContext
from notifier.dispatch import deliver
from notifier.queue.claimed import DeliveryClaim
from tests.support import stored
from tests.support.notifying import a_context
from tests.support.owed_mails import owe_mails
from tests.support.people import APP, NOW, ROOM

WORDS = "Daily user sending limit exceeded"
NO = PeerReply(550, "5.4.5", WORDS)
NO_FOR_ALL = Deferred(Cause.SENDER_QUOTA, NO, whole_lane=True)
PEOPLE = ("bo", "cy", "di")


async def _all_due(at: NotifierContext, clock: SetClock) -> list[State | None]:
    """Claim what is due now and take it to its next outcome, one after the other."""
    taking = due.Taking("w", clock.moment, MINUTE, 50)
    rows = await at.database.write(lambda s: due.claim(s, deliveries.WORK, taking))
    until = clock.moment + MINUTE
    return [await deliver(DeliveryClaim(row[0], row[1], row[2], until), at) for row in rows]


async def _owed(
    database: Database, clock: SetClock, *answers: PeerReply | Outcome
) -> tuple[NotifierContext, Memory]:
    """Let a mail be due to each of the people, at a relay with these answers."""
    clock.moment = NOW
    relay = Memory()
    relay.answer_next(*answers)
    await database.write(lambda session: owe_mails(session, PEOPLE, NOW))
    return a_context(database, clock, relay), relay


async def _deliveries(database: Database) -> list[Delivery]:
    found = await database.read(lambda s: deliveries.listed(s, APP, waiting_only=False, limit=99))
    return sorted(found, key=lambda one: one.address)


async def test_one_refusal_holds_them_all(database: Database, clock: SetClock) -> None:
    """The relay hears it of one mail; the others are told what it said, and not offered."""
    at, relay = await _owed(database, clock, NO)
    states = await _all_due(at, clock)
    found = await _deliveries(database)
    tries = await database.read(lambda s: deliveries.attempts(s, APP, [one.id for one in found]))

    assert states == [State.QUEUED] * 3
    assert [(one.state, one.reason, one.tries) for one in found] == [
        (State.QUEUED, "sender_quota", 0)
    ] * 3
    assert all((one.next_attempt_at or 0) >= NOW + 5 * SECOND for one in found)
    assert {(one.code, one.enhanced, one.cause) for one in tries} == {
        (550, "5.4.5", "sender_quota")
    }
    assert sum(one.text == WORDS for one in tries) == 1
    assert sum(str(one.text).startswith("not offered") for one in tries) == 2
    assert list(relay.parcels) == []


async def test_one_mail_asks_and_all_follow(database: Database, clock: SetClock) -> None:
    """When the relay is well, the first that asks is taken, and the rest leave within seconds."""
    at, relay = await _owed(database, clock, NO, NO)
    await _all_due(at, clock)
    asked = []
    for step in (6, 2, 20, 3, 3):
        clock.moment += step * SECOND
        before = len(relay.parcels)
        await _all_due(at, clock)
        asked.append(len(relay.parcels) - before)
    found = await _deliveries(database)

    assert asked[0] == 0
    assert {one.state for one in found} == {State.ACCEPTED}
    assert len({parcel.recipient for parcel in relay.parcels}) == len(relay.parcels) == 3


async def test_why_it_waits_is_written_once(database: Database, clock: SetClock) -> None:
    """A day of waiting does not fill the table of attempts with the same words."""
    at, _ = await _owed(database, clock, *[NO_FOR_ALL] * 99)
    while clock.moment < NOW + 20 * HOUR:
        await _all_due(at, clock)
        clock.moment += 10 * MINUTE
    found = await _deliveries(database)
    tries = await database.read(lambda s: deliveries.attempts(s, APP, [one.id for one in found]))
    said = [one for one in tries if str(one.text).startswith("not offered")]

    assert {one.state for one in found} == {State.QUEUED}
    assert len(said) <= 2 * len(PEOPLE)
    assert len(tries) - len(said) < 40


async def test_it_expires_and_blames_nobody(database: Database, clock: SetClock) -> None:
    """Its lifetime goes on meanwhile; at its end it has expired, it has not failed."""
    at, _ = await _owed(database, clock, *[NO_FOR_ALL] * 199)
    for _ in range(50):
        await _all_due(at, clock)
        clock.moment += HOUR
    found = await _deliveries(database)
    told = await database.read(lambda s: explain(s, (APP, ROOM, "bo"), clock.moment))

    assert [(one.state, one.reason) for one in found] == [(State.EXPIRED, "sender_quota")] * 3
    assert all(one.ended_at and one.ended_at >= NOW + 48 * HOUR for one in found)
    assert await database.read(lambda s: stored.suppressions(s, APP)) == []
    assert "nothing is held against its reader" in told["sentence"]


async def test_the_last_look_is_at_the_end_of_the_lifetime(
    database: Database, clock: SetClock
) -> None:
    """A pause that outlasts the mail does not end it early: the relay may be well by then."""
    wish = PeerReply(450, "4.7.1", "Sending limit exceeded. Try again in 6 hours")
    at, relay = await _owed(database, clock, wish)
    clock.moment = NOW + 47 * HOUR
    await _all_due(at, clock)
    found = await _deliveries(database)

    assert {one.next_attempt_at for one in found} == {NOW + 48 * HOUR}

    at.channels[EMAIL].lane.heard(Accepted(PeerReply(250, None, "ok")), clock.moment, 0.0)
    clock.moment = NOW + 48 * HOUR
    await _all_due(at, clock)

    assert len(relay.parcels) == 3


async def test_by_hand_one_is_offered_at_once(database: Database, clock: SetClock) -> None:
    """Whoever raised the quota retries one mail; once that is taken the lane is open for all."""
    at, relay = await _owed(database, clock, NO)
    await _all_due(at, clock)
    (one, *_) = await _deliveries(database)
    clock.moment += SECOND
    await database.write(lambda s: retry(s, APP, one.id, clock.moment))
    await _all_due(at, clock)
    after = await _deliveries(database)

    assert (after[0].state, len(relay.parcels)) == (State.ACCEPTED, 1)
    assert at.channels[EMAIL].lane.is_open(clock.moment)


@pytest.mark.parametrize("leaves", [True, False])
async def test_what_is_held_is_looked_at_all_the_same(
    database: Database, clock: SetClock, *, leaves: bool
) -> None:
    """Who left the conversation meanwhile is not written to when the relay is well."""
    at, relay = await _owed(database, clock, NO)
    await _all_due(at, clock)
    clock.moment += DAY
    if leaves:
        await database.write(_cy_leaves)
    for _ in range(4):
        await _all_due(at, clock)
        clock.moment += 3 * SECOND
    reached = {parcel.recipient for parcel in relay.parcels}

    assert ("cy@example.net" in reached) is not leaves
    assert {"bo@example.net", "di@example.net"} <= reached


async def test_explain_says_that_the_relay_holds_it(database: Database, clock: SetClock) -> None:
    """Also of a mail that was never offered, and with the relay's own words."""
    at, _ = await _owed(database, clock, NO)
    await _all_due(at, clock)
    told = [
        await database.read(partial(explain, whose=(APP, ROOM, one), now=NOW)) for one in PEOPLE
    ]

    assert all("queued" in one["sentence"] for one in told)
    assert all("The relay holds it: what we may send" in one["sentence"] for one in told)
    assert all(
        WORDS in one["notifications"][0]["deliveries"][0]["attempts"][0]["text"] for one in told
    )


def _cy_leaves(session: Session) -> None:
    cy = participants.find(session, APP, ROOM, "cy")
    assert cy is not None
    cy.left_at = NOW
    session.add(cy)
