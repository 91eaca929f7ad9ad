"""A mail that is retried by hand is asked again whether it is still wanted."""

from collections.abc import Callable

import pytest

from core.actions import edit, opt_out
from core.actions.queue import retry
from core.clock import SetClock
from core.model.delivery import State
from core.model.opt_out import EVERYTHING
from core.model.participant import Notify, Participant
from core.moment import HOUR, MINUTE, SECOND
from core.outcome import Cause, Failed
from core.store import deliveries, messages
from core.store.database import Database, Session
from core.store.engine import due
from notifier.channels.email.in_memory_relay import Memory
from notifier.dispatch import deliver
from notifier.queue.claimed import DeliveryClaim
from tests.support.notifying import a_context
from tests.support.owed_mails import owe_mails
from tests.support.people import APP, NOW, ROOM

Change = Callable[[Session], object]
WHOSE = (APP, ROOM, "bo")


def _bo(session: Session) -> Participant:
    return session.get_one(Participant, WHOSE)


def _mentions_only(session: Session) -> None:
    _bo(session).notify = Notify.MENTIONS_ONLY


def _silent(session: Session) -> None:
    _bo(session).notify = Notify.NOTHING


def _muted(session: Session) -> None:
    _bo(session).muted_until = NOW + HOUR


def _left(session: Session) -> None:
    _bo(session).left_at = NOW


def _read(session: Session) -> None:
    _bo(session).read_seq = 1


def _deleted(session: Session) -> None:
    one = messages.newest(session, APP, [ROOM])[ROOM]
    edit.delete(session, APP, one.id, NOW)


def _opted_out(session: Session) -> None:
    opt_out.opt_out(session, (APP, "bo"), EVERYTHING, "page", NOW)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_read, "nothing_left"),
        (_deleted, "nothing_left"),
        (_mentions_only, "not_mentioned"),
        (_silent, "notify_off"),
        (_muted, "muted"),
        (_left, "no_access"),
        (_opted_out, "opted_out"),
    ],
)
async def test_what_is_no_longer_wanted_does_not_leave(
    database: Database, clock: SetClock, change: Change, reason: str
) -> None:
    """Though it had failed, and somebody asks for it by hand."""
    clock.moment = NOW
    relay = Memory()
    relay.answer_next(Failed(Cause.CONTENT, None))
    at = a_context(database, clock, relay)
    await database.write(lambda s: owe_mails(s, ["bo"], NOW))

    async def once() -> State | None:
        taking = due.Taking("w", clock.moment, MINUTE, 5)
        ((app, id_, fence),) = await database.write(lambda s: due.claim(s, deliveries.WORK, taking))
        ids.append(id_)
        return await deliver(DeliveryClaim(app, id_, fence, clock.moment + MINUTE), at)

    ids: list[str] = []
    first = await once()
    await database.write(change)
    clock.moment += SECOND
    await database.write(lambda s: retry(s, APP, ids[0], clock.moment))
    second = await once()
    (one,) = await database.read(lambda s: deliveries.listed(s, APP, waiting_only=False, limit=9))

    assert (first, second) == (State.FAILED, State.CANCELLED)
    assert (one.reason, list(relay.parcels)) == (reason, [])
