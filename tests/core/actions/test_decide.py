"""A burst that came due is sent, dropped or put off, and the reason is kept."""

from collections.abc import Callable
from typing import Any

import pytest

from core.actions import converse, decide, look, opt_out, read, settle
from core.model.delivery import Delivery, State
from core.model.opt_out import EVERYTHING
from core.model.participant import Access, Notify
from core.model.session import UserSession
from core.model.suppression import Suppression
from core.moment import HOUR, MINUTE, SECOND
from core.outcome import Accepted, Cause, Deferred, Failed, Outcome, PeerReply, Uncertain
from core.rules.look_again import Later, NotSent, Send, Why
from core.rules.waiting import Crowd, Wait
from core.store import apps, deliveries, notifications, opt_outs, pending, users
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation, says

BO = (APP, ROOM, "bo")
DUE = NOW + 2 * MINUTE


def _claim(session: Session) -> decide.BurstClaim:
    debt = pending.find(session, *BO)
    return decide.BurstClaim(*BO, debt.attempts if debt else 0)


def _prepared(session: Session) -> None:
    a_conversation(session, "ann", "bo")
    says(session, "ann")


def _page(session: Session, **told: Any) -> None:
    given: dict[str, Any] = {"selected_conversation_id": ROOM, "has_focus": True}
    given |= {"told_at": DUE} | told
    look.look(
        session,
        UserSession(
            app_id=APP, user_id="bo", id="tab", expires_at=given["told_at"] + MINUTE, **given
        ),
    )


def _no_address(session: Session) -> None:
    bo = users.find(session, APP, "bo")
    assert bo is not None
    bo.email = None
    session.add(bo)


def _role(session: Session, **settings: Any) -> None:
    role = apps.role(session, APP, None)
    assert role is not None
    for name, value in settings.items():
        setattr(role, name, value)
    session.add(role)


def _unknown_role(session: Session) -> None:
    bo = users.find(session, APP, "bo")
    assert bo is not None
    bo.role = "nothing"
    session.add(bo)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        pytest.param(_page, Why.LOOKING, id="they are looking"),
        pytest.param(
            lambda s: converse.change(s, BO, Access.NONE, None, NOW), Why.NO_ACCESS, id="no access"
        ),
        pytest.param(
            lambda s: converse.change(s, BO, None, Notify.NOTHING, NOW),
            Why.NOTIFY_OFF,
            id="notify off",
        ),
        pytest.param(
            lambda s: converse.change(s, BO, None, Notify.MENTIONS_ONLY, NOW),
            Why.NOT_MENTIONED,
            id="not mentioned",
        ),
        pytest.param(
            lambda s: opt_out.opt_out(s, (APP, "bo"), EVERYTHING, "page", NOW),
            Why.OPTED_OUT,
            id="opted out of all mail",
        ),
        pytest.param(lambda s: _role(s, email_enabled=False), Why.CHANNEL_OFF, id="email off"),
        pytest.param(_unknown_role, Why.ROLE_UNKNOWN, id="a role that does not exist"),
        pytest.param(_no_address, Why.NO_ADDRESS, id="no address"),
        pytest.param(
            lambda s: opt_outs.suppress(
                s, Suppression(app_id=APP, address="bo@example.net", cause="x", made_at=NOW)
            ),
            Why.SUPPRESSED,
            id="a suppressed address",
        ),
    ],
)
async def test_a_burst_is_dropped_with_its_reason(
    database: Database, happens: Callable[[Session], object], why: Why
) -> None:
    """What is not sent is written down, with why, and owed no longer."""

    def work(session: Session) -> tuple[Any, list[tuple[bool, str]], object]:
        _prepared(session)
        happens(session)
        session.flush()
        decided = decide.decide(session, _claim(session), "m", DUE)
        kept = notifications.of_recipient(session, *BO)
        return decided, [(one.sent, one.reason) for one in kept], pending.find(session, *BO)

    decided, kept, debt = await database.write(work)

    assert isinstance(decided, NotSent)
    assert kept == [(False, why.value)]
    assert debt is None


async def test_a_burst_is_sent_to_each_address(database: Database) -> None:
    """Every address gets a delivery of its own, under a Message-ID of its own."""

    def work(session: Session) -> tuple[Any, list[Delivery]]:
        _prepared(session)
        bo = users.find(session, APP, "bo")
        assert bo is not None
        bo.email = ["bo@example.net", "work@example.net"]
        session.add(bo)
        decided = decide.decide(session, _claim(session), "m", DUE)
        return decided, deliveries.listed(session, APP, waiting_only=True, limit=9)

    decided, waiting = await database.write(work)

    assert isinstance(decided, Send)
    assert sorted(one.address for one in waiting) == ["bo@example.net", "work@example.net"]
    assert len({one.message_id for one in waiting}) == 2


async def test_activity_puts_a_burst_off(database: Database) -> None:
    """While a live page types it waits for the pause after now, up to the ceiling."""

    def work(session: Session) -> tuple[Any, Any]:
        _prepared(session)
        _page(session, has_focus=False, is_typing=True, told_at=DUE - 1)
        first = decide.decide(session, _claim(session), "m", DUE)
        ceiling = NOW + 15 * MINUTE
        _page(session, has_focus=False, is_typing=True, told_at=ceiling - 1)
        return first, decide.decide(session, _claim(session), "m", ceiling)

    first, last = await database.write(work)

    assert first == Later(DUE + 2 * MINUTE, NOW)
    assert isinstance(last, Send)


async def test_a_page_that_fell_silent_is_asked_again(database: Database) -> None:
    """A focused page that has not told of itself since the message may be dead."""

    def work(session: Session) -> Any:
        _prepared(session)
        _page(session, told_at=NOW - SECOND)
        live = session.get(UserSession, (APP, "bo", "tab"))
        assert live is not None
        live.expires_at = DUE + SECOND
        session.add(live)
        session.flush()
        return decide.decide(session, _claim(session), "m", DUE)

    assert await database.write(work) == Later(DUE + SECOND, NOW, Wait.A_PAGE)


async def test_what_was_read_is_owed_no_longer(database: Database) -> None:
    """Reading settles the debt; reading a part leaves the rest."""

    def work(session: Session) -> tuple[Any, int]:
        _prepared(session)
        says(session, "ann", "more", NOW + SECOND)
        read.mark_read(session, BO, NOW, NOW)
        left = pending.find(session, *BO)
        assert left is not None
        first = left.first_seq
        read.mark_read(session, BO, None, NOW + 2 * SECOND)
        return pending.find(session, *BO), first

    assert await database.write(work) == (None, 2)


async def test_what_is_said_after_a_digest_is_owed_anew(database: Database) -> None:
    """A second burst holds only what came after the first."""

    def work(session: Session) -> list[tuple[int, int]]:
        _prepared(session)
        decide.decide(session, _claim(session), "m", DUE)
        says(session, "ann", "later", DUE + SECOND)
        decide.decide(session, _claim(session), "m", DUE + 5 * MINUTE)
        kept = notifications.of_recipient(session, *BO)
        return sorted((one.first_seq, one.last_seq) for one in kept)

    assert await database.write(work) == [(1, 1), (2, 2)]


async def test_a_claim_that_was_lost_decides_nothing(database: Database) -> None:
    """The fence keeps a slow worker from deciding what another has claimed."""

    def work(session: Session) -> Any:
        _prepared(session)
        return decide.decide(session, decide.BurstClaim(*BO, 7), "m", DUE)

    assert await database.write(work) is None


OK = PeerReply(250, "2.0.0", "ok")


@pytest.mark.parametrize(
    ("outcome", "retry_at", "state"),
    [
        pytest.param(Accepted(OK), None, State.ACCEPTED, id="accepted"),
        pytest.param(Failed(Cause.INVALID_RECIPIENT, OK), None, State.FAILED, id="failed"),
        pytest.param(Deferred(Cause.BUSY, OK), DUE + MINUTE, State.QUEUED, id="deferred"),
        pytest.param(Deferred(Cause.BUSY, OK), None, State.EXPIRED, id="its time is over"),
        pytest.param(Uncertain("dropped"), None, State.UNCERTAIN, id="uncertain"),
    ],
)
async def test_an_outcome_is_written_down_once(
    database: Database, outcome: Outcome, retry_at: int | None, state: State
) -> None:
    """Each outcome leads to its state; a claim that is no longer ours changes nothing."""

    def work(session: Session) -> tuple[Any, Any, int]:
        _prepared(session)
        decide.decide(session, _claim(session), "m", DUE)
        delivery = deliveries.listed(session, APP, waiting_only=True, limit=1)[0]
        session.flush()
        first = settle.settle(session, delivery, outcome, retry_at, DUE)
        stale = delivery.model_copy(update={"attempts": 9})
        second = settle.settle(session, stale, outcome, retry_at, DUE)
        return first, second, len(deliveries.attempts(session, APP, [delivery.id]))

    assert await database.write(work) == (state, None, 1)


async def test_who_waited_for_room_before_has_a_place_before_those_who_come(
    database: Database,
) -> None:
    """A lane has no room: the first time it goes behind all, the next time before them."""
    crowded = {"email": Crowd(again=NOW + 2 * HOUR, behind=NOW + 3 * HOUR)}

    def work(session: Session) -> list[object]:
        a_conversation(session, "ann", "bo")
        says(session, "ann")
        return [
            decide.decide(session, _claim(session), "list.test", now, crowded)
            for now in (NOW + HOUR, NOW + 90 * MINUTE)
        ]

    assert await database.write(work) == [
        Later(NOW + 3 * HOUR, NOW, Wait.BACKLOG),
        Later(NOW + 2 * HOUR, NOW, Wait.BACKLOG),
    ]
