"""Connections that stay open with a session each, for the hot path.

Taking a connection from SQLAlchemy's pool, putting a session on it and giving both back costs
more than a statement or two. The two are kept together instead, and lent to one piece of work
after another. What breaks one connection breaks its likes, as when the server was started anew:
then all that are idle go.
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
class PooledConnection:
    """A connection and its session, lent to one at a time."""

    connection: AsyncConnection
    session: Session


class ConnectionPool:
    """So many connections at most, each with its session, opened when first needed."""

    def __init__(self, engine: AsyncEngine, most: int) -> None:
        """Take connections from this engine."""
        self._engine = engine
        self._idle: list[PooledConnection] = []
        self._free = asyncio.Semaphore(most)

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[PooledConnection]:
        """Lend one until left. After an exception it is not lent again."""
        async with self._free:
            lent = self._idle.pop() if self._idle else await self._open()
            try:
                yield lent
            except DBAPIError as error:
                await _end(lent)
                if error.connection_invalidated:
                    await self.close()
                    self._engine.sync_engine.dispose(close=False)  # the pool's are as old
                raise
            except Exception:
                await _end(lent)
                raise
            except BaseException:  # cancelled: nobody knows where its transaction stands
                await asyncio.shield(_cut(lent))
                raise
            if lent.session.identity_map:  # nothing read stays: the next work sees what is now
                lent.session.expunge_all()
            self._idle.append(lent)

    async def close(self) -> None:
        """Let the idle ones go."""
        idle, self._idle = self._idle, []
        for lent in idle:
            await _end(lent)

    async def _open(self) -> PooledConnection:
        connection = await self._engine.connect()
        return PooledConnection(
            connection, session_on(cast("Connection", connection.sync_connection))
        )


async def _cut(lent: PooledConnection) -> None:
    """End a connection so that no pool lends its connection again."""
    with suppress(DBAPIError, OSError):
        await lent.connection.invalidate()
    with suppress(DBAPIError, OSError):
        await lent.connection.close()


async def _end(lent: PooledConnection) -> None:
    """Give a connection back to the engine, if it is sound."""
    if lent.connection.closed or lent.connection.invalidated:
        await _cut(lent)
        return
    with suppress(DBAPIError, OSError):
        await lent.connection.run_sync(lambda _: lent.session.close())
    with suppress(DBAPIError, OSError):
        await lent.connection.close()
