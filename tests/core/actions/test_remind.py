"""The app asks for a reminder: who has not answered gets one, and nobody who wants none."""

from collections.abc import Callable
from typing import Any

import pytest

from core.actions import converse, decide, edit, look, opt_out, read, say
from core.actions.explain import explain, explain_message
from core.actions.remind import Reminder, remind
from core.errors import InvalidRequest, NotFound
from core.model.delivery import State
from core.model.message import MessageKind, Origin
from core.model.notification import Notification
from core.model.opt_out import EVERYTHING
from core.model.participant import Access, Notify
from core.model.session import UserSession
from core.model.suppression import Suppression
from core.moment import DAY, HOUR, MINUTE
from core.rules.look_again import Why
from core.store import apps, deliveries, notifications, opt_outs, pending, users
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation, a_user, says, words

BO = (APP, ROOM, "bo")
HERE = (APP, ROOM)
LATER = NOW + DAY
PLAIN = Reminder(None, {})
TO_BO = Reminder(("bo",), {})


def _asks(session: Session, reminder: Reminder = PLAIN, now: int = LATER) -> list[Notification]:
    return remind(session, HERE, reminder, "list.test", now)


def _told(session: Session) -> None:
    """Let Ann say something to Bo, and the mail of it be made."""
    a_conversation(session, "ann", "bo")
    says(session, "ann")
    debt = pending.find(session, *BO)
    assert debt is not None
    decide.decide(session, decide.BurstClaim(*BO, debt.attempts), "list.test", NOW + HOUR)


def _page(session: Session) -> None:
    page: dict[str, Any] = {"selected_conversation_id": ROOM, "has_focus": True, "told_at": LATER}
    look.look(
        session,
        UserSession(app_id=APP, user_id="bo", id="tab", expires_at=LATER + MINUTE, **page),
    )


def _doubtful_page(session: Session) -> None:
    """Let a page tell of itself a moment before Ann writes again: it may be dead since."""
    page: dict[str, Any] = {
        "selected_conversation_id": ROOM,
        "has_focus": True,
        "told_at": LATER - 2,
    }
    look.look(
        session,
        UserSession(app_id=APP, user_id="bo", id="tab", expires_at=LATER + MINUTE, **page),
    )
    says(session, "ann", "And?", LATER - 1)


def _change_bo(session: Session, **values: Any) -> None:
    bo = users.find(session, APP, "bo")
    assert bo is not None
    for name, value in values.items():
        setattr(bo, name, value)
    session.add(bo)


def _email_off(session: Session) -> None:
    role = apps.role(session, APP, None)
    assert role is not None
    role.email_enabled = False
    session.add(role)


def _suppress(session: Session) -> None:
    opt_outs.suppress(
        session, Suppression(app_id=APP, address="bo@example.net", cause="x", made_at=NOW)
    )


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        pytest.param(lambda s: None, Why.REMINDED, id="they did not answer"),
        pytest.param(
            lambda s: read.mark_read(s, BO, None, NOW), Why.REMINDED, id="they read it, and no more"
        ),
        pytest.param(lambda s: says(s, "bo", "Yes"), Why.NOTHING_UNANSWERED, id="they answered"),
        pytest.param(
            lambda s: opt_out.opt_out(s, (APP, "bo"), EVERYTHING, "page", NOW),
            Why.OPTED_OUT,
            id="opted out of all mail",
        ),
        pytest.param(
            lambda s: opt_out.opt_out(s, (APP, "bo"), ROOM, "one-click", NOW),
            Why.OPTED_OUT,
            id="opted out of this conversation",
        ),
        pytest.param(_suppress, Why.SUPPRESSED, id="their address bounced"),
        pytest.param(
            lambda s: converse.change(s, BO, Access.NONE, None, NOW), Why.NO_ACCESS, id="no access"
        ),
        pytest.param(lambda s: converse.leave(s, BO, NOW), Why.NO_ACCESS, id="they left"),
        pytest.param(
            lambda s: converse.change(s, BO, None, Notify.NOTHING, NOW),
            Why.NOTIFY_OFF,
            id="notify off",
        ),
        pytest.param(
            lambda s: converse.change(s, BO, None, Notify.MENTIONS_ONLY, NOW),
            Why.NOT_MENTIONED,
            id="only mentions, and there is none",
        ),
        pytest.param(
            lambda s: converse.mute(s, BO, LATER + 1, NOW), Why.MUTED, id="muted until later"
        ),
        pytest.param(lambda s: converse.mute(s, BO, LATER, NOW), Why.REMINDED, id="muted till now"),
        pytest.param(_page, Why.LOOKING, id="they look at it now"),
        pytest.param(_doubtful_page, Why.NOT_NOW, id="they may look at it now"),
        pytest.param(_email_off, Why.CHANNEL_OFF, id="mail is off for their role"),
        pytest.param(lambda s: _change_bo(s, role="none"), Why.ROLE_UNKNOWN, id="no such role"),
        pytest.param(lambda s: _change_bo(s, email=None), Why.NO_ADDRESS, id="no address"),
    ],
)
async def test_a_reminder_is_decided_as_a_mail_is(
    database: Database, happens: Callable[[Session], object], why: Why
) -> None:
    """A row says what was decided; a mail is made where it says so, and only there."""

    def work(session: Session) -> tuple[Notification, list[str], int]:
        _told(session)
        happens(session)
        session.flush()
        (one,) = _asks(session, TO_BO)
        made = deliveries.of_notifications(session, APP, [one.id])
        return one, [mail.address for mail in made], len(notifications.of_recipient(session, *BO))

    one, mailed, rows = await database.write(work)

    assert (one.reason, one.sent) == (why.value, why is Why.REMINDED)
    assert mailed == (["bo@example.net"] if one.sent else [])
    assert rows == 2


def _crowd(session: Session) -> None:
    a_conversation(session, "ann", "bo", "cy", "di")
    says(session, "bo", "Who comes?")
    says(session, "ann", "I do")


@pytest.mark.parametrize(
    ("happens", "reminded"),
    [
        pytest.param(lambda s: None, ["bo", "cy", "di"], id="all who did not write last"),
        pytest.param(lambda s: says(s, "bo", "Good"), ["ann", "cy", "di"], id="one answered"),
        pytest.param(lambda s: converse.leave(s, (APP, ROOM, "cy"), NOW), ["bo", "di"], id="left"),
        pytest.param(
            lambda s: says(s, "cy", "I too") and says(s, "di", "And I"),
            ["ann", "bo", "cy"],
            id="the last one is nobody's debtor",
        ),
        pytest.param(
            lambda s: edit.delete(s, APP, says(s, "ann", "No").id, NOW),
            ["bo", "cy", "di"],
            id="what is deleted needs no answer",
        ),
    ],
)
async def test_without_names_it_is_who_has_not_answered(
    database: Database, happens: Callable[[Session], object], reminded: list[str]
) -> None:
    """Everybody is reminded who was told something after they said something last."""

    def work(session: Session) -> list[Notification]:
        _crowd(session)
        happens(session)
        return _asks(session)

    decided = await database.write(work)

    assert sorted(one.user_id for one in decided) == reminded
    assert {one.reason for one in decided} == {"reminded"}


async def test_nobody_owes_an_answer_to_a_machine_or_to_the_past(database: Database) -> None:
    """Not to the system, nor to what is imported, nor to what was said before they came."""

    def work(session: Session) -> list[list[str]]:
        a_conversation(session, "ann", "bo")
        found = []
        for said in (
            words(None, "Shipped", kind=MessageKind.SYSTEM),
            words("ann", "Of old", origin=Origin.IMPORT),
        ):
            say.say(session, said, NOW)
            found.append([one.user_id for one in _asks(session)])
        says(session, "ann", "Hello", NOW)
        a_user(session, "eve")
        converse.join(session, (APP, ROOM, "eve"), Access.READ_WRITE, Notify.ALL, NOW + 1)
        found.append([one.user_id for one in _asks(session)])
        return found

    assert await database.write(work) == [[], [], ["bo"]]


async def test_a_mail_that_was_owed_is_not_made_beside_it(database: Database) -> None:
    """The reminder stands for it; one that is not made leaves the debt where it is."""

    def work(session: Session) -> list[bool]:
        a_conversation(session, "ann", "bo")
        says(session, "ann")
        owed = []
        converse.mute(session, BO, NOW + HOUR, NOW)
        _asks(session, TO_BO, NOW + 1)
        owed.append(pending.find(session, *BO) is not None)
        converse.mute(session, BO, None, NOW)
        _asks(session, TO_BO, NOW + 2)
        owed.append(pending.find(session, *BO) is not None)
        return owed

    assert await database.write(work) == [True, False]


async def test_each_asking_is_one_mail(database: Database) -> None:
    """There is no intelligence about whether it was asked before: the app chooses (2.6)."""

    def work(session: Session) -> list[str]:
        _told(session)
        for nth in range(3):
            _asks(session, Reminder(("bo", "bo"), {}), LATER + nth)
        mails = deliveries.listed(session, APP, waiting_only=True, limit=9)
        return [mail.state.value for mail in mails]

    assert await database.write(work) == [State.QUEUED.value] * 3


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (
            ("boo",),
            "recipients: 'boo' is not a participant of the conversation; did you mean 'bo'?",
        ),
        (("bo", "zoë"), "recipients: 'zoë' is not a participant of the conversation"),
        (("x" * 250,), f"recipients: {'x' * 60!r} is not a participant of the conversation"),
    ],
)
async def test_a_stranger_is_not_reminded(
    database: Database, asked: tuple[str, ...], why: str
) -> None:
    """Nobody is, then: it is said who is none, and who was meant."""
    await database.write(_told)
    with pytest.raises(InvalidRequest, match="not a participant") as refused:
        await database.write(lambda session: _asks(session, Reminder(asked, {})))
    left = await database.read(lambda session: notifications.of_recipient(session, *BO))

    assert refused.value.reasons == [why]
    assert len(left) == 1


async def test_a_conversation_that_is_not_there_is_not_found(database: Database) -> None:
    """It says so."""
    await database.write(_told)
    with pytest.raises(NotFound, match="There is no conversation 'gone'"):
        await database.write(
            lambda session: remind(session, (APP, "gone"), PLAIN, "list.test", NOW)
        )


async def test_explain_tells_reminders_from_what_left_by_itself(database: Database) -> None:
    """All decisions of a message are there, newest first, each saying who wanted it."""

    def work(session: Session) -> list[Any]:
        _told(session)
        message = say.say(session, words("ann", "Well?"), NOW + 2 * HOUR)
        _asks(session, TO_BO, LATER)
        opt_out.opt_out(session, (APP, "bo"), ROOM, "page", LATER)
        _asks(session, TO_BO, LATER + 1)
        return [explain(session, BO, LATER), explain_message(session, BO, message, LATER)]

    told, of_message = await database.write(work)

    assert [(one["reason"], one["reminder"]) for one in told["notifications"]] == [
        ("opted_out", True), ("reminded", True), ("missed", False),
    ]  # fmt: skip
    assert [one["reason"] for one in of_message["notifications"]] == ["opted_out", "reminded"]
    assert told["notifications"][0]["explanation"] == (
        "The app asked to remind them. They have opted out of these mails."
    )
    assert told["notifications"][1]["explanation"].startswith("The app asked to remind them of")
