"""No more is decided than leaves in a few seconds."""

from dataclasses import dataclass

import pytest

from core.clock import SetClock
from core.model.delivery import EMAIL
from core.moment import MINUTE
from core.store import deliveries
from core.store.database import Database, Session
from core.store.engine import due
from notifier.channels.email.in_memory_relay import Memory
from notifier.queue.backlog import SECONDS_OF_WORK, BurstGate
from tests.support.notifying import a_context
from tests.support.owed_mails import owe_mails
from tests.support.people import APP, NOW

_ROW = (APP, "c", "u", 1)


@dataclass(slots=True)
class Seconds:
    """Seconds that pass when they are told to."""

    at: float = 100.0

    def __call__(self) -> float:
        """Return how many there were."""
        return self.at


def _waiting(session: Session, many: int) -> None:
    owe_mails(session, [f"u{n}" for n in range(many)], NOW)


async def test_what_waits_leaves_that_much_less_room(database: Database, clock: SetClock) -> None:
    """Due and unclaimed deliveries count; those that are decided on meanwhile do too."""
    clock.moment = NOW
    await database.write(lambda s: _waiting(s, 15))
    seconds = Seconds()
    gate = BurstGate(a_context(database, clock, Memory()), 40, seconds)
    first = await gate.room([])
    for _ in range(25):
        gate.enter(_ROW)
    full = await gate.room([])
    taking = due.Taking("w", NOW, 60_000, 10)
    await database.write(lambda s: due.claim(s, deliveries.WORK, taking))
    seconds.at += 1
    after = await gate.room([1, 2])

    assert (first, full, after) == (25, 0, 33)


@pytest.mark.parametrize("rate", [0, 20, 100])
async def test_the_faster_it_leaves_the_more_may_wait(
    database: Database, clock: SetClock, rate: int
) -> None:
    """So much as leaves in a few seconds, and never less than the least."""
    clock.moment = NOW
    seconds = Seconds()
    at = a_context(database, clock, Memory())
    gate = BurstGate(at, 40, seconds)
    room = 0
    for _ in range(30):
        at.channels[EMAIL].offers += rate
        seconds.at += 1
        room = await gate.room([])

    assert room == pytest.approx(max(40, rate * SECONDS_OF_WORK), rel=0.25)


async def test_a_full_queue_is_looked_at_soon(database: Database, clock: SetClock) -> None:
    """Not as seldom as an empty one, or what leaves meanwhile would leave the relay idle."""
    clock.moment = NOW
    gate = BurstGate(a_context(database, clock, Memory()), 5, Seconds())
    before = gate.pause()
    await database.write(lambda s: _waiting(s, 9))
    room = await gate.room([])

    assert room == 0
    assert gate.pause() < 0.1
    assert before < 0.1  # nothing is known yet


async def test_a_full_lane_takes_no_room_of_the_others(database: Database, clock: SetClock) -> None:
    """Its own wait beside; as soon as as many do, no more is decided for it."""
    clock.moment = NOW

    def at_gmail(session: Session) -> None:
        _waiting(session, 12)
        for one in deliveries.listed(session, APP, waiting_only=True, limit=9):
            one.lane = "email/gmail"
            session.add(one)

    await database.write(at_gmail)
    at = a_context(database, clock, Memory())
    providers = at.channels[EMAIL].providers
    seconds = Seconds()
    rooms, crowded = [], []
    for most in (10, 10, 9):
        seconds.at += 1
        rooms.append(await BurstGate(at, most, seconds).room([]))
        crowded.append(set(providers.crowded(NOW)))
        while not providers.full():
            providers.enter("email/gmail", NOW)

    assert rooms == [0, 7, 6]
    assert crowded == [set(), set(), {"email/gmail"}]
    assert providers.crowded(NOW + MINUTE) == {}
