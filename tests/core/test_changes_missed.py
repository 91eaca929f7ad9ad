"""Whoever misses something finds out: by a look, after a break, from a log that has forgotten."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from core import changes as watched
from core.actions import look
from core.actions.forget import Keeping, forget
from core.changes import Changes, Reread, Typing
from core.clock import SetClock
from core.errors import StoreUnavailable
from core.model.change import Change
from core.moment import DAY, MINUTE
from core.store.database import Database, Session
from core.store.engine.touched import Anything
from tests.support.people import APP, NOW, ROOM, says
from tests.support.watching import SECONDS, page, running, take, told_of, two_people


async def test_a_lost_wake_up_loses_nothing(database: Database) -> None:
    """Who was not woken finds out at the next look, and is told each change once."""
    at = Changes(database, SetClock())
    await two_people(database)
    async with at.watching(APP, ROOM, after=3) as watch, at.watching(APP, "gone", after=0):
        waiting = asyncio.create_task(take(watch, 3))
        for _ in range(3):
            await database.write(lambda s: says(s, "ann").id)
        await at.look()
        news = await waiting
        await at.look()
        await database.write(lambda s: says(s, "bo").id)
        await at.look()
        last = await take(watch, 1)

    assert [one[0] for one in told_of([*news, *last])] == [4, 5, 6, 7]


async def test_a_slow_watcher_is_told_to_read_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much happened meanwhile, no more than a page waits for who does not take it."""
    monkeypatch.setattr(watched, "_PAGE", 2)
    monkeypatch.setattr(watched, "_MOST_BEHIND", 5)
    at = Changes(database, SetClock())
    await two_people(database)
    async with running(at), at.watching(APP, ROOM, after=0) as watch:
        first = await take(watch, 1)
        for _ in range(8):
            await database.write(lambda s: says(s, "ann").id)
        then = await take(watch, 2)
        await database.write(lambda s: says(s, "bo").id)
        last = await take(watch, 1)

    assert [one[0] for one in told_of(first)] == [1]
    assert then[1] == Reread(11)
    assert told_of([then[0], *last]) == [
        (2, "participant.joined", "ann"), (12, "message.sent", "bo")
    ]  # fmt: skip


@pytest.mark.parametrize("after", [0, 2, 99])
async def test_who_was_away_for_longer_than_the_log_reads_anew(
    database: Database, after: int
) -> None:
    """What was forgotten, or is of another time, is not told as if nothing had happened."""
    at = Changes(database, SetClock())
    await two_people(database)
    await forget(database, Keeping(), NOW + 36 * DAY)
    async with at.watching(APP, ROOM, after=after) as watch:
        anew = await take(watch, 1)
        await database.write(lambda s: says(s, "ann").id)
        await at.look()
        then = await take(watch, 1)

    assert anew == [Reread(3)]
    assert told_of(then) == [(4, "message.sent", "ann")]


async def test_what_is_missing_in_the_middle_is_not_skipped(database: Database) -> None:
    """A page of the log with a gap in it is no page: there was more than is told."""
    at = Changes(database, SetClock())
    await two_people(database)
    await database.write(lambda s: s.delete(s.get(Change, (APP, ROOM, 2))))
    async with at.watching(APP, ROOM, after=0) as watch:
        news = await take(watch, 1)

    assert news == [Reread(3)]


async def test_who_falls_silent_types_no_more(database: Database) -> None:
    """A page that dies says nothing: when its time is over, the next look tells who types still."""
    clock = SetClock(NOW)
    at = Changes(database, clock)
    await two_people(database)
    async with running(at), at.watching(APP, ROOM, after=3) as watch:
        await database.write(partial(look.look, told=page(typing=True)))
        typing = await take(watch, 1)
        await at.look()
        clock.move(MINUTE)
        await at.look()
        typing += await take(watch, 1)

    assert typing == [Typing(frozenset({"bo"})), Typing(frozenset())]


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


async def test_whatever_happens_to_a_look_there_is_another(database: Database) -> None:
    """An error that nobody foresaw is logged, and ends nothing."""
    moody = Moody(database)
    at = Changes(moody, SetClock(), 0)
    await two_people(database)
    async with running(at), at.watching(APP, ROOM, after=3) as watch:
        async with asyncio.timeout(SECONDS):
            await moody.looks.acquire()
            await moody.looks.acquire()
        moody.failing = False
        await database.write(lambda s: says(s, "ann").id)
        news = await take(watch, 1)

    assert told_of(news) == [(4, "message.sent", "ann")]


async def test_after_a_break_one_question_tells_who_missed_something(database: Database) -> None:
    """Hints may be lost then: of all that are watched, only those with news are read."""
    moody = Moody(database)
    moody.failing = False
    at = Changes(moody, SetClock(), 3_600)
    await two_people(database)
    async with running(at), at.watching(APP, ROOM, after=3) as watch:
        waiting = asyncio.create_task(take(watch, 1))
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
    assert told_of(news) == [(4, "message.sent", "ann")]


async def test_a_database_that_does_not_answer_ends_no_watching(database: Database) -> None:
    """What could not be read is read after the next look."""
    moody = Moody(database)
    at = Changes(moody, SetClock())
    await two_people(database)
    async with at.watching(APP, ROOM, after=2) as watch:
        waiting = asyncio.create_task(take(watch, 1))
        await moody.asked.wait()
        moody.failing = False
        await at.look()
        news = await waiting

    assert told_of(news) == [(3, "participant.joined", "bo")]
