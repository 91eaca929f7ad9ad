"""A watcher in another process sees all that happens, whatever breaks: once, and in order."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text

from core.store.database import Database, Session, open_database
from core.store.engine.bus import NAME
from tests.support.people import APP, ROOM, a_conversation, says

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60
_END_LISTENERS = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = :name"
)


@asynccontextmanager
async def _watcher(url: str, after: int) -> AsyncIterator[Process]:
    """Start a process that watches from a number on; it is killed when left."""
    command = (sys.executable, "-m", "tests.faults.watcher", url, APP, ROOM, str(after))
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def _until(process: Process, number: int) -> list[int]:
    """Return the numbers it was told, up to this one."""
    assert process.stdout is not None
    seen: list[int] = []
    async with asyncio.timeout(SECONDS):
        while not seen or seen[-1] < number:
            seen.append(int(await process.stdout.readline()))
    return seen


async def _say(database: Database, times: int) -> int:
    """Let Ann speak so often, and return the number of the last change."""
    await asyncio.gather(*(database.write(lambda s: says(s, "ann").id) for _ in range(times)))
    return await database.read(_last)


def _last(session: Session) -> int:
    return session.connection().scalar(text("SELECT max(number) FROM change")) or 0


@asynccontextmanager
async def _exchanging(url: str) -> AsyncIterator[Database]:
    """Be the process in which it all happens."""
    database = open_database(url)
    await database.write(lambda s: a_conversation(s, "ann", "bo"))
    task = asyncio.create_task(database.exchange())
    try:
        yield database
    finally:
        task.cancel()
        await asyncio.wait([task])
        await database.close()


def _end_listeners(session: Session) -> int:
    return session.connection().scalar(_END_LISTENERS, {"name": NAME}) or 0


async def test_a_watcher_in_another_process_misses_nothing_and_hears_nothing_twice(
    postgresql_url: str,
) -> None:
    """Its listening connection is ended by the server, then the process by SIGKILL.

    Another goes on from the number it was told last, and sees what was said meanwhile.
    """
    async with _exchanging(postgresql_url) as database:
        async with _watcher(postgresql_url, 0) as first:
            seen = await _until(first, 3)
            seen += await _until(first, await _say(database, 20))
            ended = await database.write(_end_listeners)
            seen += await _until(first, await _say(database, 20))
        await _say(database, 20)
        async with _watcher(postgresql_url, seen[-1]) as second:
            seen += await _until(second, await _say(database, 20))
        last = await database.read(_last)

    assert ended == 2
    assert seen == list(range(1, last + 1)) == list(range(1, 84))
