"""A message and what is owed because of it are one thing, said once, in order."""

import asyncio

import pytest

from core.actions import converse, say
from core.errors import InvalidRequest, NotAllowed, NotFound
from core.model.message import MessageKind, Origin
from core.model.participant import Access, Notify
from core.model.webhook import WebhookEndpoint
from core.store import messages, participants, pending, webhooks
from core.store.database import Database, Session
from tests.support import stored
from tests.support.people import APP, NOW, ROOM, a_conversation, says, words


def _owed(session: Session) -> list[str]:
    return sorted(one.user_id for one in pending.of_app(session, APP, 100))


async def test_everyone_else_is_owed_word(database: Database) -> None:
    """A message owes all who are here and want to hear, but its author."""

    def work(session: Session) -> list[str]:
        a_conversation(session, "ann", "bo", "cy", "di")
        converse.change(session, (APP, ROOM, "cy"), None, Notify.NOTHING, NOW)
        converse.change(session, (APP, ROOM, "di"), None, Notify.MENTIONS_ONLY, NOW)
        says(session, "ann")
        return _owed(session)

    assert await database.write(work) == ["bo"]


async def test_who_is_mentioned_is_owed_word(database: Database) -> None:
    """MentionsOnly hears when mentioned."""

    def work(session: Session) -> list[str]:
        a_conversation(session, "ann", "di")
        converse.change(session, (APP, ROOM, "di"), None, Notify.MENTIONS_ONLY, NOW)
        say.say(session, words("ann", mentions=frozenset({"di"})), NOW)
        return _owed(session)

    assert await database.write(work) == ["di"]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(words(None, kind=MessageKind.SYSTEM), id="a system message"),
        pytest.param(words("ann", origin=Origin.IMPORT), id="an imported message"),
    ],
)
async def test_some_messages_owe_nobody(database: Database, said: say.Words) -> None:
    """System and imported messages notify no one."""

    def work(session: Session) -> list[str]:
        a_conversation(session, "ann", "bo")
        say.say(session, said, NOW)
        return _owed(session)

    assert await database.write(work) == []


async def test_numbers_have_no_gaps(database: Database) -> None:
    """Fifty said at once are numbered 1 to 50."""
    await database.write(lambda session: a_conversation(session, "ann", "bo"))

    await asyncio.gather(
        *(database.write(lambda session: says(session, "ann").seq) for _ in range(50))
    )
    said = await database.read(lambda session: messages.page(session, APP, ROOM, 100, None))

    assert [one.seq for one in said] == list(range(50, 0, -1))


async def test_an_idempotency_key_says_once(database: Database) -> None:
    """The same key again gives the first message and takes no number."""

    def work(session: Session) -> tuple[str, str, int]:
        a_conversation(session, "ann", "bo")
        first = say.say(session, words("ann", idempotency_key="k"), NOW)
        again = say.say(session, words("ann", "other", idempotency_key="k"), NOW)
        third = says(session, "ann")
        return first.id, again.id, third.seq

    first, again, seq = await database.write(work)

    assert first == again
    assert seq == 2


@pytest.mark.parametrize(
    ("sender", "error"),
    [
        pytest.param("eve", InvalidRequest, id="who is not there"),
        pytest.param("cy", NotAllowed, id="who may only read"),
    ],
)
async def test_not_everyone_may_speak(
    database: Database, sender: str, error: type[Exception]
) -> None:
    """A refusal leaves nothing behind: no message, and no number taken."""

    def prepare(session: Session) -> None:
        a_conversation(session, "ann", "cy")
        converse.change(session, (APP, ROOM, "cy"), Access.READ, None, NOW)

    await database.write(prepare)

    with pytest.raises(error):
        await database.write(lambda session: says(session, sender))
    assert (await database.write(lambda session: says(session, "ann").seq)) == 1


async def test_there_must_be_a_conversation(database: Database) -> None:
    """Nothing can be said nowhere."""
    with pytest.raises(NotFound):
        await database.write(lambda session: says(session, "ann"))


async def test_listeners_hear_in_order(database: Database) -> None:
    """Each message is an event under the number of its change, and its stream is awake."""

    def work(session: Session) -> tuple[list[int], int]:
        a_conversation(session, "ann", "bo")
        session.add(WebhookEndpoint(app_id=APP, id="w", url="http://x/", created_at=NOW))
        session.flush()
        for _ in range(3):
            says(session, "ann")
        events = webhooks.events_from(session, APP, ROOM, 1, 10)
        return [one.number for one in events], len(stored.waking_streams(session, APP, "w"))

    assert await database.write(work) == ([4, 5, 6], 1)


async def test_nobody_listens_nothing_is_logged(database: Database) -> None:
    """Without an endpoint there are no events."""

    def work(session: Session) -> int:
        a_conversation(session, "ann", "bo")
        says(session, "ann")
        return len(webhooks.events_from(session, APP, ROOM, 1, 10))

    assert await database.write(work) == 0


async def test_who_leaves_gets_a_dead_address(database: Database) -> None:
    """Leaving raises the epoch; who comes back has a new one."""

    def work(session: Session) -> tuple[int, int, bool]:
        a_conversation(session, "ann", "bo")
        before = participants.find(session, APP, ROOM, "bo")
        assert before is not None
        epoch = before.address_epoch
        converse.leave(session, (APP, ROOM, "bo"), NOW)
        back = converse.join(session, (APP, ROOM, "bo"), Access.READ_WRITE, Notify.ALL, NOW)
        return epoch, back.address_epoch, back.left_at is None

    assert await database.write(work) == (0, 1, True)
