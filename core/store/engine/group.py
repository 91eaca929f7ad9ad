"""A group of writes: one transaction, one fsync, each piece of work in a savepoint of its own.

The traps: a piece of work must not roll its session back, since others share the transaction;
and when one breaks the transaction under all of them, each is run again, alone.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session

from core.errors import StoreUnavailable
from core.store.engine import touched, trouble
from core.store.engine.dialect import session_on
from core.store.engine.touched import Touched


class Job:
    """A piece of work, and where its result goes."""

    __slots__ = ("error", "future", "loop", "result", "tell", "touched", "work")

    def __init__(
        self,
        work: Callable[[Session], Any],
        loop: asyncio.AbstractEventLoop,
        tell: Callable[[Sequence[Touched]], None],
    ) -> None:
        """Do this work, for somebody who waits in this loop, and tell there what it touched."""
        self.work = work
        self.loop = loop
        self.tell = tell
        self.touched: Sequence[Touched] = ()
        self.future: asyncio.Future[Any] = loop.create_future()
        self.result: Any = None
        self.error: BaseException | None = None

    def resolve(self) -> None:
        """Hand the result over, in the loop's own thread."""
        if self.error is None:
            self.tell(self.touched)
        if self.future.done():  # whoever waited has gone; the work stands all the same
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


def run(connection: Connection, group: Sequence[Job]) -> None:
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


def _run_alone(connection: Connection, job: Job) -> None:
    """Run one piece of work; what is wrong with the database is told to it alone."""
    try:
        run(connection, [job])
    except Exception as error:  # noqa: BLE001  run raises nothing else
        fail([job], error)


def _commit(connection: Connection, group: Sequence[Job]) -> None:
    """Run a group in one transaction; a piece of work that raises is undone alone."""
    with connection.begin() as transaction:
        driver: Any = connection.connection.driver_connection
        session = session_on(connection)
        for job in group:
            driver.execute("SAVEPOINT work")
            job.result = job.error = None
            try:
                job.result = job.work(session)
                session.flush()
                job.touched = touched.take(session)
            except Exception as error:
                # A full disk or an I/O error may already have undone the whole transaction.
                undone = not transaction.is_active or not driver.in_transaction
                if undone or trouble.of_sqlite(error) is not None:
                    raise
                driver.execute("ROLLBACK TO work")
                job.error = error
                session.close()
                session = session_on(connection)
            driver.execute("RELEASE work")
            if session.identity_map:  # nothing stays: the next work sees what is now
                session.expunge_all()
        session.close()


def fail(group: Sequence[Job], error: Exception) -> None:
    """Tell everyone in the group that nothing was written."""
    told = trouble.of_sqlite(error) or StoreUnavailable(str(error))
    for job in group:
        job.error = type(told)(str(told))
        job.error.__cause__ = error


def wake(group: Sequence[Job]) -> None:
    """Wake whoever waits: one call per loop, not one per piece of work."""
    for loop in {job.loop for job in group}:
        jobs = [job for job in group if job.loop is loop]
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve_here, jobs)


def _resolve_here(jobs: Sequence[Job]) -> None:
    for job in jobs:
        job.resolve()
