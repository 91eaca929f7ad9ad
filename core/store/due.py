"""Claiming rows that are due: one statement, in batches, no row twice.

The due column is due time, retry time and lease in one: claiming moves it to the end of the
lease, raises the fence and writes who has it. PostgreSQL goes shard by shard along the index and
skips what others hold (FOR UPDATE SKIP LOCKED); SQLite has one writer and one shard. ``above`` is
the low-water mark: nothing older was due when we last looked, so the dead index entries that a
long-open snapshot keeps from vacuum need not be walked again.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from core.model.base import SHARDS
from core.moment import Millis, Moment
from core.store.dialect import dialect_of, flushed


@dataclass(frozen=True, slots=True)
class Work:
    """A table with due rows: its name, key columns, due column and fence."""

    table: str
    keys: tuple[str, ...]
    due: str
    fence: str


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes how many rows, when, and for how long."""

    worker: str
    now: Moment
    lease: Millis
    limit: int
    above: Moment = 0


def claim(session: Session, work: Work, taking: Taking) -> list[tuple[Any, ...]]:
    """Claim due rows and return their keys and fence, earliest due first."""
    spelled = _POSTGRES if dialect_of(session) == "postgresql" else _SQLITE
    statement = text(_filled(spelled, work))
    rows = flushed(session).execute(
        statement,
        {
            "worker": taking.worker,
            "now": taking.now,
            "until": taking.now + taking.lease,
            "limit": taking.limit,
            "above": taking.above,
        },
    )
    return [tuple(row) for row in rows]


def next_due(session: Session, work: Work) -> Moment | None:
    """Return when the next row is due, or None if nothing is owed."""
    # One shard at a time keeps it an index look-up on either engine.
    shards = SHARDS if dialect_of(session) == "postgresql" else 1
    statement = text(
        f"SELECT {work.due} FROM {work.table} WHERE shard = :shard "  # noqa: S608  our own names
        f"AND {work.due} IS NOT NULL ORDER BY {work.due} LIMIT 1"
    )
    connection = flushed(session)
    found = [connection.scalar(statement, {"shard": shard}) for shard in range(shards)]
    return min((int(moment) for moment in found if moment is not None), default=None)


def release(session: Session, work: Work, worker: str | None, now: Moment) -> int:
    """Make the claims of a worker (None: of anyone) due at once; return how many."""
    whose = "claimed_by = :worker" if worker is not None else "claimed_by IS NOT NULL"
    statement = text(
        f"UPDATE {work.table} SET {work.due} = :now, claimed_by = NULL "  # noqa: S608
        f"WHERE {whose} AND {work.due} IS NOT NULL"
    )
    given = {"now": now} | ({"worker": worker} if worker is not None else {})
    return flushed(session).execute(statement, given).rowcount


def owners(session: Session, work: Work) -> list[str]:
    """Return the workers who hold claims."""
    statement = text(
        f"SELECT DISTINCT claimed_by FROM {work.table} WHERE claimed_by IS NOT NULL "  # noqa: S608
        f"AND {work.due} IS NOT NULL"
    )
    return [str(name) for (name,) in flushed(session).execute(statement)]


def _filled(spelled: str, work: Work) -> str:
    keys = ", ".join(work.keys)
    return spelled.format(
        table=work.table,
        due=work.due,
        fence=work.fence,
        keys=keys,
        same=" AND ".join(f"t.{key} = k.{key}" for key in work.keys),
        returned=", ".join(f"t.{key}" for key in work.keys),
        shards=SHARDS,
    )


_SQLITE = """
UPDATE {table} SET {due} = :until, {fence} = {fence} + 1, claimed_by = :worker
WHERE rowid IN (
    SELECT rowid FROM {table}
    WHERE shard = 0 AND {due} > :above AND {due} <= :now
    ORDER BY {due} LIMIT :limit
)
RETURNING {keys}, {fence}
"""

_POSTGRES = """
WITH k AS MATERIALIZED (
    SELECT d.* FROM generate_series(0, {shards} - 1) AS s(shard),
    LATERAL (
        SELECT {keys} FROM {table}
        WHERE {table}.shard = s.shard AND {due} > :above AND {due} <= :now
        ORDER BY {due} LIMIT :limit
        FOR UPDATE SKIP LOCKED
    ) AS d
    LIMIT :limit
)
UPDATE {table} AS t SET {due} = :until, {fence} = {fence} + 1, claimed_by = :worker
FROM k WHERE {same}
RETURNING {returned}, t.{fence}
"""
