"""A reminder is one more mail: who has had enough of them, or sleeps, is not sent it."""

from typing import Any

import pytest

from core.actions import converse, decide
from core.actions.remind import Reminder, remind
from core.model.delivery import State
from core.moment import DAY, HOUR
from core.rules.look_again import Why
from core.store import deliveries, pending
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation, says

BO = (APP, ROOM, "bo")


def _told(session: Session, **role: Any) -> None:
    """Let Ann say something to Bo, and the mail of it be made an hour later."""
    a_conversation(session, "ann", "bo", **role)
    says(session, "ann")
    debt = pending.find(session, *BO)
    assert debt is not None
    decide.decide(session, decide.BurstClaim(*BO, debt.attempts), "list.test", NOW + HOUR)


def _asks(session: Session, now: int) -> str:
    (one,) = remind(session, (APP, ROOM), Reminder(("bo",), {}), "list.test", now)
    return one.reason


@pytest.mark.parametrize(
    ("role", "reasons"),
    [
        ({"mails_per_hour": 1}, [Why.NOT_NOW, Why.REMINDED]),
        ({"mails_per_day": 1}, [Why.NOT_NOW, Why.NOT_NOW]),
        ({"back_off_after": 1}, [Why.NOT_NOW, Why.REMINDED]),
        ({}, [Why.REMINDED, Why.REMINDED]),
    ],
)
async def test_caps_and_backing_off_hold_for_it(
    database: Database, role: dict[str, Any], reasons: list[Why]
) -> None:
    """A minute after the last mail it is not the moment; after two hours it may be."""

    def work(session: Session) -> list[str]:
        _told(session, **role)
        return [_asks(session, NOW + HOUR + 60_000), _asks(session, NOW + 3 * HOUR)]

    assert await database.write(work) == [why.value for why in reasons]


async def test_after_a_day_there_is_room_again(database: Database) -> None:
    """As for every other mail."""

    def work(session: Session) -> str:
        _told(session, mails_per_day=1)
        return _asks(session, NOW + HOUR + DAY)

    assert await database.write(work) == Why.REMINDED.value


@pytest.mark.parametrize(
    ("waits", "ended"),
    [
        pytest.param({}, (State.CANCELLED, "reminded"), id="it waits"),
        pytest.param({"claimed_by": "w"}, (State.QUEUED, None), id="somebody works on it"),
        pytest.param({"raw": b"octets"}, (State.QUEUED, None), id="it may be out"),
        pytest.param({"state": State.ACCEPTED}, (State.ACCEPTED, None), id="it is out"),
    ],
)
async def test_it_stands_for_a_digest_that_has_not_left(
    database: Database, waits: dict[str, Any], ended: tuple[State, str | None]
) -> None:
    """Nobody gets both; one that is not made leaves the digest alone, and so does a second one."""

    def work(session: Session) -> list[tuple[State, str | None]]:
        _told(session)
        (digest,) = deliveries.listed(session, APP, waiting_only=False, limit=9)
        for name, value in waits.items():
            setattr(digest, name, value)
        session.add(digest)
        converse.mute(session, BO, NOW + 2 * HOUR, NOW)
        _asks(session, NOW + HOUR + 1)
        session.flush()
        found = [_stands(session, digest.id)]
        for nth in range(2):
            _asks(session, NOW + 3 * HOUR + nth)
        session.flush()
        session.expire_all()
        found.append(_stands(session, digest.id))
        mails = deliveries.listed(session, APP, waiting_only=False, limit=9)
        return [*found, *((one.state, one.reason) for one in mails if one.id != digest.id)]

    before = waits.get("state", State.QUEUED)
    assert await database.write(work) == [
        (before, None), ended, (State.QUEUED, None), (State.QUEUED, None),
    ]  # fmt: skip


def _stands(session: Session, delivery_id: str) -> tuple[State, str | None]:
    one = deliveries.find(session, APP, delivery_id)
    assert one is not None
    return one.state, one.reason
