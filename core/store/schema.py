"""Are the tables up to date, and how do they become so? One set of Alembic scripts for both.

Alembic costs 11 MB and a quarter second to import and is needed once per release, so it is
imported where it is used; whether the tables are current is asked without it.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0004"
_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """Bring the tables to the newest revision, inside the connection's transaction."""
    if is_current(connection):
        return
    from alembic import command  # noqa: PLC0415  see above

    config = scripts()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def is_current(connection: Connection) -> bool:
    """Tell whether the tables are at the newest revision."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    return bool(connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD)


def scripts() -> "Config":
    """Return where Alembic finds the scripts."""
    from alembic.config import Config  # noqa: PLC0415  see above

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
