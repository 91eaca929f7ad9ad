"""Works that meet at a conversation's row lock, in the order in which they came to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from core.store.database import Database, Session
from tests.support.people import APP, ROOM

_WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
_SECONDS = 30


@asynccontextmanager
async def locked(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Hold the conversation's row lock until left, on a connection that may do more."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await connection.execute(
                "SELECT 1 FROM conversation WHERE app_id = $1 AND id = $2 FOR UPDATE", APP, ROOM
            )
            yield connection
    finally:
        await connection.close()


async def until_waiting(connection: asyncpg.Connection, count: int) -> None:
    """Return when so many wait for a lock."""
    async with asyncio.timeout(_SECONDS):
        while await connection.fetchval(_WAITING) < count:
            await connection.execute("SELECT pg_stat_clear_snapshot()")


async def meet(url: str, database: Database, *works: Callable[[Session], Any]) -> list[Any]:
    """Let works come to the lock one after another, then go on; return how each ended."""
    async with locked(url) as connection:
        tasks = []
        for count, work in enumerate(works, 1):
            tasks.append(asyncio.create_task(database.write(work)))
            await until_waiting(connection, count)
    return await asyncio.gather(*tasks, return_exceptions=True)
