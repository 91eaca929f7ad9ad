"""Whoever watches a conversation sees all that happens in it, in order, once, after the commit."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from core import changes as watched
from core.actions import converse, edit, look, people, react, read, settle
from core.actions.erase import erase
from core.actions.forget import Keeping, forget
from core.changes import Changes, Gone, News, Reread, Typing, Watch
from core.clock import SetClock
from core.errors import StoreUnavailable
from core.model.change import Change
from core.model.delivery import Delivery
from core.model.participant import Access, Notify
from core.model.session import UserSession
from core.model.webhook import WebhookEndpoint
from core.moment import DAY, MINUTE
from core.store import changes
from core.store.database import Database, Session
from core.store.engine.touched import Anything, Hint
from tests.support.people import APP, NOW, ROOM, a_conversation, says

BO = (APP, ROOM, "bo")
SECONDS = 30


@asynccontextmanager
async def _running(at: Changes) -> AsyncIterator[None]:
    """Hear what is committed until left."""
    task = asyncio.create_task(at.run())
    await asyncio.sleep(0)  # it hears from its first step on
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _next(watch: Watch, count: int) -> list[News]:
    """Return so much news."""
    async with asyncio.timeout(SECONDS):
        return [await anext(watch) for _ in range(count)]


def _told(news: list[News]) -> list[tuple[Any, ...]]:
    """Return what was told, without the moments."""
    return [
        (one.number, one.kind.value, one.user_id) if isinstance(one, Change) else (one,)
        for one in news
    ]


async def _people(database: Database) -> None:
    await database.write(lambda session: a_conversation(session, "ann", "bo"))


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
    await _people(database)
    async with _running(at), at.watching(APP, ROOM, after=0) as watch:
        said = await database.write(lambda s: says(s, "ann").id)
        for happens, _, _ in _all_that_can_happen(said):
            await database.write(happens)
        news = await _next(watch, 4 + len(_all_that_can_happen(said)))

    assert _told(news) == [
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
    await _people(database)

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
    await _people(database)
    reads: list[asyncio.Task[int]] = []

    def hear(_hints: list[Hint]) -> None:
        reading = database.read(lambda s: changes.last_number(s, APP, ROOM))
        reads.append(asyncio.ensure_future(reading))

    with database.committed.hearing(hear):
        await asyncio.gather(*(database.write(lambda s: says(s, "ann").id) for _ in range(5)))

    assert max(await asyncio.gather(*reads)) == 8


async def test_a_lost_wake_up_loses_nothing(database: Database) -> None:
    """Who was not woken finds out at the next look, and is told each change once."""
    at = Changes(database, SetClock())
    await _people(database)
    async with at.watching(APP, ROOM, after=3) as watch, at.watching(APP, "gone", after=0):
        waiting = asyncio.create_task(_next(watch, 3))
        for _ in range(3):
            await database.write(lambda s: says(s, "ann").id)
        await at.look()
        news = await waiting
        await at.look()
        await database.write(lambda s: says(s, "bo").id)
        await at.look()
        last = await _next(watch, 1)

    assert [one[0] for one in _told([*news, *last])] == [4, 5, 6, 7]


def _page(*, typing: bool) -> UserSession:
    return UserSession(
        app_id=APP, user_id="bo", id="tab", selected_conversation_id=ROOM, is_typing=typing,
        told_at=NOW, expires_at=NOW + MINUTE,
    )  # fmt: skip


async def test_who_types_is_told_and_not_kept(database: Database) -> None:
    """Typing wakes whoever watches, from its beginning to its end, and has no number."""
    clock = SetClock(NOW)
    at = Changes(database, clock)
    await _people(database)
    typing: list[News] = []
    async with _running(at), at.watching(APP, ROOM, after=3) as watch:
        for now in (True, False, True):
            await database.write(partial(look.look, told=_page(typing=now)))
            typing += await _next(watch, 1)
        await database.write(lambda s: look.leave(s, APP, "bo", "tab"))
        typing += await _next(watch, 1)

    bo, nobody = Typing(frozenset({"bo"})), Typing(frozenset())
    assert typing == [bo, nobody, bo, nobody]
    assert await database.read(lambda s: changes.last_number(s, APP, ROOM)) == 3


async def test_a_slow_watcher_is_told_to_read_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much happened meanwhile, no more than a page waits for who does not take it."""
    monkeypatch.setattr(watched, "_PAGE", 2)
    monkeypatch.setattr(watched, "_MOST_BEHIND", 5)
    at = Changes(database, SetClock())
    await _people(database)
    async with _running(at), at.watching(APP, ROOM, after=0) as watch:
        first = await _next(watch, 1)
        for _ in range(8):
            await database.write(lambda s: says(s, "ann").id)
        then = await _next(watch, 2)
        await database.write(lambda s: says(s, "bo").id)
        last = await _next(watch, 1)

    assert [one[0] for one in _told(first)] == [1]
    assert then[1] == Reread(11)
    assert _told([then[0], *last]) == [(2, "participant.joined", "ann"), (12, "message.sent", "bo")]


@pytest.mark.parametrize("after", [0, 2, 99])
async def test_who_was_away_for_longer_than_the_log_reads_anew(
    database: Database, after: int
) -> None:
    """What was forgotten, or is of another time, is not told as if nothing had happened."""
    at = Changes(database, SetClock())
    await _people(database)
    await forget(database, Keeping(), NOW + 36 * DAY)
    async with at.watching(APP, ROOM, after=after) as watch:
        anew = await _next(watch, 1)
        await database.write(lambda s: says(s, "ann").id)
        await at.look()
        then = await _next(watch, 1)

    assert anew == [Reread(3)]
    assert _told(then) == [(4, "message.sent", "ann")]


async def test_what_is_missing_in_the_middle_is_not_skipped(database: Database) -> None:
    """A page of the log with a gap in it is no page: there was more than is told."""
    at = Changes(database, SetClock())
    await _people(database)
    await database.write(lambda s: s.delete(s.get(Change, (APP, ROOM, 2))))
    async with at.watching(APP, ROOM, after=0) as watch:
        news = await _next(watch, 1)

    assert news == [Reread(3)]


@pytest.mark.parametrize("days", [0, 36])
async def test_the_end_of_a_conversation_is_the_end_of_watching(
    database: Database, days: int
) -> None:
    """Whether the log still tells of it or has forgotten it, the last that is told is: it is gone.

    There is nothing more to wait for, and whoever watched looks no more.
    """
    at = Changes(database, SetClock())
    await _people(database)
    await database.write(lambda s: converse.end(s, APP, ROOM, NOW))
    await forget(database, Keeping(), NOW + days * DAY)
    async with at.watching(APP, ROOM, after=3) as watch:
        async with asyncio.timeout(SECONDS):
            news = [one async for one in watch]
        with pytest.raises(StopAsyncIteration):
            await anext(watch)

    assert _told(news) == [*([(4, "conversation.deleted", None)] if days == 0 else []), (Gone(),)]


async def test_who_falls_silent_types_no_more(database: Database) -> None:
    """A page that dies says nothing: when its time is over, the next look tells who types still."""
    clock = SetClock(NOW)
    at = Changes(database, clock)
    await _people(database)
    async with _running(at), at.watching(APP, ROOM, after=3) as watch:
        await database.write(partial(look.look, told=_page(typing=True)))
        typing = await _next(watch, 1)
        await at.look()
        clock.move(MINUTE)
        await at.look()
        typing += await _next(watch, 1)

    assert typing == [Typing(frozenset({"bo"})), Typing(frozenset())]


async def test_whatever_happens_to_a_look_there_is_another(database: Database) -> None:
    """An error that nobody foresaw is logged, and ends nothing."""
    moody = Moody(database)
    at = Changes(moody, SetClock(), 0)
    await _people(database)
    async with _running(at), at.watching(APP, ROOM, after=3) as watch:
        async with asyncio.timeout(SECONDS):
            await moody.looks.acquire()
            await moody.looks.acquire()
        moody.failing = False
        await database.write(lambda s: says(s, "ann").id)
        news = await _next(watch, 1)

    assert _told(news) == [(4, "message.sent", "ann")]


async def test_after_a_break_one_question_tells_who_missed_something(database: Database) -> None:
    """Hints may be lost then: of all that are watched, only those with news are read."""
    moody = Moody(database)
    moody.failing = False
    at = Changes(moody, SetClock(), 3_600)
    await _people(database)
    async with _running(at), at.watching(APP, ROOM, after=3) as watch:
        waiting = asyncio.create_task(_next(watch, 1))
        await moody.asked.wait()
        moody.asked.clear()
        database.committed.tell([Anything()])
        async with asyncio.timeout(SECONDS):
            await moody.looks.acquire()
        await database.write(lambda s: None)  # time enough for whoever was woken
        asked = moody.asked.is_set()
        await database.write(lambda s: says(s, "ann").id)
        news = await waiting

    assert not asked
    assert _told(news) == [(4, "message.sent", "ann")]


async def test_an_erased_person_is_in_no_row_of_the_log(database: Database) -> None:
    """Who watches is told to read again; that it was they who spoke and left stands nowhere."""
    at = Changes(database, SetClock())
    await _people(database)
    await database.write(lambda s: says(s, "bo").id)
    await database.write(lambda s: says(s, "ann").id)

    await erase(database, APP, "bo", NOW)

    async with at.watching(APP, ROOM, after=2) as watch:
        news = await _next(watch, 5)
    assert _told(news) == [
        (3, "participant.joined", None), (4, "message.sent", None), (5, "message.sent", "ann"),
        (6, "person.erased", None), (7, "person.erased", None),
    ]  # fmt: skip


async def test_what_is_only_told_to_webhooks_is_not_told_here(database: Database) -> None:
    """It has a number in the conversation, which is passed over: of it nothing changed."""
    at = Changes(database, SetClock())
    await _people(database)
    mail = Delivery(
        app_id=APP, id="dlv_1", notification_id="ntf_1", conversation_id=ROOM, user_id="bo",
        address="bo@example.net", reference=1, message_id="<1@x>", created_at=NOW,
    )  # fmt: skip

    def listens(session: Session) -> None:
        session.add(WebhookEndpoint(app_id=APP, id="whk", url="https://x.test", created_at=NOW))
        session.flush()

    await database.write(listens)
    async with _running(at), at.watching(APP, ROOM, after=3) as watch:
        await database.write(lambda s: people.put_user(s, APP, "bo", {"name": "Bob"}, NOW) and None)
        await database.write(lambda s: settle.bounced(s, mail, "no such user", NOW))
        first = await database.read(lambda s: changes.after(s, APP, ROOM, 3, 9))
        await database.write(lambda s: says(s, "bo").id)
        news = await _next(watch, 1)

    assert [one.kind.value for one in first] == ["notification.bounced"]
    assert _told(news) == [(5, "message.sent", "bo")]


class Moody:
    """A database that cannot answer now and then."""

    def __init__(self, database: Database) -> None:
        """Pass everything on but what is glanced at."""
        self._database = database
        self.failing = True
        self.asked = asyncio.Event()
        self.looks = asyncio.Semaphore(0)

    def __getattr__(self, name: str) -> Any:
        """Return what the database has."""
        return getattr(self._database, name)

    async def read(self, work: Callable[[Session], Any]) -> Any:
        """Look at all that is watched, or fail as nobody foresaw."""
        self.looks.release()
        if self.failing:
            raise LookupError
        return await self._database.read(work)

    async def glance(self, work: Callable[[Session], Any]) -> Any:
        """Answer, or not."""
        self.asked.set()
        if self.failing:
            raise StoreUnavailable
        return await self._database.glance(work)


async def test_a_database_that_does_not_answer_ends_no_watching(database: Database) -> None:
    """What could not be read is read after the next look."""
    moody = Moody(database)
    at = Changes(moody, SetClock())
    await _people(database)
    async with at.watching(APP, ROOM, after=2) as watch:
        waiting = asyncio.create_task(_next(watch, 1))
        await moody.asked.wait()
        moody.failing = False
        await at.look()
        news = await waiting

    assert _told(news) == [(3, "participant.joined", "bo")]
