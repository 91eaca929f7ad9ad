"""What does a worker hold? Asked when the answer to a claim was lost: it may have been granted."""

from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from core.store.dialect import flushed
from core.store.due import Work


def held_by(session: Session, work: Work, worker: str) -> list[tuple[Any, ...]]:
    """Return the claims of a worker, each as ``claim`` returned it."""
    columns = ", ".join((*work.keys, work.fence))
    statement = text(
        f"SELECT {columns} FROM {work.table} "  # noqa: S608  our own names
        f"WHERE claimed_by = :worker AND {work.due} IS NOT NULL"
    )
    return [tuple(row) for row in flushed(session).execute(statement, {"worker": worker})]
