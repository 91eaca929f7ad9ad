"""How does a transaction run? ``write`` and ``read`` take a function of a session and run it.

The function is ordinary synchronous code, so a verb is written once and runs on both engines:
in the writer thread's group commit on SQLite (``sqlite.py``), through SQLAlchemy's bridge to
asyncpg on PostgreSQL (``postgres.py``). When ``write`` returns, the work is on disk.

The trap: the function may run more than once (PostgreSQL retries a deadlock or a serialization
failure), so it must have no effect but on the session.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from core.clock import Clock
from core.errors import SettingsError
from core.moment import Moment
from core.store import deliveries, fan_outs, pending, webhooks
from core.store.engine.sqlite import SqliteDatabase
from core.store.engine.touched import Subscribers

__all__ = ["QUEUES", "Database", "Session", "open_database"]

T = TypeVar("T")

# What a dead worker may have held.
QUEUES = (pending.WORK, fan_outs.WORK, deliveries.WORK, webhooks.WORK)


class Database(Protocol):
    """A database that is open. ``embedded`` tells that this process owns it alone.

    ``committed``: whoever is told what was committed, here and, during ``exchange``, elsewhere.
    """

    embedded: bool
    committed: Subscribers

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run the work in a transaction and return its result once it is on disk.

        Raise StoreUnavailable when the database cannot answer; what the work raises undoes it.
        """

    async def write_at_once(self, work: Callable[[Session], T]) -> T:
        """Run work that writes by one statement at most, which is a transaction of its own.

        Raise StoreUnavailable as ``write`` does.
        """

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run work that changes nothing.

        On SQLite all its statements see one state; on PostgreSQL each sees what is committed when
        it begins, so a reader must not take two of them for one moment.
        """

    async def glance(self, work: Callable[[Session], T]) -> T:
        """Read a few rows by their keys, for the hot path: each statement may see its own state."""

    async def migrate(self) -> None:
        """Bring the tables up to date."""

    async def is_current(self) -> bool:
        """Tell whether the tables are up to date."""

    async def clock(self) -> Clock:
        """Return the clock of the database, which all its processes share."""

    async def enlist(self, worker: str, now: Moment) -> None:
        """Say that a worker lives, until this process ends; take up what its likes left."""

    async def reap(self, now: Moment) -> int:
        """Make due at once what workers that have died had claimed; return how much."""

    async def purge(self) -> None:
        """Take what was deleted out of the files, as far as they are this process's own."""

    async def exchange(self) -> None:
        """Tell other processes what is committed here, and hear what they commit, for ever."""

    async def close(self) -> None:
        """Finish what was begun and let go."""


_EXAMPLES = "(for example sqlite:///rejoinder.db or postgresql://user@host/name)"
_NO_URL = f"is no URL of a database {_EXAMPLES}"


def open_database(url: str, *, pool_size: int = 10) -> Database:
    """Open the database of a URL: ``sqlite:///file`` or ``postgresql://…``."""
    scheme, _, rest = url.partition("://")
    match scheme.partition("+")[0]:
        case "sqlite":
            return SqliteDatabase(Path(rest.removeprefix("/") or "rejoinder.db"), QUEUES)
        case "postgresql" | "postgres":
            # The asyncio side of SQLAlchemy is of no use to an embedded database.
            from core.store.engine.postgres import PostgresDatabase  # noqa: PLC0415

            driver = scheme.partition("+")[2] or "asyncpg"
            whole = f"postgresql+{driver}://{rest}"
            try:
                return PostgresDatabase(whole, QUEUES, pool_size=pool_size)
            except (ValueError, ArgumentError):  # their words repeat the URL, a password with it
                raise SettingsError(f"database.url: {_NO_URL}") from None
        case _:  # not shown: it may begin with a password
            raise SettingsError(f"database.url: is neither sqlite nor postgresql {_EXAMPLES}")
