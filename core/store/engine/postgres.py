"""PostgreSQL: any number of processes, each with a pool of connections.

A verb is synchronous code; ``run_sync`` runs it over the asyncio driver (asyncpg by default,
psycopg by URL). What failed because of another transaction is run again, everything else that
means "not now" becomes StoreUnavailable.

The trap: a worker is alive as long as its connection is. When that breaks and the worker does not,
its lock is taken again before anybody is reaped, or it would hand out its own work.

The other trap: a network may swallow what is said and break no connection. No driver waits less
than for ever by itself, so all but migrations has a time, after which its connection is thrown
away.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlmodel import Session

from core.clock import Clock, ShiftedClock, SystemClock
from core.errors import StoreFull, StoreUnavailable
from core.moment import Moment
from core.store.engine import asyncpg_direct, liveness, schema, touched
from core.store.engine.bus import Bus
from core.store.engine.connection_pool import ConnectionPool
from core.store.engine.dialect import session_on
from core.store.engine.due import Work
from core.store.engine.storable import keep_storable, stored_json
from core.store.engine.touched import Subscribers, Touched

T = TypeVar("T")

_TRIES = 4
_OTHERS = 3  # connections left to readers of more than a few rows, and to the worker's lock
_CONNECT_SECONDS = 10
_LOOK_SECONDS = 10.0  # a few rows by their keys
_WORK_SECONDS = 30.0
# Serialization failure, deadlock, and a row that somebody else made since we looked for it.
_AGAIN = frozenset({"40001", "40P01", "23505"})
_DISK_FULL = "53100"
_NOT_NOW = frozenset({"08", "53", "57", "58"})  # connection, resources, intervention, system


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    """What work returned, and what it touched."""

    result: T
    touched: Sequence[Touched]


class PostgresDatabase:
    """One PostgreSQL database, shared with other processes."""

    embedded = False

    def __init__(self, url: str, queues: Sequence[Work], *, pool_size: int = 10) -> None:
        """Prepare the pool; nothing is opened before it is used.

        The queues are all tables that workers claim rows of: what is not named is not reaped.
        """
        self._queues = queues
        self._engine = create_async_engine(
            url, pool_size=pool_size, max_overflow=_OTHERS, pool_timeout=10,
            pool_pre_ping=False, hide_parameters=True, connect_args=_connect_timeout(url),
            json_serializer=stored_json,
        )  # fmt: skip
        keep_storable(self._engine.sync_engine)
        self.committed = Subscribers()
        self._url = url
        self._worker: str | None = None
        self._held: AsyncConnection | None = None
        # A read is one or a few statements of READ COMMITTED each: no BEGIN, no ROLLBACK.
        self._straight = self._engine.dialect.driver == "asyncpg"
        options = asyncpg_direct.OPTIONS if self._straight else {"isolation_level": "AUTOCOMMIT"}
        self._reading = self._engine.execution_options(**options)
        self._pool = ConnectionPool(self._reading, max(1, pool_size - _OTHERS))

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run the work in a transaction and return its result once it is on disk."""
        return await self._tried(work, self._transact)

    async def write_at_once(self, work: Callable[[Session], T]) -> T:
        """Run work whose one statement is a transaction, on disk when it answers."""
        return await self._tried(work, self._utter)

    async def _tried(
        self,
        work: Callable[[Session], T],
        way: Callable[[Callable[[Session], T]], Awaitable[_Done[T]]],
    ) -> T:
        """Run the work in one way, and again if that failed because of another transaction."""
        for attempt in range(1, _TRIES + 1):
            try:
                async with asyncio.timeout(_WORK_SECONDS):
                    done = await way(work)
            except DBAPIError as error:
                if not (_state(error) in _AGAIN or _was_stale(error)) or attempt == _TRIES:
                    raise _translated(error) from error
            except (OSError, NoneFree) as error:
                raise _out_of_reach(error) from error
            else:
                self.committed.tell(done.touched)
                return done.result
        raise StoreUnavailable  # not reached: the last try returns or raises

    async def _transact(self, work: Callable[[Session], T]) -> _Done[T]:
        """Run the work in a transaction: asyncpg's own, or SQLAlchemy's for another driver."""
        if not self._straight:
            async with self._engine.begin() as connection:
                return await connection.run_sync(_run, work)
        async with self._pool.lend() as lent:
            doing = partial(lent.connection.run_sync, _do, work, lent.session)
            return await asyncpg_direct.transact(lent.connection, doing)

    async def _utter(self, work: Callable[[Session], T]) -> _Done[T]:
        """Run the work outside of any transaction."""
        async with self._pool.lend() as lent:
            return await lent.connection.run_sync(_do, work, lent.session)

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run work that changes nothing."""
        return await _on(self._reading, work, _WORK_SECONDS)

    async def glance(self, work: Callable[[Session], T]) -> T:
        """Read a few rows by their keys; anew if the connection was broken already."""
        for attempt in (1, 2):
            try:
                async with asyncio.timeout(_LOOK_SECONDS):
                    return (await self._utter(work)).result
            except DBAPIError as error:
                if attempt == 2 or not error.connection_invalidated:
                    raise _translated(error) from error
            except (OSError, NoneFree) as error:
                raise _out_of_reach(error) from error
        raise StoreUnavailable  # not reached: the last try returns or raises

    async def migrate(self) -> None:
        """Bring the tables up to date; one process at a time."""
        try:
            async with self._engine.begin() as connection:
                await connection.execute(text("SELECT pg_advisory_xact_lock(7265)"))
                await connection.run_sync(schema.upgrade)
        except (DBAPIError, OSError, NoneFree) as error:
            raise _out_of_reach(error) from error

    async def is_current(self) -> bool:
        """Tell whether the tables are up to date."""
        return await self.glance(lambda session: schema.is_current(session.connection()))

    async def clock(self) -> Clock:
        """Return the server's clock: this machine's, shifted by their difference now."""
        own = SystemClock()
        asked = text("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
        before = own.now()
        theirs = await self.read(lambda session: session.connection().scalar(asked))
        return ShiftedClock(own, int(theirs or 0) - (before + own.now()) // 2)

    async def enlist(self, worker: str, now: Moment) -> None:
        """Hold the worker's lock on a connection of its own: it ends with the process."""
        self._worker = worker
        await self._hold(worker)

    async def reap(self, now: Moment) -> int:
        """Make due at once what workers whose lock is free had claimed; ours is not."""
        if self._worker is not None:
            await self._hold(self._worker)
        return await self.write(lambda session: liveness.reap(session, self._queues, now))

    async def purge(self) -> None:
        """Do nothing: the files are the server's, whose vacuum overwrites what was deleted."""

    async def exchange(self) -> None:
        """Tell other processes what is committed here, and hear what they commit, for ever.

        asyncpg alone can: over another driver whoever watches looks by itself.
        """
        if not self._straight:
            await asyncio.Event().wait()
        await Bus(self._url, self.committed).run()

    async def close(self) -> None:
        """Close the pool."""
        await self._let_go()
        await self._pool.close()
        await self._engine.dispose()

    async def _hold(self, worker: str) -> None:
        """Hold a worker's lock, and take it anew where the connection that held it has broken."""
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                if self._held is not None:
                    await self._held.execute(text("SELECT 1"))
                    return
                self._held = await self._reading.connect()
                if not await self._held.run_sync(liveness.hold, worker):
                    await self._let_go()  # the server believes in the old connection still
        except (DBAPIError, OSError, NoneFree) as error:
            await self._let_go()
            raise _out_of_reach(error) from error

    async def _let_go(self) -> None:
        """End the connection that holds the worker's lock: in the pool it would hold it on."""
        held, self._held = self._held, None
        if held is not None:
            await held.invalidate()
            await held.close()


def _connect_timeout(url: str) -> dict[str, Any]:
    """Return how the driver is told for how long to try to connect."""
    name = "connect_timeout" if url.startswith("postgresql+psycopg") else "timeout"
    return {name: _CONNECT_SECONDS}


async def _on(engine: AsyncEngine, work: Callable[[Session], T], seconds: float) -> T:
    try:
        async with asyncio.timeout(seconds), engine.connect() as connection:
            return (await connection.run_sync(_run, work)).result
    except DBAPIError as error:
        raise _translated(error) from error
    except (OSError, NoneFree) as error:
        raise _out_of_reach(error) from error


def _do(_connection: Connection, work: Callable[[Session], T], session: Session) -> _Done[T]:
    """Do the work, and let the session write what it was told."""
    touched.take(session)  # what was noted before it failed, by whoever had this session last
    result = work(session)
    session.flush()
    return _Done(result, touched.take(session))


def _run(connection: Connection, work: Callable[[Session], T]) -> _Done[T]:
    session = session_on(connection)
    try:
        return _do(connection, work, session)
    finally:
        session.close()


def _was_stale(error: DBAPIError) -> bool:
    """Tell whether a connection was broken before anything was said on it."""
    return error.connection_invalidated and error.statement == asyncpg_direct.BEGIN


def _state(error: DBAPIError) -> str:
    """Return the SQLSTATE of an error, whichever driver raised it."""
    origin: Any = error.orig
    return str(getattr(origin, "sqlstate", None) or getattr(origin, "pgcode", None) or "")


def _out_of_reach(error: Exception) -> StoreUnavailable:
    """Return how a failure to reach the server is told: a timeout has no words of its own."""
    return StoreUnavailable(str(error) or "the server does not answer")


def _translated(error: DBAPIError) -> Exception:
    """Return StoreUnavailable for what may pass by itself, the error itself otherwise."""
    if _state(error) == _DISK_FULL:
        return StoreFull(str(error.orig))
    passing = error.connection_invalidated or _state(error)[:2] in _NOT_NOW
    if passing or _state(error) in _AGAIN or isinstance(error, OperationalError | InterfaceError):
        return StoreUnavailable(str(error.orig))
    return error
