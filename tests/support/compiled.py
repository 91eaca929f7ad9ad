"""Statements are compiled once a process, whichever test's database they are for.

SQLAlchemy keeps what it has compiled by engine and dialect. In the service these live as long as
their process; here each test has its own, and a fifth of its time went into compiling anew.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

_MOST = 2_000


def share() -> None:
    """Let all engines of this process keep what they compile in one place."""
    compiled: Any = LRUCache(_MOST)
    for kind in (SQLiteDialect_pysqlite, PGDialect_asyncpg, PGDialectAsync_psycopg):
        # The keys hold the dialect: those of one kind speak alike, to one server.
        kind.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
        kind.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]

    def keep(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)

    event.listen(Engine, "engine_connect", keep)
