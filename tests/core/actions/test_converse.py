"""Conversations begin, end, and may begin again."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from core.actions import converse, say
from core.errors import NotFound
from core.model.conversation import Conversation
from core.model.participant import Access, Notify
from core.model.webhook import WebhookEndpoint
from core.store import changes, conversations, participants, webhooks
from core.store.database import Database, Session, open_database
from tests.support.people import APP, NOW, ROOM, a_conversation, a_user, says, words
from tests.support.racing import meet

BO = (APP, ROOM, "bo")


async def test_a_conversation_may_be_deleted_and_made_again(database: Database) -> None:
    """Under the same id, while somebody listens: new messages have new numbers."""

    def work(session: Session) -> list[int]:
        a_conversation(session, "ann", "bo")
        session.add(WebhookEndpoint(app_id=APP, id="whk", url="https://x.test", created_at=NOW))
        session.flush()
        before = [says(session, "ann").seq for _ in range(3)]
        converse.end(session, APP, ROOM, NOW)
        session.flush()
        converse.put(session, APP, ROOM, {}, NOW)
        after = [say.say(session, words(None), NOW).seq for _ in range(2)]
        return [*before, *after]

    numbers = await database.write(work)
    logged = await database.read(lambda s: webhooks.events_from(s, APP, ROOM, 1, 99))

    assert numbers == sorted(set(numbers))
    assert [one.kind.value for one in logged].count("message.sent") == 5


async def test_a_put_adds_people_and_patches_what_is_custom(database: Database) -> None:
    """Who is there stays as they are, who had left comes back, and nobody is taken out."""

    def work(session: Session) -> tuple[object, dict[str, object]]:
        a_conversation(session, "ann", "bo", "cy")
        a_user(session, "di")
        converse.change(session, (APP, ROOM, "bo"), Access.READ, Notify.NOTHING, NOW)
        converse.leave(session, (APP, ROOM, "cy"), NOW)
        converse.put(session, APP, ROOM, {"custom": {"a": "1", "b": "2"}}, NOW)
        changes = {"custom": {"a": None}, "participants": ["bo", "cy", "di"]}
        found = converse.put(session, APP, ROOM, changes, NOW)
        listed = participants.listed(session, APP, [ROOM])[ROOM]
        return found.custom, {one.user_id: one.access for one in listed}

    custom, access = await database.write(work)

    assert custom == {"b": "2"}
    assert access == {
        "ann": Access.READ_WRITE,
        "bo": Access.READ,
        "cy": Access.READ_WRITE,
        "di": Access.READ_WRITE,
    }


@pytest.fixture
async def shared(postgresql_url: str) -> AsyncIterator[Database]:
    """Give a database in which two may do something at the same time."""
    opened = open_database(postgresql_url)
    await opened.write(lambda session: a_conversation(session, "ann", "bo"))
    yield opened
    await opened.close()


async def _logged(database: Database) -> list[str]:
    """Return the kinds of what happened since the two were there."""
    found = await database.read(lambda s: changes.after(s, APP, ROOM, 3, 99))
    return [one.kind.value for one in found]


def _puts(custom: str) -> Callable[[Session], Any]:
    return lambda s: converse.put(s, APP, ROOM, {"custom": {custom: custom}}, NOW) and None


def _leaves(session: Session) -> None:
    converse.leave(session, BO, NOW)


def _ends(session: Session) -> None:
    converse.end(session, APP, ROOM, NOW)


async def test_who_leaves_twice_at_once_leaves_once(shared: Database, postgresql_url: str) -> None:
    """The second to come finds that they have left."""
    await meet(postgresql_url, shared, _leaves, _leaves)
    left = await shared.read(lambda s: participants.find(s, *BO))

    assert await _logged(shared) == ["participant.left"]
    assert left is not None
    assert left.address_epoch == 1


async def test_who_has_left_is_not_changed(shared: Database, postgresql_url: str) -> None:
    """Whoever changes them at the same time is told that they are not here."""

    def changes_them(session: Session) -> None:
        converse.change(session, BO, Access.READ, None, NOW)

    ended = await meet(postgresql_url, shared, _leaves, changes_them)

    assert isinstance(ended[1], NotFound)
    assert await _logged(shared) == ["participant.left"]


async def test_who_joins_twice_at_once_joins_once(shared: Database, postgresql_url: str) -> None:
    """The second to come finds them there."""
    await shared.write(lambda session: a_user(session, "cy") and None)

    def joins(session: Session) -> None:
        converse.join(session, (APP, ROOM, "cy"), Access.READ_WRITE, Notify.ALL, NOW)

    assert await meet(postgresql_url, shared, joins, joins) == [None, None]
    assert await _logged(shared) == ["participant.joined"]


async def test_of_two_patches_at_once_none_is_lost(shared: Database, postgresql_url: str) -> None:
    """The second patches what the first has made."""
    await meet(postgresql_url, shared, _puts("a"), _puts("b"))

    def custom(session: Session) -> dict[str, str]:
        found = conversations.find(session, APP, ROOM)
        return {} if found is None else found.custom

    assert await shared.read(custom) == {"a": "a", "b": "b"}


async def test_what_ends_meanwhile_is_made_anew_by_a_put(
    shared: Database, postgresql_url: str
) -> None:
    """A put makes what is not there; its numbers go on."""
    ended = await meet(postgresql_url, shared, _ends, _puts("a"))

    def made(session: Session) -> Conversation | None:
        return conversations.find(session, APP, ROOM)

    found = await shared.read(made)
    assert ended == [None, None]
    assert found is not None
    assert (found.subject, found.custom, found.change) == (None, {"a": "a"}, 5)


@pytest.mark.parametrize("verb", [
    pytest.param(lambda s: converse.join(s, BO, Access.READ, Notify.ALL, NOW), id="join"),
    pytest.param(lambda s: converse.change(s, BO, Access.READ, None, NOW), id="change"),
    pytest.param(_ends, id="end"),
])  # fmt: skip
async def test_who_comes_to_what_has_just_ended_is_told_so(
    shared: Database, postgresql_url: str, verb: Callable[[Session], Any]
) -> None:
    """It is not there, and nothing worse."""
    ended = await meet(postgresql_url, shared, _ends, verb)

    assert isinstance(ended[1], NotFound)
    assert await _logged(shared) == ["conversation.deleted"]
