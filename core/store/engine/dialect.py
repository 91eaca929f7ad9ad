"""Which of the two databases is it, and how is it spoken to below the ORM?"""

from typing import Any

from sqlalchemy import Connection
from sqlmodel import Session, SQLModel

from core.model.base import shard_of


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


def shard_for(session: Session, app_id: str, owner: str) -> int:
    """Return the shard of a due row: spread on PostgreSQL, one on an embedded database.

    A due index starts with the shard; with all rows in one, SQLite reads it in due order.
    """
    return shard_of(app_id, owner) if dialect_of(session) == "postgresql" else 0
