"""SQLite, embedded: one process, one file, one writer that commits in groups.

All writes run in one thread on one connection it holds. Whatever waits when it comes round is
run in one transaction, each piece of work in a savepoint of its own, and one fsync makes all of
it durable (WAL, synchronous=FULL). Several writers would starve each other, and a checkpoint by
a second connection meets SQLite's WAL-reset bug (fixed in 3.51.3); one writer meets neither.
Readers are ``query_only`` connections in a few threads.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from core.clock import Clock, SystemClock
from core.errors import StoreUnavailable
from core.moment import Moment
from core.store import liveness, schema
from core.store.lock import FileLock

T = TypeVar("T")

_GROUP = 128
_READERS = 4


class _Job:
    """A piece of work, and where its result goes."""

    __slots__ = ("error", "future", "loop", "result", "work")

    def __init__(self, work: Callable[[Session], Any], loop: asyncio.AbstractEventLoop) -> None:
        self.work = work
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        """Hand the result over, in the loop's own thread."""
        if self.future.done():  # whoever waited has gone; the work stands all the same
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class SqliteDatabase:
    """One SQLite file, owned by this process."""

    embedded = True

    def __init__(self, file: Path) -> None:
        """Take the file's lock and start the writer. Raise DatabaseInUse if another has it."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(file)
        file.touch(mode=0o600)  # it holds the apps' secrets and everybody's words
        self._engine = _engine(file, reader=False)
        self._reading = _engine(file, reader=True)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="sqlite-reader")
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._writer = threading.Thread(target=self._write_all, name="sqlite-writer", daemon=True)
        self._writer.start()

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run the work in the next group and return its result once it is on disk."""
        job = _Job(work, asyncio.get_running_loop())
        self._jobs.put(job)
        result: T = await job.future
        return result

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run work that changes nothing against one consistent state."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, work)

    async def migrate(self) -> None:
        """Bring the tables up to date, in the writer's thread."""
        await self.write(lambda session: schema.upgrade(session.connection()))

    async def is_current(self) -> bool:
        """Tell whether the tables are up to date."""
        return await self.read(lambda session: schema.is_current(session.connection()))

    async def clock(self) -> Clock:
        """Return this machine's clock: the process and the database share it."""
        return SystemClock()

    async def enlist(self, worker: str, now: Moment) -> None:
        """Take up all that was claimed: this process is alone, so whoever claimed it is dead."""
        await self.write(lambda session: liveness.release_all(session, now))

    async def reap(self, now: Moment) -> int:
        """Do nothing: the only worker is this one, and it lives."""
        return 0

    async def close(self) -> None:
        """Finish what was begun, and give the file back."""
        self._jobs.put(None)
        await asyncio.to_thread(self._writer.join)
        self._readers.shutdown()
        self._reading.dispose()
        self._engine.dispose()
        self._lock.release()

    def _read(self, work: Callable[[Session], T]) -> T:
        try:
            with self._reading.connect() as connection, connection.begin():
                return work(_session(connection))
        except OperationalError as error:
            raise StoreUnavailable(str(error.orig)) from error

    def _write_all(self) -> None:
        """Run groups until told to stop: the writer thread."""
        connection: Connection | None = None
        while (group := self._next_group()) is not None:
            try:
                connection = connection or self._engine.connect()
                _commit(connection, group)
            except Exception as error:  # noqa: BLE001  whatever it is, everyone waiting is told
                _fail(group, error)
                if connection is not None:
                    connection.invalidate()
                    connection.close()
                connection = None
            _settle(group)
        if connection is not None:
            connection.close()

    def _next_group(self) -> list[_Job] | None:
        """Wait for work and take all that waits; None at the end."""
        first = self._jobs.get()
        if first is None:
            return None
        group = [first]
        while len(group) < _GROUP:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                self._jobs.put(None)
                break
            group.append(job)
        return group


def _commit(connection: Connection, group: list[_Job]) -> None:
    """Run a group in one transaction; a piece of work that raises is undone alone."""
    with connection.begin():
        for job in group:
            savepoint = connection.begin_nested()
            session = _session(connection)
            try:
                job.result = job.work(session)
                session.flush()
            except DBAPIError as error:
                # A full disk or an I/O error may already have undone the whole transaction.
                if isinstance(error, OperationalError):
                    raise
                savepoint.rollback()
                job.error = error
            except Exception as error:  # noqa: BLE001  it belongs to whoever asked
                savepoint.rollback()
                job.error = error
            else:
                savepoint.commit()
            finally:
                session.close()


def _fail(group: list[_Job], error: Exception) -> None:
    """Tell everyone in the group that nothing was written."""
    reason = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    for job in group:
        job.error = StoreUnavailable(reason)
        job.error.__cause__ = error


def _settle(group: list[_Job]) -> None:
    """Wake whoever waits: one call per loop, not one per piece of work."""
    for loop in {job.loop for job in group}:
        jobs = [job for job in group if job.loop is loop]
        if not loop.is_closed():
            loop.call_soon_threadsafe(_settle_here, jobs)


def _settle_here(jobs: list[_Job]) -> None:
    for job in jobs:
        job.settle()


def _session(connection: Connection) -> Session:
    return Session(bind=connection, join_transaction_mode="rollback_only", expire_on_commit=False)


def _engine(file: Path, *, reader: bool) -> Engine:
    """Make an engine whose transactions and settings are ours, not the driver's."""
    engine = create_engine(
        f"sqlite:///{file}",
        connect_args={"check_same_thread": False},
        pool_size=_READERS if reader else 1,
        max_overflow=0,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in _pragmas(reader=reader):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if reader else "BEGIN IMMEDIATE")

    return engine


def _pragmas(*, reader: bool) -> Iterator[str]:
    yield "busy_timeout = 5000"
    yield "foreign_keys = ON"
    if reader:
        yield "query_only = ON"
    else:
        yield "journal_mode = WAL"
        yield "synchronous = FULL"


@contextmanager
def inspecting(file: Path) -> Iterator[Session]:
    """Look into a file without owning it: for tests and repair."""
    engine = _engine(file, reader=True)
    try:
        with engine.connect() as connection, connection.begin():
            yield _session(connection)
    finally:
        engine.dispose()
