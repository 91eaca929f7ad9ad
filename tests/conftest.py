"""What every test may ask for: real databases on both engines, and a clock it moves itself.

To make a database costs more than most tests, so the tables are made once: a SQLite file is
copied for each test, and one database of PostgreSQL is emptied after each. A test that changes
the tables themselves is marked ``own_database`` and gets one that nobody uses after it.
"""

import asyncio
import gc
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from core.clock import SetClock
from core.store.database import Database, open_database
from tests.support import compiled, databases


def pytest_configure() -> None:
    """Compile each statement once a process."""
    compiled.share()


def pytest_collection_finish() -> None:
    """Take what is loaded by now as there for good: who looks for garbage need not go through it.

    It is most of what there is, and looked through again and again by every few tests. What tests
    make is looked through as seldom as the service does it (``core.process``).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[tuple[str, str]]:
    """Give a server's URL, and the name of a database that has all tables."""
    with databases.a_postgresql() as url:
        template = _beside(lambda: databases.create(url))
        _beside(lambda: _migrate(databases.named(url, template)))
        yield url, template
        _beside(lambda: databases.drop(url, template))


@pytest.fixture(scope="session")
def emptied(postgresql: tuple[str, str]) -> Iterator[databases.Emptied]:
    """Give a PostgreSQL database that tests use one after the other, emptied between them."""
    url, template = postgresql
    name = _beside(lambda: databases.create(url, template))
    with databases.emptying(databases.named(url, name)) as shared:
        yield shared
    _beside(lambda: databases.drop(url, name))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file that has all tables."""
    file = tmp_path_factory.mktemp("template") / "rejoinder.db"
    _beside(lambda: _migrate(f"sqlite:///{file}"))
    return file


def _beside(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run what is asynchronous in a thread of its own: a test's loop may be running already."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(lambda: asyncio.run(work())).result()


async def _migrate(url: str) -> None:
    database = open_database(url)
    await database.migrate()
    await database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """Give the URL of a database with all tables and nothing in them, on each engine in turn."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path)
        yield f"sqlite:///{tmp_path}/rejoinder.db"
    elif request.node.get_closest_marker("own_database"):
        async with databases.fresh(*request.getfixturevalue("postgresql")) as url:
            yield url
    else:
        shared: databases.Emptied = request.getfixturevalue("emptied")
        yield shared.url
        shared.empty()


@pytest.fixture
async def postgresql_url(postgresql: tuple[str, str]) -> AsyncIterator[str]:
    """Give the URL of a fresh database with all tables, of PostgreSQL alone."""
    async with databases.fresh(*postgresql) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Open an empty database with all tables, on each engine in turn."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> SetClock:
    """Give a clock that stands still until it is moved."""
    return SetClock()
