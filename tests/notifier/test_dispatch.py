"""One delivery from claim to outcome: what a try is, and what is none."""

from core.actions.decide import BurstClaim
from core.actions.pass_on import pass_on
from core.clock import SetClock
from core.model.delivery import EMAIL, Delivery, State
from core.model.receipt import Receipt
from core.moment import HOUR, MINUTE, SECOND, Moment
from core.outcome import Cause, Deferred
from core.store import deliveries, opt_outs, pending, receipts
from core.store.database import Database, Session
from core.store.engine import due
from core.store.rows import fresh
from notifier.channels.email.in_memory_relay import Memory
from notifier.context import NotifierContext
from notifier.dispatch import decide, deliver
from notifier.queue.claimed import DeliveryClaim
from tests.support.notifying import a_context
from tests.support.people import NOW, a_conversation, says

NOBODY_NOW = Deferred(Cause.BUSY, None, whole_lane=True)
NOT_THIS_ONE = Deferred(Cause.QUOTA, None)


async def _offered_once(at: NotifierContext, clock: SetClock) -> Delivery:
    """Claim the one delivery when it is due, offer it, and return it as it is then."""
    found = await at.database.read(lambda s: due.next_due(s, deliveries.WORK))
    clock.moment = max(clock.moment, found or 0)
    taking = due.Taking("w", clock.moment, MINUTE, 1)
    (row,) = await at.database.write(lambda s: due.claim(s, deliveries.WORK, taking))
    await deliver(DeliveryClaim(row[0], row[1], row[2], clock.moment + MINUTE), at)
    one = await at.database.read(lambda s: deliveries.find(s, row[0], row[1]))
    assert one is not None
    return one


async def test_a_relay_in_trouble_costs_no_try(database: Database, clock: SetClock) -> None:
    """However often the whole relay was away, the mail's own first deferral is its first."""
    clock.moment = NOW + 2 * MINUTE
    relay = Memory()
    relay.answer_next(*[NOBODY_NOW] * 4, *[NOT_THIS_ONE] * 2)
    at = a_context(database, clock, relay)
    await database.write(_missed)
    taking = due.Taking("w", clock.moment, MINUTE, 1)
    (burst,) = await database.write(lambda s: due.claim(s, pending.WORK, taking))
    await decide(BurstClaim(*burst), at)

    waits: list[tuple[int, Moment]] = []
    for _ in range(6):
        one = await _offered_once(at, clock)
        waits.append((one.tries, (one.next_attempt_at or 0) - clock.moment))

    assert waits == [
        (0, 5 * SECOND), (0, 15 * SECOND), (0, 30 * SECOND), (0, MINUTE),
        (1, 30 * SECOND), (2, 2 * MINUTE),
    ]  # fmt: skip


async def test_a_mail_that_cannot_be_written_is_tried_and_given_up(
    database: Database, clock: SetClock
) -> None:
    """It waits like any other, says so, and ends with its lifetime; nobody is blamed for it."""
    clock.moment, relay = NOW, Memory()
    at = a_context(database, clock, relay)
    lane = at.channels[EMAIL].lane
    lane.heard(NOBODY_NOW, NOW, 0.0)
    await database.write(lambda session: _for_operator(session, b"damaged"))
    first = await _offered_once(at, clock)
    tries = await database.read(lambda s: deliveries.attempts(s, first.app_id, [first.id]))
    clock.moment += 48 * HOUR
    last = await _offered_once(at, clock)
    rests = await database.read(lambda s: opt_outs.suppression(s, "", "ops@example.org"))

    assert (first.state, first.reason) == (State.QUEUED, "not_written")
    assert first.next_attempt_at == NOW + 30 * SECOND
    assert [(one.outcome, one.cause, one.text) for one in tries] == [
        ("deferred", "not_written", "this mail could not be written; the log says why")
    ]
    assert (last.state, last.reason, rests) == (State.EXPIRED, "not_written", None)
    assert (list(relay.parcels), lane.troubles) == ([], 1)


async def test_octets_that_cannot_be_read_again_come_twice_and_no_more(
    database: Database, clock: SetClock
) -> None:
    """It may be out already, so it is not written anew; and it does not come for ever."""
    clock.moment, relay = NOW, Memory()
    at = a_context(database, clock, relay)
    await database.write(lambda session: _for_operator(session, b"whatever"))
    await database.write(_found_transmitting)
    first = await _offered_once(at, clock)
    last = await _offered_once(at, clock)

    assert (first.state, first.next_attempt_at) == (State.UNCERTAIN, clock.moment)
    assert first.raw is not None
    assert (last.state, last.next_attempt_at) == (State.UNCERTAIN, None)
    assert last.reason == "its octets cannot be made again"
    assert list(relay.parcels) == []


def _found_transmitting(session: Session) -> None:
    """Leave the one delivery as a process does that dies of it, with octets nobody can read."""
    (one,) = deliveries.listed(session, None, waiting_only=False, limit=9)
    one.state, one.raw = State.TRANSMITTING, b"\xff\n"
    session.add(one)


def _for_operator(session: Session, raw: bytes) -> None:
    """Queue a mail for the operator of which this is kept."""
    one = fresh(
        Receipt, app_id="", id="rcp_1", received_at=NOW, reverse_path="zoe@far.test",
        recipient="postmaster@reply.test", dedupe_key="1", size=9, raw=raw, verdict="accept",
        reason="kept_for_operator",
    )  # fmt: skip
    receipts.record(session, one)
    pass_on(session, one, "ops@example.org", "test", NOW)


def _missed(session: Session) -> None:
    a_conversation(session, "ann", "bo")
    says(session, "ann")
