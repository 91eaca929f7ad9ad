"""One delivery from claim to outcome: what a try is, and what is none."""

from core.actions.decide import Claim as BurstClaim
from core.clock import SetClock
from core.model.delivery import Delivery
from core.moment import MINUTE, SECOND, Moment
from core.outcome import Cause, Deferred
from core.store import deliveries, due, pending
from core.store.database import Database, Session
from notifier.dispatch import Claim, Desk, decide, deliver
from notifier.scheduling.lane import Lane
from notifier.transports.memory import Memory
from tests.support.notifying import SENDER
from tests.support.people import NOW, a_conversation, says

NOBODY_NOW = Deferred(Cause.BUSY, None, whole_lane=True)
NOT_THIS_ONE = Deferred(Cause.QUOTA, None)


async def _offered_once(desk: Desk, clock: SetClock) -> Delivery:
    """Claim the one delivery when it is due, offer it, and return it as it is then."""
    found = await desk.database.read(lambda s: due.next_due(s, deliveries.WORK))
    clock.moment = max(clock.moment, found or 0)
    taking = due.Taking("w", clock.moment, MINUTE, 1)
    (row,) = await desk.database.write(lambda s: due.claim(s, deliveries.WORK, taking))
    await deliver(Claim(row[0], row[1], row[2], clock.moment + MINUTE), desk)
    one = await desk.database.read(lambda s: deliveries.find(s, row[0], row[1]))
    assert one is not None
    return one


async def test_a_relay_in_trouble_costs_no_try(database: Database, clock: SetClock) -> None:
    """However often the whole relay was away, the mail's own first deferral is its first."""
    clock.moment = NOW + 2 * MINUTE
    relay = Memory()
    relay.answer_next(*[NOBODY_NOW] * 4, *[NOT_THIS_ONE] * 2)
    desk = Desk(database, relay, SENDER, (), Lane(), clock, lambda: 0.0)
    await database.write(_missed)
    taking = due.Taking("w", clock.moment, MINUTE, 1)
    (burst,) = await database.write(lambda s: due.claim(s, pending.WORK, taking))
    await decide(BurstClaim(*burst), desk)

    waits: list[tuple[int, Moment]] = []
    for _ in range(6):
        one = await _offered_once(desk, clock)
        waits.append((one.tries, (one.next_attempt_at or 0) - clock.moment))

    assert waits == [
        (0, 5 * SECOND), (0, 15 * SECOND), (0, 30 * SECOND), (0, MINUTE),
        (1, 30 * SECOND), (2, 2 * MINUTE),
    ]  # fmt: skip


def _missed(session: Session) -> None:
    a_conversation(session, "ann", "bo")
    says(session, "ann")
