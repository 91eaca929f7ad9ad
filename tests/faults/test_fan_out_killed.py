"""SIGKILL while a crowd is being noted what it is owed: nobody is left out, nobody twice."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import asyncpg

from core.clock import SystemClock
from core.store import pending
from core.store.database import open_database
from tests.faults.process import served
from tests.support.notifying import until
from tests.support.people import APP, a_conversation, a_crowd, says

_PEOPLE = 3_000
_NOTED = "SELECT count(*) FROM pending"
_LEFT = "SELECT count(*) FROM fan_out"


async def _count(url: str, query: str) -> int:
    """Ask beside the process that has the database: a file may be read whoever owns it."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            return int(file.execute(query).fetchone()[0])
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(query))
    finally:
        await connection.close()


async def _has_come_to(people: int, url: str) -> bool:
    return await _count(url, _NOTED) >= people or not await _count(url, _LEFT)


async def test_nobody_is_left_out_by_a_kill(database_url: str, tmp_path: Path) -> None:
    """The notifier is killed again and again; what it began, the next one ends."""
    database = open_database(database_url)
    await database.write(lambda session: a_conversation(session, "ann"))
    crowd = await database.write(lambda session: a_crowd(session, _PEOPLE))
    await database.write(lambda session: says(session, "ann", now=SystemClock().now()))
    await database.close()
    seen = []
    async with served(tmp_path, database=database_url, rooms=("notifier",)) as notifier:
        for some in (1, _PEOPLE // 3, _PEOPLE // 2):
            await until(partial(_has_come_to, some, database_url))
            await notifier.kill()
            seen.append(await _count(database_url, _NOTED))
            await notifier.start()
        await until(partial(_has_come_to, _PEOPLE, database_url))
    again = open_database(database_url)
    owed = await again.read(lambda session: pending.of_app(session, APP, 2 * _PEOPLE))
    await again.close()

    assert sorted(one.user_id for one in owed) == crowd
    assert seen == sorted(seen)
    assert await _count(database_url, _LEFT) == 0
