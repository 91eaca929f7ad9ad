"""Whoever watches a conversation sees all that happens in it, in order, once, after the commit."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from core.actions import converse, edit, look, people, react, read, settle
from core.actions.erase import erase
from core.actions.forget import Keeping, forget
from core.changes import Changes, ConversationGone, News, Typing
from core.clock import SetClock
from core.model.change import Change
from core.model.delivery import Delivery
from core.model.participant import Access, Notify
from core.model.webhook import WebhookEndpoint
from core.moment import DAY
from core.store import changes
from core.store.database import Database, Session
from core.store.engine.touched import Hint
from tests.support.people import APP, NOW, ROOM, says
from tests.support.watching import SECONDS, page, running, take, told_of, two_people

BO = (APP, ROOM, "bo")


def _all_that_can_happen(message_id: str) -> list[tuple[Callable[[Session], Any], str, str | None]]:
    """Return what is done, the kind of its change, and whom it is about."""
    role = Access.READ
    return [
        (lambda s: edit.edit(s, APP, message_id, {"text": "x"}, NOW), "message.edited", "ann"),
        (lambda s: react.react(s, APP, message_id, "👍", "bo", NOW), "reaction.added", "bo"),
        (lambda s: react.unreact(s, APP, message_id, "👍", "bo", NOW), "reaction.removed", "bo"),
        (lambda s: read.mark_read(s, BO, None, NOW), "message.read", "bo"),
        (lambda s: edit.delete(s, APP, message_id, NOW), "message.deleted", "ann"),
        (lambda s: converse.change(s, BO, role, None, NOW), "participant.changed", "bo"),
        (lambda s: converse.leave(s, BO, NOW), "participant.left", "bo"),
        (lambda s: converse.join(s, BO, role, Notify.ALL, NOW), "participant.joined", "bo"),
        (lambda s: converse.put(s, APP, ROOM, {"subject": "y"}, NOW), "conversation.changed", None),
        (lambda s: converse.end(s, APP, ROOM, NOW), "conversation.deleted", None),
        (lambda s: converse.put(s, APP, ROOM, {}, NOW), "conversation.made", None),
    ]


async def test_all_that_happens_is_seen_in_order_without_a_gap(database: Database) -> None:
    """Each kind of change has the next number, and says what it is about."""
    at = Changes(database, SetClock())
    await two_people(database)
    async with running(at), at.watching(APP, ROOM, after=0) as watch:
        said = await database.write(lambda s: says(s, "ann").id)
        for happens, _, _ in _all_that_can_happen(said):
            await database.write(happens)
        news = await take(watch, 4 + len(_all_that_can_happen(said)))

    assert told_of(news) == [
        (1, "conversation.made", None), (2, "participant.joined", "ann"),
        (3, "participant.joined", "bo"), (4, "message.sent", "ann"),
        *((5 + n, kind, user) for n, (_, kind, user) in enumerate(_all_that_can_happen(said))),
    ]  # fmt: skip
    assert [one.message_id for one in news[3:9] if isinstance(one, Change)] == (
        [said] * 4 + [None, said]
    )
    assert watch.number == len(news)


async def test_what_is_undone_is_not_told(database: Database) -> None:
    """A transaction that fails wakes nobody, logs nothing, and its number is given out again."""
    heard: list[Hint] = []
    await two_people(database)

    def fail(session: Session) -> None:
        says(session, "ann", "never")
        raise LookupError

    with database.committed.hearing(heard.extend):
        with pytest.raises(LookupError):
            await database.write(fail)
        undone = list(heard)
        number = await database.write(
            lambda s: says(s, "ann") and changes.last_number(s, APP, ROOM)
        )

    assert undone == []
    assert number == 4
    assert [getattr(one, "number", None) for one in heard] == [4]


async def test_who_is_woken_finds_it_committed(database: Database) -> None:
    """A hint comes after the commit: what is read because of it is there."""
    await two_people(database)
    reads: list[asyncio.Task[int]] = []

    def hear(_hints: list[Hint]) -> None:
        reading = database.read(lambda s: changes.last_number(s, APP, ROOM))
        reads.append(asyncio.ensure_future(reading))

    with database.committed.hearing(hear):
        await asyncio.gather(*(database.write(lambda s: says(s, "ann").id) for _ in range(5)))

    assert max(await asyncio.gather(*reads)) == 8


async def test_who_types_is_told_and_not_kept(database: Database) -> None:
    """Typing wakes whoever watches, from its beginning to its end, and has no number."""
    clock = SetClock(NOW)
    at = Changes(database, clock)
    await two_people(database)
    typing: list[News] = []
    async with running(at), at.watching(APP, ROOM, after=3) as watch:
        for now in (True, False, True):
            await database.write(partial(look.look, told=page(typing=now)))
            typing += await take(watch, 1)
        await database.write(lambda s: look.leave(s, APP, "bo", "tab", clock.now()))
        typing += await take(watch, 1)

    bo, nobody = Typing(frozenset({"bo"})), Typing(frozenset())
    assert typing == [bo, nobody, bo, nobody]
    assert await database.read(lambda s: changes.last_number(s, APP, ROOM)) == 3


@pytest.mark.parametrize("days", [0, 36])
async def test_the_end_of_a_conversation_is_the_end_of_watching(
    database: Database, days: int
) -> None:
    """Whether the log still tells of it or has forgotten it, the last that is told is: it is gone.

    There is nothing more to wait for, and whoever watched looks no more.
    """
    at = Changes(database, SetClock())
    await two_people(database)
    await database.write(lambda s: converse.end(s, APP, ROOM, NOW))
    await forget(database, Keeping(), NOW + days * DAY)
    async with at.watching(APP, ROOM, after=3) as watch:
        async with asyncio.timeout(SECONDS):
            news = [one async for one in watch]
        with pytest.raises(StopAsyncIteration):
            await anext(watch)

    logged = [(4, "conversation.deleted", None)] if days == 0 else []
    assert told_of(news) == [*logged, (ConversationGone(),)]


async def test_an_erased_person_is_in_no_row_of_the_log(database: Database) -> None:
    """Who watches is told to read again; that it was they who spoke and left stands nowhere."""
    at = Changes(database, SetClock())
    await two_people(database)
    await database.write(lambda s: says(s, "bo").id)
    await database.write(lambda s: says(s, "ann").id)

    await erase(database, APP, "bo", NOW)

    async with at.watching(APP, ROOM, after=2) as watch:
        news = await take(watch, 5)
    assert told_of(news) == [
        (3, "participant.joined", None), (4, "message.sent", None), (5, "message.sent", "ann"),
        (6, "person.erased", None), (7, "person.erased", None),
    ]  # fmt: skip


async def test_what_is_only_told_to_webhooks_is_not_told_here(database: Database) -> None:
    """It has a number in the conversation, which is passed over: of it nothing changed."""
    at = Changes(database, SetClock())
    await two_people(database)
    mail = Delivery(
        app_id=APP, id="dlv_1", notification_id="ntf_1", conversation_id=ROOM, user_id="bo",
        address="bo@example.net", reference=1, message_id="<1@x>", created_at=NOW,
    )  # fmt: skip

    def listens(session: Session) -> None:
        session.add(WebhookEndpoint(app_id=APP, id="whk", url="https://x.test", created_at=NOW))
        session.flush()

    await database.write(listens)
    async with running(at), at.watching(APP, ROOM, after=3) as watch:
        await database.write(lambda s: people.put_user(s, APP, "bo", {"name": "Bob"}, NOW) and None)
        await database.write(lambda s: settle.mark_bounced(s, mail, "no such user", NOW))
        first = await database.read(lambda s: changes.after(s, APP, ROOM, 3, 9))
        await database.write(lambda s: says(s, "bo").id)
        news = await take(watch, 1)

    assert [one.kind.value for one in first] == ["notification.bounced"]
    assert told_of(news) == [(5, "message.sent", "bo")]
