"""Are the tables up to date, and how do they become so? One set of Alembic scripts for both.

Alembic costs 11 MB and a quarter second to import and is needed once per release, so it is
imported where it is used; whether the tables are current is asked without it, and an empty
database gets the tables as the nouns describe them, which a test holds to be the same.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from core.model.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0028"
_SCRIPTS = Path(__file__).parent.parent / "migrations"


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest revision, inside the connection's transaction."""
    if is_current(connection):
        return
    if not inspect(connection).has_table("alembic_version"):
        _make(connection)
        return
    run_scripts(connection)


def _make(connection: Connection) -> None:
    """Make all tables of an empty database at once; it is then at the newest revision."""
    metadata().create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})


def run_scripts(connection: Connection) -> None:
    """Bring the tables to the newest revision by the scripts, from whichever they are at."""
    from alembic import command  # noqa: PLC0415  see above

    config = scripts()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def is_current(connection: Connection) -> bool:
    """Tell whether the tables are at the newest revision."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD)


def revisions() -> frozenset[str]:
    """Return every revision of the tables that this release can bring to its newest."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415  see above

    known = ScriptDirectory.from_config(scripts()).walk_revisions()
    return frozenset(script.revision for script in known)


def scripts() -> "Config":
    """Return where Alembic finds the scripts."""
    from alembic.config import Config  # noqa: PLC0415  see above

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
