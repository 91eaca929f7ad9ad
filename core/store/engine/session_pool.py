"""Connections that stay open with a session each, for the hot path.

Taking a connection from the pool, putting a session on it and giving both back costs more than a
statement or two. A line is kept instead, and lent to one piece of work after another. What breaks
a line breaks its likes, as when the server was started anew: then all that are idle go.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import Session

from core.store.engine.dialect import session_on


@dataclass(frozen=True, slots=True)
class Line:
    """A connection and its session, lent to one at a time."""

    connection: AsyncConnection
    session: Session


class Lines:
    """So many lines at most, made when they are first needed."""

    def __init__(self, engine: AsyncEngine, most: int) -> None:
        """Take connections from this engine."""
        self._engine = engine
        self._idle: list[Line] = []
        self._free = asyncio.Semaphore(most)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Line]:
        """Lend a line until left. After an exception it is not lent again."""
        async with self._free:
            line = self._idle.pop() if self._idle else await self._open()
            try:
                yield line
            except DBAPIError as error:
                await _end(line)
                if error.connection_invalidated:
                    await self.close()
                    self._engine.sync_engine.dispose(close=False)  # the pool's are as old
                raise
            except Exception:
                await _end(line)
                raise
            except BaseException:  # cancelled: nobody knows where the line stands
                await asyncio.shield(_cut(line))
                raise
            if line.session.identity_map:  # nothing read stays: the next work sees what is now
                line.session.expunge_all()
            self._idle.append(line)

    async def close(self) -> None:
        """Let the idle lines go."""
        idle, self._idle = self._idle, []
        for line in idle:
            await _end(line)

    async def _open(self) -> Line:
        connection = await self._engine.connect()
        return Line(connection, session_on(cast("Connection", connection.sync_connection)))


async def _cut(line: Line) -> None:
    """End a line so that no pool lends its connection again."""
    with suppress(DBAPIError, OSError):
        await line.connection.invalidate()
    with suppress(DBAPIError, OSError):
        await line.connection.close()


async def _end(line: Line) -> None:
    """Give a line's connection back, if it is sound."""
    if line.connection.closed or line.connection.invalidated:
        await _cut(line)
        return
    with suppress(DBAPIError, OSError):
        await line.connection.run_sync(lambda _: line.session.close())
    with suppress(DBAPIError, OSError):
        await line.connection.close()
