"""Nouns that are only looked at: as the database has them, and out of the ORM's sight."""

import pytest
from sqlalchemy.orm.exc import UnmappedInstanceError

from core.model.conversation import Conversation
from core.model.user import User
from core.store.database import Database, Session
from core.store.engine.dialect import table_of
from core.store.engine.lookup import JoinedLookup, Lookup
from tests.support.people import APP, ROOM, a_conversation

_USERS, _ROOMS = table_of(User), table_of(Conversation)
_ALICE = Lookup(User, _USERS.c.id == "alice")
_ROOMS_OF = JoinedLookup(
    (User, Conversation),
    lambda chosen: chosen.select_from(_USERS.outerjoin(_ROOMS, _ROOMS.c.id == _USERS.c.name)),
    _USERS.c.name,
)


def _alice(session: Session) -> User:
    a_conversation(session, "alice", "bo")
    session.flush()
    alice = _ALICE.one(session, {})
    assert alice is not None
    return alice


async def test_what_is_looked_at_is_what_there_is(database: Database) -> None:
    """A noun read so has all its columns, documents as Python has them."""
    alice = await database.write(_alice)

    assert (alice.app_id, alice.id, alice.email) == (APP, "alice", ["alice@example.net"])
    assert alice.locale is None


async def test_what_is_looked_at_cannot_be_changed(database: Database) -> None:
    """Nothing would be written of a change: so it fails, and no session takes the noun."""
    alice = await database.write(_alice)

    with pytest.raises(AttributeError):
        alice.name = "Mallory"
    with pytest.raises(UnmappedInstanceError):
        await database.write(lambda session: session.add(alice))


async def test_what_an_outer_join_did_not_find_is_none(database: Database) -> None:
    """A row has a noun of each kind, or None, and then the other columns."""

    def read(session: Session) -> set[tuple[str, str | None, str]]:
        _alice(session)
        renamed = session.get(User, (APP, "bo"))
        assert renamed is not None
        renamed.name = ROOM
        rows = _ROOMS_OF.all(session, {})
        return {(user.id, room and room.id, name) for user, room, name in rows}

    assert await database.write(read) == {("bo", ROOM, ROOM), ("alice", None, "Alice")}
