"""A prepared statement handed straight to asyncpg, past SQLAlchemy's cursor.

The cursor asks for the prepared statement, describes its columns and keeps its rows anew each
time, and costs five times what the driver does. SQLAlchemy still makes the connections, writes
the statements and converts the values; only the way between is shorter.

The trap: past the cursor nothing begins a transaction. So connections that are spoken to this way
are in autocommit for SQLAlchemy, say so by an option, and the transaction is asyncpg's own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.util import await_only

from core.lazy_import import lazy_import

asyncpg: Any = lazy_import("asyncpg")  # it has no types of its own

T = TypeVar("T")

BEGIN, COMMIT = "BEGIN", "COMMIT"
_ROLLBACK_SECONDS = 2.0

OPTIONS = {"isolation_level": "AUTOCOMMIT", "straight": True}


def leads(connection: Connection) -> bool:
    """Tell whether a connection is one of those."""
    return bool(connection.get_execution_options().get("straight"))


def fetch(connection: Connection, text: str, parameters: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """Return the rows a statement yields."""
    try:
        rows: Sequence[Sequence[Any]] = _await(_driver(connection).fetch(text, *parameters))
    except _faults() as error:
        raise _as_sqlalchemy_tells(error, connection, text) from error
    return rows


def execute(connection: Connection, text: str, parameters: Sequence[Any]) -> int:
    """Run a statement and return how many rows it touched."""
    try:
        status: str = _await(_driver(connection).execute(text, *parameters))
    except _faults() as error:
        raise _as_sqlalchemy_tells(error, connection, text) from error
    return int(status.rpartition(" ")[2])


async def transact(connection: AsyncConnection, work: Callable[[], Awaitable[T]]) -> T:
    """Do the work in one transaction: committed, or rolled back if it raises.

    Who is cancelled meanwhile (a peer hung up, a time was over) does not know how far it came, nor
    does asyncpg: a connection that has begun what nobody will end would take all that is written
    on it later for a part of it, and lose it. Such a connection is cut.
    """
    sync = cast("Connection", connection.sync_connection)
    driver = _driver(sync)
    try:
        await _say(sync, BEGIN)
        result = await work()
        await _say(sync, COMMIT)
    except Exception:
        if not await _rolled_back(driver):
            await connection.invalidate()
        raise
    except BaseException:
        driver.terminate()
        raise
    return result


async def _say(connection: Connection, word: str) -> None:
    """Begin or end a transaction."""
    try:
        await _driver(connection).execute(word)
    except _faults() as error:
        raise _as_sqlalchemy_tells(error, connection, word) from error


async def _rolled_back(driver: Any) -> bool:
    """Undo a transaction that has begun; False, and cut off, if that cannot be done soon."""
    try:
        if driver.is_in_transaction():
            async with asyncio.timeout(_ROLLBACK_SECONDS):
                await driver.execute("ROLLBACK")
    except Exception:  # noqa: BLE001  whatever it is, nobody knows how far it came
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


def _faults() -> tuple[type[Exception], ...]:
    """Return what the driver raises: asked only when something was, for it is imported late."""
    return asyncpg.PostgresError, asyncpg.InterfaceError, OSError


def _as_sqlalchemy_tells(error: Exception, connection: Connection, text: str) -> Exception:
    """Return the driver's error as SQLAlchemy's, so that one place reads them."""
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
    return cast("Exception", wrapped)
