"""The worker notes what a crowd is owed, by turns with others."""

import asyncio

import pytest

from core.clock import SetClock
from core.config.ways_out import RelaySettings
from core.model.fan_out import AT_ONCE
from core.moment import MINUTE
from core.nudge import Nudge
from core.store import fan_outs, pending
from core.store.database import Database
from core.store.engine import due
from notifier import fan_out
from notifier.channels.email.relay import SmtpRelay
from notifier.fan_out import FanOutClaim, note
from notifier.queue.pool import Pace
from notifier.worker import work
from tests.support.notifying import a_context, until
from tests.support.people import APP, NOW, ROOM, a_conversation, a_crowd, says

_NOWHERE = SmtpRelay(RelaySettings(host="127.0.0.1", port=1, tls="none"))  # nothing is due yet


async def test_the_worker_goes_on_until_everybody_is_reached(
    database: Database, clock: SetClock
) -> None:
    """A claim whose turns are over goes back, and is taken again: due, and nobody's."""
    clock.moment = NOW
    people = 5 * AT_ONCE
    await database.write(lambda session: a_conversation(session, "ann"))
    await database.write(lambda session: a_crowd(session, people))
    await database.write(lambda session: says(session, "ann"))
    at = a_context(database, clock, _NOWHERE)
    task = asyncio.create_task(work("w", at, Pace(poll_seconds=0.02), Nudge()))

    async def over() -> bool:
        found = await database.read(lambda session: fan_outs.of_app(session, None, 5))
        return not found

    await until(over)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    owed = await database.read(lambda session: pending.of_app(session, APP, 2 * people))
    assert len(owed) == people


async def test_a_claim_has_so_many_turns(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind one very large crowd another does not wait until all of that is noted."""
    clock.moment = NOW
    monkeypatch.setattr(fan_out, "_TURNS", 2)
    await database.write(lambda session: a_conversation(session, "ann"))
    await database.write(lambda session: a_crowd(session, 3 * AT_ONCE))
    await database.write(lambda session: says(session, "ann"))
    taking = due.Taking("w", NOW, MINUTE, 5)
    (row,) = await database.write(lambda session: due.claim(session, fan_outs.WORK, taking))

    over = await note(FanOutClaim(*row), a_context(database, clock, _NOWHERE), Nudge())
    again = await database.write(lambda session: due.claim(session, fan_outs.WORK, taking))

    assert not over
    assert [one[:2] for one in again] == [(APP, ROOM)]
