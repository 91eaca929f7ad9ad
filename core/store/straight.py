"""A prepared statement handed straight to asyncpg, past SQLAlchemy's cursor.

The cursor asks for the prepared statement, describes its columns and keeps its rows anew each
time, and costs five times what the driver does. SQLAlchemy still makes the connections, writes
the statements and converts the values; only the way between is shorter.

The trap: past the cursor nothing begins a transaction. So connections that are spoken to this way
are in autocommit for SQLAlchemy, say so by an option, and the transaction is asyncpg's own.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any, TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.util import await_only

from core.late import late

asyncpg: Any = late("asyncpg")  # it has no types of its own

T = TypeVar("T")

BEGIN = "BEGIN"
_ROLLBACK_SECONDS = 2.0

OPTIONS = {"isolation_level": "AUTOCOMMIT", "straight": True}


def leads(connection: Connection) -> bool:
    """Tell whether a connection is one of those."""
    return bool(connection.get_execution_options().get("straight"))


def fetch(connection: Connection, text: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """Return the rows a statement yields."""
    with _told_as_sqlalchemy_does(connection, text):
        rows: Sequence[Sequence[Any]] = _await(_driver(connection).fetch(text, *parameters))
        return rows


def execute(connection: Connection, text: str, parameters: Sequence[Any]) -> int:
    """Run a statement and return how many rows it touched."""
    with _told_as_sqlalchemy_does(connection, text):
        status: str = _await(_driver(connection).execute(text, *parameters))
    return int(status.rpartition(" ")[2])


@asynccontextmanager
async def transaction(connection: AsyncConnection) -> AsyncIterator[None]:
    """Do everything until left in one transaction: committed, or rolled back if it raises.

    Who is cancelled meanwhile (a peer hung up, a time was over) does not know how far it came, nor
    does asyncpg: a connection that has begun what nobody will end would take all that is written
    on it later for a part of it, and lose it. Such a connection is cut.
    """
    sync = cast("Connection", connection.sync_connection)
    driver = _driver(sync)
    begun = None
    try:
        with _told_as_sqlalchemy_does(sync, BEGIN):
            begun = driver.transaction()
            await begun.start()
        yield
        with _told_as_sqlalchemy_does(sync, "COMMIT"):
            await begun.commit()
    except Exception:
        if not await _rolled_back(driver, begun):
            await connection.invalidate()
        raise
    except BaseException:
        driver.terminate()
        raise


async def _rolled_back(driver: Any, begun: Any) -> bool:
    """Undo a transaction that has begun; False if that cannot be done soon: the line is cut."""
    try:
        if begun is not None and driver.is_in_transaction():
            async with asyncio.timeout(_ROLLBACK_SECONDS):
                await begun.rollback()
    except Exception:  # noqa: BLE001  whatever it is, nobody knows where the line stands
        driver.terminate()
        return False
    except BaseException:
        driver.terminate()
        raise
    return True


def _driver(connection: Connection) -> Any:
    """Return asyncpg's own connection."""
    return connection.connection.driver_connection


def _await(asked: Awaitable[T]) -> T:
    """Wait for the driver, inside ``run_sync``."""
    return await_only(asked)


@contextmanager
def _told_as_sqlalchemy_does(connection: Connection, text: str) -> Iterator[None]:
    """Tell the driver's errors as SQLAlchemy's, so that one place reads them."""
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        gone = _driver(connection).is_closed()
        dialect: Any = connection.dialect
        driver: Any = dialect.loaded_dbapi
        kind = driver.InterfaceError if gone else driver.Error
        if isinstance(error, asyncpg.IntegrityConstraintViolationError):
            kind = driver.IntegrityError
        told = kind(f"{type(error).__name__}: {error}", error)
        wrapped = DBAPIError.instance(
            text, None, told, driver.Error, connection_invalidated=gone, dialect=dialect
        )
        if gone:
            with suppress(DBAPIError):
                connection.invalidate(error)
        raise wrapped from error
