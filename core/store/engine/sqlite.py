"""SQLite, embedded: one process, one file, one writer that commits in groups.

All writes run in one thread on one connection it holds. Whatever waits when it comes round is
run in one transaction, each piece of work in a savepoint of its own, and one fsync makes all of
it durable (WAL, synchronous=FULL). Several writers would starve each other, and a checkpoint by
a second connection meets SQLite's WAL-reset bug (fixed in 3.51.3); one writer meets neither.
Readers are ``query_only`` connections in a few threads; a glance (a few rows by their keys, from
the page cache) is read where it is asked, because the way to a thread and back costs ten times
the reading. What a group is, and what becomes of it when a piece of work fails: ``group``.

What is deleted is overwritten in the file (secure_delete), but the log still tells of pages as
they were: whoever erases a person has it emptied (``purge``), by the writer, for the same bug.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
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
from core.store.engine import liveness, schema, trouble
from core.store.engine.dialect import session_on
from core.store.engine.due import Work
from core.store.engine.group import Job, fail, run, wake
from core.store.engine.lock import FileLock
from core.store.engine.storable import keep_storable, stored_json
from core.store.engine.touched import Subscribers

T = TypeVar("T")

_GROUP = 128
_READERS = 4
_BUSY_MILLIS = 5_000
_PAUSES = (0.0, 0.05, 0.2, 1.0)  # seconds before each try to empty the log
_WRITER = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON")


class SqliteDatabase:
    """One SQLite file, owned by this process."""

    embedded = True

    def __init__(self, file: Path, queues: Sequence[Work]) -> None:
        """Take the file's lock and start the writer. Raise DatabaseInUse if another has it.

        The queues are all tables that workers claim rows of: what is not named is not reaped.
        """
        self._queues = queues
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock(file)
        file.touch(mode=0o600)  # it holds the apps' secrets and everybody's words
        self._engine = _engine(file, reader=False)
        self._reading = _engine(file, reader=True)
        self._glances = _engine(file, reader=True, snapshot=False)
        self._glancing: Session | None = None
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="sqlite-reader")
        self.committed = Subscribers()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._closed, self._closing = False, threading.Lock()
        self._purging = True  # the next group empties the log: what died may have left something
        self._writer = threading.Thread(target=self._write_all, name="sqlite-writer", daemon=True)
        self._writer.start()

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run the work in the next group and return its result once it is on disk."""
        job = Job(work, asyncio.get_running_loop(), self.committed.tell)
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
            session = self._glancing = self._glancing or session_on(self._glances.connect())
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
        await self.write(lambda session: liveness.release_all(session, self._queues, now))

    async def reap(self, now: Moment) -> int:
        """Do nothing: the only worker is this one, and it lives."""
        return 0

    async def purge(self) -> None:
        """Take what was deleted out of the files: move the log into the database and empty it.

        Whoever reads from the log hinders it. Nobody waits for them, they are asked again a few
        times, and then by every group that is written.
        """
        self._purging = True
        for pause in _PAUSES:
            await asyncio.sleep(pause)
            await self.write(lambda session: None)
            if not self._purging:
                return

    async def exchange(self) -> None:
        """Do nothing, for ever: no other process has anything to say."""
        await asyncio.Event().wait()

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
                return work(session_on(connection))
        except DBAPIError as error:
            raise trouble.of_sqlite(error) or error from error

    def _write_all(self) -> None:
        """Run groups until told to stop: the writer thread."""
        connection: Connection | None = None
        while (group := self._next_group()) is not None:
            try:
                connection = connection or self._engine.connect()
                run(connection, group)
                if self._purging:
                    self._purging = not _empty_log(connection)
            except Exception as error:  # noqa: BLE001  whatever it is, everyone waiting is told
                fail(group, error)
                if connection is not None:
                    connection.invalidate()
                    connection.close()
                connection = None
            wake(group)
        if connection is not None:
            connection.close()

    def _next_group(self) -> list[Job] | None:
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


def _empty_log(connection: Connection) -> bool:
    """Move all of the log into the database and cut it to nothing; False if a reader hinders it.

    Outside of any transaction (sqlite.org/pragma.html, wal_checkpoint). The trap: what the group
    wrote is on disk by now, so whatever goes wrong here must not be told as theirs.
    """
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute("PRAGMA busy_timeout = 0")
        try:
            busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            driver.execute(f"PRAGMA busy_timeout = {_BUSY_MILLIS}")
    except sqlite3.Error:
        return False
    return not busy


def _engine(file: Path, *, reader: bool, snapshot: bool = True) -> Engine:
    """Make an engine whose transactions and settings are ours, not the driver's.

    Without ``snapshot`` each statement is a transaction of its own.
    """
    own = ("query_only = ON",) if reader else _WRITER
    engine = create_engine(
        f"sqlite:///{file}",
        connect_args={"check_same_thread": False},
        pool_size=_READERS if reader else 1,
        max_overflow=0,
        hide_parameters=True,
        json_serializer=stored_json,
    )
    keep_storable(engine)

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
