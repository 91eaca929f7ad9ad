"""What only PostgreSQL can do to us: lose a worker's line, and have no connection left."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from core.errors import StoreUnavailable
from core.store import due, pending
from core.store.database import Database, Session, open_database
from core.store.postgres import PostgresDatabase
from tests.support import databases
from tests.support.people import NOW, a_conversation, says

LATER = NOW + 3_600_000


@pytest.fixture
async def url(postgresql: tuple[str, str]) -> AsyncIterator[str]:
    """Give the URL of a fresh database."""
    server, template = postgresql
    name = await databases.create(server, template)
    yield databases.named(server, name)
    await databases.drop(server, name)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """Open it as a worker does that has claimed something."""
    opened = open_database(url)
    await opened.enlist("w", NOW)
    await opened.write(_owe)
    yield opened
    await opened.close()


def _owe(session: Session) -> None:
    a_conversation(session, "ann", "bo")
    says(session, "ann")
    session.flush()
    assert due.claim(session, pending.WORK, due.Taking("w", LATER, 60_000, 5))


async def _break_all_others(database: Database) -> None:
    """End every other connection to the database, as its server does when it restarts."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    others += "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    await database.write(lambda session: session.connection().execute(text(others)) and None)


async def test_a_worker_whose_line_broke_is_still_alive(database: Database, url: str) -> None:
    """It takes its lock again before anything is reaped: what it works on is not handed out."""
    other = open_database(url)
    await _break_all_others(other)
    with pytest.raises(StoreUnavailable):
        await database.reap(LATER)  # so it hears of it
    freed = [await database.reap(LATER), await other.reap(LATER)]
    owners = await other.read(lambda session: due.owners(session, pending.WORK))
    await other.close()

    assert freed == [0, 0]
    assert owners == ["w"]


async def test_a_worker_that_died_is_reaped_by_the_others(database: Database, url: str) -> None:
    """When its process ends, what it had claimed is due at once."""
    other = open_database(url)
    await other.enlist("v", NOW)
    alive = await other.reap(LATER)
    await database.close()
    dead = await other.reap(LATER)
    await other.close()

    assert (alive, dead) == (0, 1)


async def test_when_all_connections_are_taken_it_is_not_now(url: str) -> None:
    """Who waits in vain for a connection hears what is temporary, not a bug."""
    database = PostgresDatabase(url.replace("postgresql:", "postgresql+asyncpg:"), pool_size=1)
    database._engine.pool._timeout = 0.05  # type: ignore[attr-defined]
    nap = text("SELECT pg_sleep(0.5)")

    def doze(session: Session) -> None:
        session.connection().execute(nap)

    ended = await asyncio.gather(
        *(database.write(doze) for _ in range(3)),
        *(database.read(doze) for _ in range(3)),
        return_exceptions=True,
    )
    await database.close()

    assert {type(one) for one in ended} == {type(None), StoreUnavailable}
