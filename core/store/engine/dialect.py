"""The few statements that SQLite and PostgreSQL spell in their own ways.

Hot statements are built once per engine and kept: building one costs as much as running it.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from core.model.base import shard_of

_INSERTS: dict[str, Callable[..., Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


def dialect_of(session: Session) -> str:
    """Return ``sqlite`` or ``postgresql``."""
    return session.get_bind().dialect.name


def session_on(connection: Connection) -> Session:
    """Return a session that leaves the transaction to whoever began it."""
    return Session(bind=connection, join_transaction_mode="rollback_only", expire_on_commit=False)


def flushed(session: Session) -> Connection:
    """Return the session's connection, with everything told to the session written to it.

    A statement of our own does not make the session write first, as its own queries do.
    """
    session.flush()
    bound = session.bind
    return bound if isinstance(bound, Connection) else session.connection()


def table_of(noun: type[SQLModel]) -> Any:
    """Return a noun's table."""
    return noun.__table__  # type: ignore[attr-defined]


class PerDialect:
    """A statement that is built once for each engine."""

    def __init__(self, build: Callable[[Callable[..., Any]], Any]) -> None:
        """Keep how to build it: a function of the engine's own ``insert``."""
        self._build = build
        self._built: dict[str, Any] = {}

    def __call__(self, session: Session) -> Any:
        """Return the statement for the session's engine."""
        name = dialect_of(session)
        statement = self._built.get(name)
        if statement is None:
            statement = self._built[name] = self._build(_INSERTS[name])
        return statement


def shard_for(session: Session, app_id: str, owner: str) -> int:
    """Return the shard of a due row: spread on PostgreSQL, one on an embedded database.

    A due index starts with the shard; with all rows in one, SQLite reads it in due order.
    """
    return shard_of(app_id, owner) if dialect_of(session) == "postgresql" else 0
