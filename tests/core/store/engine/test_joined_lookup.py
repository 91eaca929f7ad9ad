"""Writes told at once do what they would do one after another."""

import pytest
from sqlalchemy import bindparam, literal_column, text, update
from sqlalchemy.exc import IntegrityError

from core.errors import StoreUnavailable
from core.model.message import Message, MessageKind, Origin
from core.model.pending import Pending
from core.model.user import User
from core.store import conversations, messages, pending, users
from core.store.database import Database, Session
from core.store.engine.dialect import table_of
from core.store.engine.joined_lookup import Write, write_all
from core.store.engine.prepared import Prepared
from tests.support.people import APP, NOW, ROOM, a_conversation

_USER = table_of(User)
_WHO = (_USER.c.app_id == bindparam("a"), _USER.c.id == bindparam("u"))
_CALL = Prepared(
    update(_USER).where(*_WHO).values(name=bindparam("n"), photo_url=literal_column("'it''s $1'"))
)
_ALL = Prepared(text("UPDATE conversation SET subject = '$1' WHERE app_id = :a -- $1: it's all"))
MANY = [f"user-{n:02}" for n in range(19)]


def _message(name: str, seq: int) -> Message:
    return Message(
        app_id=APP,
        id=name,
        conversation_id=ROOM,
        seq=seq,
        type=MessageKind.USER,
        origin=Origin.REST,
        text=f"said $1 by {name}",
        created_at=NOW,
    )


def _owing(session: Session, name: str, first_seq: int) -> Write:
    debt = Pending(
        app_id=APP,
        conversation_id=ROOM,
        user_id=name,
        first_seq=first_seq,
        first_missed_at=NOW,
        due_at=NOW,
    )
    return pending.owing(session, debt)


@pytest.mark.parametrize("count", [0, 1, 7, 8, 19], ids="{} owed".format)
async def test_all_of_it_is_written(database: Database, count: int) -> None:
    """However many are owed, each has a debt, and the message says what it said."""
    owed = MANY[:count]

    def say(session: Session) -> None:
        a_conversation(session, *MANY)
        debts = [_owing(session, name, 101) for name in owed]
        write_all(session, [messages.adding(_message("one", 101)), *debts])

    await database.write(say)
    said = await database.read(lambda s: messages.find(s, APP, "one"))
    known = await database.read(lambda s: pending.of_app(s, APP, 99))

    assert said is not None
    assert said.text == "said $1 by one"
    assert sorted(one.user_id for one in known) == owed


async def test_a_debt_that_is_there_is_left_as_it_is(database: Database) -> None:
    """Told with a message that is new, it neither fails nor moves."""

    def say(session: Session) -> None:
        a_conversation(session, *MANY)
        write_all(session, [_owing(session, "user-01", 101)])
        debts = [_owing(session, name, 102) for name in MANY[:3]]
        write_all(session, [messages.adding(_message("two", 102)), *debts])

    await database.write(say)
    known = await database.read(lambda s: pending.of_app(s, APP, 99))

    assert {one.user_id: one.first_seq for one in known} == {
        "user-00": 102,
        "user-01": 101,
        "user-02": 102,
    }


async def test_where_one_fails_none_is_written(database: Database) -> None:
    """A number that is taken ends the work, and the debt told with it is not there."""

    def say(session: Session) -> None:
        a_conversation(session, *MANY)
        write_all(session, [messages.adding(_message("one", 101))])

    def again(session: Session) -> None:
        taken = messages.adding(_message("two", 101))
        write_all(session, [_owing(session, "user-01", 102), taken])

    await database.write(say)
    with pytest.raises((IntegrityError, StoreUnavailable), match="message"):
        await database.write(again)

    assert await database.read(lambda s: pending.of_app(s, APP, 99)) == []


async def test_what_a_statement_itself_says_is_left_alone(database: Database) -> None:
    """A text that looks like a place keeps its number, and a remark at the end ends nothing."""

    def call(session: Session) -> None:
        a_conversation(session, "alice", "bo")
        names = {"alice": "Alice", "bo": "Bo"}
        calls = [Write(_CALL, {"a": APP, "u": user, "n": name}) for user, name in names.items()]
        write_all(session, [Write(_ALL, {"a": APP}), *calls])

    await database.write(call)
    found = await database.read(lambda s: [users.find(s, APP, one) for one in ("alice", "bo")])

    room = await database.read(lambda s: conversations.find(s, APP, ROOM))

    assert [(one.name, one.photo_url) for one in found if one is not None] == [
        ("Alice", "it's $1"),
        ("Bo", "it's $1"),
    ]
    assert room is not None
    assert room.subject == "$1"
