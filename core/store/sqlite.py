"""SQLite, embedded: one process, one file, one writer that commits in groups.

All writes run in one thread on one connection it holds. Whatever waits when it comes round is
run in one transaction, each piece of work in a savepoint of its own, and one fsync makes all of
it durable (WAL, synchronous=FULL). Several writers would starve each other, and a checkpoint by
a second connection meets SQLite's WAL-reset bug (fixed in 3.51.3); one writer meets neither.
Readers are ``query_only`` connections in a few threads; a glance (a few rows by their keys, from
the page cache) is read where it is asked, because the way to a thread and back costs ten times
the reading.

The traps: a piece of work must not roll its session back, since others share the transaction;
and when one breaks the transaction under all of them, each is run again, alone.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from core.clock import Clock, SystemClock
from core.errors import StoreUnavailable
from core.moment import Moment
from core.store import liveness, schema, trouble
from core.store.lock import FileLock

T = TypeVar("T")

_GROUP = 128
_READERS = 4
_BUSY_MILLIS = 5_000


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
        self._glances = _engine(file, reader=True, snapshot=False)
        self._glancing: Session | None = None
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="sqlite-reader")
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._closed, self._closing = False, threading.Lock()
        self._writer = threading.Thread(target=self._write_all, name="sqlite-writer", daemon=True)
        self._writer.start()

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run the work in the next group and return its result once it is on disk."""
        job = _Job(work, asyncio.get_running_loop())
        with self._closing:  # behind the end of the queue it would wait for ever
            self._refuse_if_closed()
            self._jobs.put(job)
        result: T = await job.future
        return result

    write_at_once = write  # to begin and commit is a function call here

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run work that changes nothing against one consistent state."""
        self._refuse_if_closed()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, self._read, work)

    async def glance(self, work: Callable[[Session], T]) -> T:
        """Read a few rows by their keys, here and now: each statement sees its own state."""
        self._refuse_if_closed()
        try:
            session = self._glancing = self._glancing or _session(self._glances.connect())
            try:
                return work(session)
            finally:
                if session.identity_map:  # nothing read stays: the next glance sees what is now
                    session.expunge_all()
        except DBAPIError as error:
            self._end_glancing()
            raise trouble.of_sqlite(error) or error from error

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
        with self._closing:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._writer.join)
        self._readers.shutdown()
        self._end_glancing()
        self._glances.dispose()
        self._reading.dispose()
        self._engine.dispose()
        self._lock.release()

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise StoreUnavailable("the database is closed")

    def _end_glancing(self) -> None:
        """Let go of the connection that glances are read on."""
        session, self._glancing = self._glancing, None
        if session is not None:
            session.connection().close()

    def _read(self, work: Callable[[Session], T]) -> T:
        try:
            with self._reading.connect() as connection, connection.begin():
                return work(_session(connection))
        except DBAPIError as error:
            raise trouble.of_sqlite(error) or error from error

    def _write_all(self) -> None:
        """Run groups until told to stop: the writer thread."""
        connection: Connection | None = None
        while (group := self._next_group()) is not None:
            try:
                connection = connection or self._engine.connect()
                _run(connection, group)
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


def _run(connection: Connection, group: list[_Job]) -> None:
    """Run a group in one transaction, or, if one breaks it under all, each in its own."""
    try:
        _commit(connection, group)
    except Exception as error:
        if len(group) > 1 and not trouble.is_locked(error):  # they would wait one by one
            for job in group:
                _run_alone(connection, job)
        elif trouble.of_sqlite(error) is not None:
            raise
        else:
            group[0].error = error


def _run_alone(connection: Connection, job: _Job) -> None:
    """Run one piece of work; what is wrong with the database is told to it alone."""
    try:
        _run(connection, [job])
    except Exception as error:  # noqa: BLE001  _run raises nothing else
        _fail([job], error)


def _commit(connection: Connection, group: list[_Job]) -> None:
    """Run a group in one transaction; a piece of work that raises is undone alone."""
    with connection.begin() as transaction:
        driver: Any = connection.connection.driver_connection
        session = _session(connection)
        for job in group:
            driver.execute("SAVEPOINT work")
            job.result = job.error = None
            try:
                job.result = job.work(session)
                session.flush()
            except Exception as error:
                # A full disk or an I/O error may already have undone the whole transaction.
                undone = not transaction.is_active or not driver.in_transaction
                if undone or trouble.of_sqlite(error) is not None:
                    raise
                driver.execute("ROLLBACK TO work")
                job.error = error
                session.close()
                session = _session(connection)
            driver.execute("RELEASE work")
            if session.identity_map:  # nothing stays: the next work sees what is now
                session.expunge_all()
        session.close()


def _fail(group: list[_Job], error: Exception) -> None:
    """Tell everyone in the group that nothing was written."""
    told = trouble.of_sqlite(error) or StoreUnavailable(str(error))
    for job in group:
        job.error = type(told)(str(told))
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


def _engine(file: Path, *, reader: bool, snapshot: bool = True) -> Engine:
    """Make an engine whose transactions and settings are ours, not the driver's.

    Without ``snapshot`` each statement is a transaction of its own.
    """
    own = ("query_only = ON",) if reader else ("journal_mode = WAL", "synchronous = FULL")
    engine = create_engine(
        f"sqlite:///{file}",
        connect_args={"check_same_thread": False},
        pool_size=_READERS if reader else 1,
        max_overflow=0,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (f"busy_timeout = {_BUSY_MILLIS}", "foreign_keys = ON", *own):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if snapshot:
            connection.exec_driver_sql("BEGIN" if reader else "BEGIN IMMEDIATE")

    return engine
