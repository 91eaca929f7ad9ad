"""Files that were kept in the database stay readable when the tables learn of objects."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, text

from core.store.engine import schema
from tests.support.people import APP


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Open an empty SQLite file."""
    return create_engine(f"sqlite:///{tmp_path / 'old.db'}")


def _to(connection: Connection, revision: str) -> None:
    config = schema.scripts()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _old_row(connection: Connection) -> None:
    values = {
        "attachment": {
            "app_id": APP, "id": "fil_1", "message_id": "msg_1", "position": 0, "filename": "a",
            "content_type": "x/y", "size": 3, "sha256": "d", "reference": 7, "octets": b"old",
            "created_at": 1,
        },
    }  # fmt: skip
    for table, row in values.items():
        names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), row)  # noqa: S608


def test_old_octets_survive_the_migration(engine: Engine) -> None:
    """A row from before keeps its octets and names no object; a new one needs none."""
    with engine.begin() as connection:
        _to(connection, "0004")
        _old_row(connection)
        schema.run_scripts(connection)
        old = connection.execute(text("SELECT octets, object_key FROM attachment")).one()
        connection.execute(text("UPDATE attachment SET octets = NULL, object_key = 'ab/c'"))

        assert tuple(old) == (b"old", None)
        assert schema.is_current(connection)
    engine.dispose()
