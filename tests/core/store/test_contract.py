"""Both databases keep the same promises about what a write and a read are."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from core.errors import DatabaseInUse, StoreUnavailable
from core.model.tables import metadata
from core.store import users
from core.store.database import QUEUES, Database, Session, open_database
from core.store.engine import schema
from tests.support.people import APP, a_user, an_app


async def test_a_write_is_seen_by_the_next_read(database: Database) -> None:
    """What a write has returned from, a read sees."""
    await database.write(lambda session: (an_app(session), a_user(session, "bo"))[0])

    found = await database.read(lambda session: users.find(session, APP, "bo"))

    assert found is not None
    assert found.email == ["bo@example.net"]


async def test_work_that_raises_is_undone_alone(database: Database) -> None:
    """An exception undoes its own work and nobody else's, though they share a group."""
    await database.write(lambda session: an_app(session).app_id)

    def add(name: str, *, fail: bool) -> Awaitable[None]:
        def work(session: Session) -> None:
            a_user(session, name)
            if fail:
                raise LookupError(name)

        return database.write(work)

    ended = await asyncio.gather(
        *(add(f"user-{n}", fail=n % 3 == 0) for n in range(30)), return_exceptions=True
    )
    kept = await database.read(lambda session: users.page(session, APP, 100, None))

    assert sum(isinstance(one, LookupError) for one in ended) == 10
    assert {user.id for user in kept} == {f"user-{n}" for n in range(30) if n % 3}


@pytest.mark.own_database
@pytest.mark.parametrize("made_by", ["scripts", "nouns"])
async def test_the_migrations_make_what_the_nouns_describe(
    database: Database, made_by: str
) -> None:
    """From nothing by the scripts, or at once: nothing is left to migrate, and it is current."""
    if made_by == "scripts":
        await database.write(_rebuild)

    left = await database.read(
        lambda session: compare_metadata(
            MigrationContext.configure(session.connection()), metadata()
        )
    )

    assert left == []
    assert await database.is_current()
    assert ScriptDirectory.from_config(schema.scripts()).get_current_head() == schema.HEAD


async def test_a_database_that_is_gone_is_unavailable(tmp_path: Path) -> None:
    """A server that does not answer is a StoreUnavailable, for reads and writes alike."""
    gone = open_database(f"postgresql://nobody@/nothing?host={tmp_path}")

    with pytest.raises(StoreUnavailable):
        await gone.read(lambda session: session.connection().scalar(text("SELECT 1")))
    with pytest.raises(StoreUnavailable):
        await gone.write(lambda session: session.connection().scalar(text("SELECT 1")))
    await gone.close()


async def test_an_embedded_database_belongs_to_one_process(tmp_path: Path) -> None:
    """A second opener is refused while the first lives, and let in when it has gone."""
    url = f"sqlite:///{tmp_path}/one.db"
    first = open_database(url)

    with pytest.raises(DatabaseInUse, match="in use by process"):
        open_database(url)
    await first.close()
    second = open_database(url)
    await second.close()


async def test_a_read_cannot_write(tmp_path: Path) -> None:
    """On SQLite a reader's connection refuses to change anything."""
    database = open_database(f"sqlite:///{tmp_path}/one.db")
    await database.migrate()

    with pytest.raises(StoreUnavailable):
        await database.read(lambda session: session.connection().execute(text("DELETE FROM app")))
    await database.close()


async def test_a_broken_statement_is_told_to_who_made_it(tmp_path: Path) -> None:
    """The others of a group that an engine's own error ends are told to try again."""
    database = open_database(f"sqlite:///{tmp_path}/one.db")
    await database.migrate()

    with pytest.raises(StoreUnavailable) as told:
        await database.write(lambda session: session.connection().execute(text("SELECT * FROM x")))

    assert isinstance(told.value.__cause__, OperationalError)
    await database.write(lambda session: an_app(session).app_id)
    await database.close()


def _rebuild(session: Session) -> None:
    """Drop everything and let the scripts make it anew."""
    connection = session.connection()
    metadata().drop_all(connection)
    connection.execute(text("DROP TABLE alembic_version"))
    schema.run_scripts(connection)


def test_every_table_that_is_claimed_from_is_a_queue() -> None:
    """A new queue is told to the engine: who died holds nothing of it."""
    claimed = {name for name, table in metadata().tables.items() if "claimed_by" in table.c}

    assert {queue.table for queue in QUEUES} == claimed
