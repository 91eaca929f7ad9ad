"""Caps count all of a person's conversations; backing off ends when they come back."""

from typing import Any

import pytest

from core.actions import converse, decide, look, read, say
from core.actions.decide import BurstClaim
from core.model.message import Origin
from core.model.participant import Access, Notify
from core.model.session import UserSession
from core.moment import HOUR, MINUTE, Moment
from core.rules.look_again import Later, Send
from core.rules.waiting import Wait
from core.store import pending
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation, says

BO = (APP, ROOM, "bo")
WAIT = 2 * MINUTE


def _looked_at(session: Session, at: Moment, room: str = ROOM) -> Any:
    """Decide on what Bo is owed."""
    session.flush()
    debt = pending.find(session, APP, room, "bo")
    assert debt is not None
    return decide.decide(session, BurstClaim(APP, room, "bo", debt.attempts), "m", at)


async def test_a_cap_counts_all_conversations(database: Database) -> None:
    """The second conversation waits for an hour after the first one's mail, and is told then."""

    def work(session: Session) -> list[Any]:
        a_conversation(session, "ann", "bo", mails_per_hour=1)
        converse.put(session, APP, "other", {}, NOW)
        for name in ("ann", "bo"):
            converse.join(session, (APP, "other", name), Access.READ_WRITE, Notify.ALL, NOW)
        says(session, "ann")
        say.say(session, say.Words(APP, "other", "ann", "And there"), NOW)
        first = _looked_at(session, NOW + WAIT)
        over = _looked_at(session, NOW + WAIT, "other")
        return [first, over, _looked_at(session, NOW + WAIT + HOUR, "other")]

    first, over, later = await database.write(work)

    assert isinstance(first, Send)
    assert over == Later(NOW + WAIT + HOUR, NOW, Wait.CAP)
    assert isinstance(later, Send)


def _page(session: Session, at: Moment) -> None:
    page = UserSession(
        app_id=APP, user_id="bo", id="tab", selected_conversation_id=ROOM, has_focus=True,
        told_at=at, expires_at=at + 30_000,
    )  # fmt: skip
    look.look(session, page)
    look.leave(session, APP, "bo", "tab", at)


def _answers(session: Session, at: Moment, origin: Origin) -> None:
    say.say(session, say.Words(APP, ROOM, "bo", "I come", origin=origin), at)


@pytest.mark.parametrize(
    ("comes_back", "wait"),
    [
        pytest.param(lambda s, at: None, 10 * MINUTE, id="never"),
        pytest.param(lambda s, at: read.mark_read(s, BO, None, at), 0, id="reads"),
        pytest.param(_page, 0, id="visits it"),
        pytest.param(lambda s, at: _answers(s, at, Origin.REST), 0, id="answers in the app"),
        pytest.param(lambda s, at: _answers(s, at, Origin.EMAIL), 0, id="answers by mail"),
    ],
)
async def test_backing_off_ends_when_they_come_back(
    database: Database, comes_back: Any, wait: int
) -> None:
    """After a mail that was passed over the next one waits; after one that was not it does not."""
    first, again = NOW + WAIT, NOW + 2 * WAIT

    def work(session: Session) -> Any:
        a_conversation(session, "ann", "bo", back_off_after=1)
        says(session, "ann")
        _looked_at(session, first)
        comes_back(session, first + 1)
        says(session, "ann", "More", again - WAIT + 2)
        return _looked_at(session, again + 2)

    decided = await database.write(work)

    if wait:
        assert decided == Later(first + wait, again - WAIT + 2, Wait.BACK_OFF)
    else:
        assert isinstance(decided, Send)


async def test_a_visit_ends_a_wait_that_is_under_way(database: Database) -> None:
    """What waits is looked at when the page tells, not ten minutes later."""
    again = NOW + 2 * WAIT

    def work(session: Session) -> Moment:
        a_conversation(session, "ann", "bo", back_off_after=1)
        says(session, "ann")
        _looked_at(session, NOW + WAIT)
        says(session, "ann", "More", NOW + WAIT)
        _looked_at(session, again)
        _page(session, again + 5)
        session.flush()
        debt = pending.find(session, *BO)
        assert debt is not None
        return debt.due_at

    assert await database.write(work) == again + 5
