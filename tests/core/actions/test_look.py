"""What a page tells is noticed when it is told, by all that waits for it."""

from typing import Any

import pytest

from core.actions import decide, found_app, look, people, read
from core.actions.decide import BurstClaim
from core.model.session import UserSession
from core.moment import DAY, MINUTE, SECOND, Moment
from core.rules.look_again import Send
from core.store import pending, waits
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation, says

BO = (APP, ROOM, "bo")


def _page(user_id: str, at: Moment, lives: int = 60, **told: Any) -> UserSession:
    given: dict[str, Any] = {"selected_conversation_id": ROOM} | told
    return UserSession(
        app_id=APP, user_id=user_id, id="tab", told_at=at, expires_at=at + lives * SECOND, **given
    )


def _due(session: Session) -> Moment | None:
    """Return when what Bo is owed is looked at."""
    session.flush()
    debt = pending.find(session, *BO)
    return None if debt is None else debt.due_at


def _looked_at(session: Session, at: Moment) -> Any:
    """Decide on what Bo is owed."""
    debt = pending.find(session, *BO)
    assert debt is not None
    return decide.decide(session, BurstClaim(*BO, debt.attempts), "m", at)


def _while_ann_types(session: Session, timeout: int, at: int = 5) -> None:
    """Let Ann say something and go on typing; look at it meanwhile."""
    a_conversation(session, "ann", "bo", timeout_seconds=timeout, max_wait_seconds=600)
    says(session, "ann")
    look.look(session, _page("ann", NOW, is_typing=True))
    session.flush()
    _looked_at(session, NOW + at * SECOND)


@pytest.mark.parametrize("pause", [0, 2, 9, 30])
@pytest.mark.parametrize(
    "stops",
    [
        pytest.param(lambda s, at: look.look(s, _page("ann", at)), id="by saying so"),
        pytest.param(lambda s, at: look.leave(s, APP, "ann", "tab", at), id="by closing the page"),
        pytest.param(
            lambda s, at: look.look(
                s, _page("ann", at, is_typing=True, selected_conversation_id="other")
            ),
            id="by going elsewhere",
        ),
    ],
)
async def test_an_end_of_typing_is_noticed_at_once(
    database: Database, pause: int, stops: Any
) -> None:
    """The burst leaves a timeout after it, not when the page's time to live is over."""
    stopped = NOW + 7 * SECOND

    def work(session: Session) -> tuple[Moment | None, Any]:
        _while_ann_types(session, pause)
        stops(session, stopped)
        due = _due(session)
        return due, _looked_at(session, due or 0)

    due, decided = await database.write(work)

    assert due is not None
    assert due <= stopped + max(pause, 8) * SECOND
    if pause < 8:
        assert due == stopped + pause * SECOND
        assert isinstance(decided, Send)


async def test_who_vanished_has_stopped_typing_at_the_end_of_their_page(
    database: Database,
) -> None:
    """The pause begins there, also if the page comes back later and types no more."""

    def work(session: Session) -> list[Moment | None]:
        a_conversation(session, "ann", "bo", timeout_seconds=30, max_wait_seconds=600)
        says(session, "ann")
        look.look(session, _page("ann", NOW, lives=20, is_typing=True))
        _looked_at(session, NOW + 30 * SECOND)
        alone = _due(session)
        look.look(session, _page("ann", NOW + 40 * SECOND))
        _looked_at(session, NOW + 45 * SECOND)
        return [alone, _due(session)]

    assert await database.write(work) == [NOW + 50 * SECOND] * 2


@pytest.mark.parametrize(
    "tells",
    [
        pytest.param(lambda s, at: look.look(s, _page("bo", at)), id="it lost the focus"),
        pytest.param(lambda s, at: look.leave(s, APP, "bo", "tab", at), id="it was closed"),
        pytest.param(lambda s, at: look.look(s, _page("bo", at, has_focus=True)), id="it is there"),
    ],
)
async def test_a_page_that_was_silent_is_heard_at_once(database: Database, tells: Any) -> None:
    """What waits to hear of it does not wait for the end of its time to live."""
    at = NOW + 125 * SECOND

    def work(session: Session) -> Moment | None:
        a_conversation(session, "ann", "bo")
        look.look(session, _page("bo", NOW - 1, 300, has_focus=True))
        says(session, "ann")
        _looked_at(session, NOW + 120 * SECOND)
        tells(session, at)
        return _due(session)

    assert await database.write(work) == at


def _slow(session: Session) -> None:
    """Make another role, whose people wait for long."""
    given = {"timeout_seconds": 900, "max_wait_seconds": 900}
    found_app.put_role(session, APP, "slow", given, NOW)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            lambda s, at: people.put_user(s, APP, "bo", {"role": None}, at), id="another role"
        ),
        pytest.param(
            lambda s, at: found_app.put_role(s, APP, "slow", {"timeout_seconds": 5}, at),
            id="another timeout of it",
        ),
        pytest.param(
            lambda s, at: found_app.put_role(s, APP, "slow", {"timeout_seconds": None}, at),
            id="the timeout it had at first",
        ),
    ],
)
async def test_another_timeout_counts_for_what_waits_already(
    database: Database, changes: Any
) -> None:
    """What is owed is looked at when the role changes, and by the new one."""
    at = NOW + 130 * SECOND

    def work(session: Session) -> tuple[Moment | None, Any]:
        a_conversation(session, "ann", "bo")
        _slow(session)
        people.put_user(session, APP, "bo", {"role": "slow"}, NOW)
        says(session, "ann")
        changes(session, at)
        return _due(session), _looked_at(session, at)

    due, decided = await database.write(work)

    assert due == at
    assert isinstance(decided, Send)


@pytest.mark.parametrize("jump", [SECOND, 3 * MINUTE, DAY])
async def test_a_clock_that_was_set_back_holds_nothing(database: Database, jump: int) -> None:
    """What waits since a moment that is still to come is looked at now, and waits from now."""
    now = NOW - jump

    def work(session: Session) -> tuple[int, Moment | None, Moment | None, int]:
        a_conversation(session, "ann", "bo", timeout_seconds=30, max_wait_seconds=90)
        says(session, "ann")
        session.flush()
        found = waits.clock_set_back(session, now)
        first = _due(session)
        _looked_at(session, now)
        return found, first, _due(session), waits.clock_set_back(session, now)

    assert await database.write(work) == (1, now, now + 30 * SECOND, 0)


async def test_what_a_clock_that_was_ahead_wrote_can_be_read(database: Database) -> None:
    """To have read all is to have read what was said by a clock that was ahead, too."""

    def work(session: Session) -> Moment | None:
        a_conversation(session, "ann", "bo")
        says(session, "ann", now=NOW + DAY)
        read.mark_read(session, BO, None, NOW)
        return _due(session)

    assert await database.write(work) is None
