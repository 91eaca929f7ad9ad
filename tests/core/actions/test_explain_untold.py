"""What was said while somebody did not want to hear is explained, also after they changed.

No row is written when it is said: who wanted what is known from when it was changed.
"""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from core.actions import converse, edit, read, say
from core.actions.decide import BurstClaim, decide
from core.actions.explain import explain, explain_message
from core.actions.fan_out import fan_out
from core.model.message import Message, MessageKind, Origin
from core.model.notification import Notification
from core.model.participant import Access, Notify, Participant
from core.model.past_settings import PastSettings
from core.moment import HOUR, MINUTE
from core.store import apps, messages, pending
from core.store.database import Database, Session
from core.store.engine.dialect import table_of
from tests.support.people import APP, NOW, ROOM, a_conversation, a_crowd, a_user, says, words

BO = (APP, ROOM, "bo")
DUE = NOW + 20 * MINUTE


def _set(session: Session, notify: Notify | None = None, access: Access | None = None) -> None:
    converse.change(session, BO, access, notify, NOW)


def _decide(session: Session, now: int = DUE) -> None:
    debt = pending.find(session, *BO)
    assert debt is not None
    decide(session, BurstClaim(*BO, debt.attempts), "list.test", now)


def _off_and_on(session: Session) -> Message:
    _set(session, Notify.NOTHING)
    said = says(session, "ann", "while off")
    _set(session, Notify.ALL)
    return said


def _off_still(session: Session) -> Message:
    _set(session, Notify.NOTHING)
    return says(session, "ann", "while off")


def _not_mentioned(session: Session) -> Message:
    _set(session, Notify.MENTIONS_ONLY)
    say.say(session, words("ann", "@cy, look", mentions=frozenset({"cy"})), NOW)
    said = says(session, "ann", "an alle")
    _set(session, Notify.ALL)
    return said


def _left_in_between(session: Session) -> Message:
    converse.leave(session, BO, NOW)
    said = says(session, "ann", "pendant l'absence")
    converse.join(session, BO, Access.READ_WRITE, Notify.ALL, NOW)
    return said


def _left_for_good(session: Session) -> Message:
    converse.leave(session, BO, NOW)
    return says(session, "ann")


def _no_access(session: Session) -> Message:
    _set(session, access=Access.NONE)
    said = says(session, "ann")
    _set(session, access=Access.READ)
    return said


def _deleted(session: Session) -> Message:
    said = says(session, "ann")
    edit.delete(session, APP, said.id, NOW)
    _decide(session)
    return said


def _read(session: Session) -> Message:
    said = says(session, "ann")
    read.mark_read(session, BO, None, NOW)
    return said


def _two_changes(session: Session) -> Message:
    _set(session, Notify.NOTHING)
    said = says(session, "ann")
    _set(session, Notify.MENTIONS_ONLY)
    _set(session, Notify.NOTHING)
    _set(session, Notify.ALL)
    return said


@pytest.mark.parametrize(
    ("happened", "reason", "sentence"),
    [
        pytest.param(_off_and_on, "notify_off", "were off", id="off, and on again"),
        pytest.param(_off_still, "notify_off", "are off", id="off still"),
        pytest.param(_not_mentioned, "not_mentioned", "wanted mails only", id="not mentioned"),
        pytest.param(_left_in_between, "had_left", "had left", id="away in between"),
        pytest.param(_left_for_good, "had_left", "had left", id="gone"),
        pytest.param(_no_access, "no_access", "not allowed to read", id="no access then"),
        pytest.param(_deleted, "deleted", "deleted", id="deleted"),
        pytest.param(_read, "read", "had read", id="read"),
        pytest.param(_two_changes, "notify_off", "were off", id="changed to and fro"),
    ],
)
async def test_it_is_told_as_it_was_when_it_was_said(
    database: Database, happened: Callable[[Session], Message], reason: str, sentence: str
) -> None:
    """Of the message, and of what came before it, each its own reason."""

    def work(session: Session) -> Message:
        a_conversation(session, "ann", "bo", "cy")
        says(session, "ann", "before")
        _decide(session)
        return happened(session)

    said = await database.write(work)
    told = await database.read(lambda session: explain(session, BO, DUE))
    asked = await database.read(
        lambda session: explain_message(
            session, BO, messages.ever(session, APP, said.id) or said, DUE
        )
    )

    assert told["notifications"][0]["reason"] in {reason, "nothing_left"}
    assert told["notifications"][-1]["reason"] == "missed"
    assert asked["notifications"][0]["reason"] == reason
    assert sentence in asked["sentence"]


async def test_who_joined_later_is_told_so(database: Database) -> None:
    """Also where both happened within one millisecond."""

    def work(session: Session) -> str:
        a_conversation(session, "ann", "cy")
        says(session, "ann")
        a_user(session, "bo")
        converse.put(session, APP, ROOM, {"participants": ["bo"]}, NOW)
        return str(explain(session, BO, DUE)["sentence"])

    assert "not in the conversation yet" in await database.write(work)


async def test_a_debt_takes_in_what_is_said_after_it(database: Database) -> None:
    """What a mail will show is owed, though by itself it would not be; then it is in the mail."""

    def work(session: Session) -> tuple[str, str]:
        a_conversation(session, "ann", "bo")
        says(session, "ann")
        _set(session, Notify.NOTHING)
        second = says(session, "ann", "second")
        owed = explain_message(session, BO, second, NOW)
        _set(session, Notify.ALL)
        _decide(session)
        told = explain_message(session, BO, second, DUE)
        return str(owed["sentence"]), str(told["notifications"][0]["reason"])

    owed, reason = await database.write(work)

    assert "A mail is owed" in owed
    assert reason == "missed"


async def test_a_timed_mute_is_what_is_decided_by(database: Database) -> None:
    """It is looked at when the mail is due, and that decision has a row of its own."""

    def work(session: Session) -> tuple[str, list[str]]:
        a_conversation(session, "ann", "bo")
        one = session.get(Participant, BO)
        assert one is not None
        one.muted_until = DUE + HOUR
        session.add(one)
        says(session, "ann")
        _decide(session)
        told = explain(session, BO, DUE)
        return told["sentence"], [each["sentence"] for each in told["toChange"]]

    sentence, change = await database.write(work)

    assert sentence == "They had muted the conversation."
    assert change == ["It is muted until 2023-11-14 23:33:20Z."]


async def test_other_roles_and_kinds_of_messages_are_told(database: Database) -> None:
    """A switch of roles is looked at when it is due; system and imported messages say so."""

    def work(session: Session) -> tuple[str, str, str]:
        a_conversation(session, "ann", "bo")
        system = say.say(session, words(None, "closed", kind=MessageKind.SYSTEM), NOW)
        old = say.say(session, words("ann", "old", origin=Origin.IMPORT), NOW)
        said = says(session, "ann")
        bo = a_role_of_nobody(session)
        _decide(session)
        told = [explain_message(session, BO, one, DUE)["sentence"] for one in (system, old, said)]
        assert bo
        return told[0], told[1], told[2]

    system, old, said = await database.write(work)

    assert "notify nobody" in system
    assert "notify nobody" in old
    assert said == "Their role does not exist in this app."


def a_role_of_nobody(session: Session) -> bool:
    """Give Bo a role that the app has not."""
    from core.store import users  # noqa: PLC0415

    bo = users.find(session, APP, "bo")
    assert bo is not None
    bo.role = "no such role"
    session.add(bo)
    session.flush()
    return apps.role(session, APP, bo.role) is None


async def test_a_message_costs_those_who_do_not_want_it_no_row(database: Database) -> None:
    """However many they are, and however often somebody speaks."""

    def work(session: Session) -> tuple[int, int, int]:
        a_conversation(session, "ann")
        crowd = a_crowd(session, 150)
        says(session, "ann")
        for one in crowd:
            pending.clear(session, APP, ROOM, one)
            converse.change(session, (APP, ROOM, one), None, Notify.NOTHING, NOW)
        before = _rows(session, PastSettings)
        for _ in range(5):
            says(session, "ann")
        return before, _rows(session, PastSettings), _rows(session, Notification)

    before, after, decided = await database.write(work)

    assert (before, after, decided) == (150, 150, 0)


def _rows(session: Session, noun: type) -> int:
    return session.connection().scalar(select(func.count()).select_from(table_of(noun))) or 0


async def test_of_a_crowd_it_is_told_by_how_they_stood_when_it_was_noted(
    database: Database,
) -> None:
    """Who turned it off before their turn came was left out for that."""

    def work(session: Session) -> tuple[str, str]:
        a_conversation(session, "ann", "bo")
        a_crowd(session, 250)
        says(session, "ann")
        waiting = explain(session, BO, NOW)["sentence"]
        _set(session, Notify.NOTHING)
        while fan_out(session, APP, ROOM):
            pass
        return waiting, explain(session, BO, NOW)["sentence"]

    waiting, after = await database.write(work)

    assert "being noted" in waiting
    assert "Notifications are off" in after


async def test_an_erased_conversation_or_person_leaves_no_past(database: Database) -> None:
    """What somebody wanted goes with their place."""

    def work(session: Session) -> int:
        a_conversation(session, "ann", "bo")
        _off_and_on(session)
        assert _rows(session, PastSettings) == 1
        converse.end(session, APP, ROOM, NOW)
        session.flush()
        return _rows(session, PastSettings)

    assert await database.write(work) == 0
