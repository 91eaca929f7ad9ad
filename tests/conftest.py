"""What every test may ask for: real databases on both engines, and a clock it moves itself."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.clock import SetClock
from core.store.database import Database, open_database
from tests.support import databases


@pytest.fixture(scope="session")
def postgresql() -> Iterator[tuple[str, str]]:
    """Give a server's URL, and the name of a database that has all tables."""
    with databases.a_postgresql() as url:
        # A test's own loop may be running already: the template is made in another thread.
        with ThreadPoolExecutor(1) as aside:
            template = aside.submit(lambda: asyncio.run(_template(url))).result()
        yield url, template


async def _template(url: str) -> str:
    name = await databases.create(url)
    database = open_database(databases.named(url, name))
    await database.migrate()
    await database.close()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Give the URL of a fresh database: SQLite's has no tables yet, PostgreSQL's has."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/rejoinder.db"
        return
    async with databases.fresh(*request.getfixturevalue("postgresql")) as url:
        yield url


@pytest.fixture
async def postgresql_url(postgresql: tuple[str, str]) -> AsyncIterator[str]:
    """Give the URL of a fresh database with all tables, of PostgreSQL alone."""
    async with databases.fresh(*postgresql) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open a fresh database with all tables, on each engine in turn."""
    opened = open_database(database_url)
    await opened.migrate()
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> SetClock:
    """Give a clock that stands still until it is moved."""
    return SetClock()
