"""Claiming rows that are due: one statement, in batches, no row twice.

The due column is due time, retry time and lease in one: claiming moves it to the end of the
lease, raises the fence and writes who has it. PostgreSQL goes shard by shard along the index and
skips what others hold (FOR UPDATE SKIP LOCKED); SQLite has one writer and one shard. ``above`` is
the low-water mark: nothing older was due when we last looked, so the dead index entries that a
long-open snapshot keeps from vacuum need not be walked again.

On PostgreSQL the shard with the oldest due row comes first, and gives no more than its part: a
backlog cannot keep any shard waiting.

Whose rows are due is no matter here, but for a claim that names apps: then each of them gives what
it has, in this order, until there is enough. It goes by an index that begins with the app, so that
however much another has, it is not walked (``notifier.scheduling.fair_turns`` says who is named).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import TextClause, bindparam, text
from sqlmodel import Session

from core.model.base import SHARDS
from core.moment import Millis, Moment
from core.store.engine.dialect import dialect_of, flushed
from core.store.engine.prepared import Prepared

_LEAST_SHARDS = 4  # a claim takes rows of so many shards, if so many have some


@dataclass(frozen=True, slots=True)
class Work:
    """A table with due rows: its name, key columns, due column and fence."""

    table: str
    keys: tuple[str, ...]
    due: str
    fence: str
    by_app: str = ""  # the index by app and due time, of what apps share


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes how many rows, when, and for how long; ``without`` those of some, by column."""

    worker: str
    now: Moment
    lease: Millis
    limit: int
    above: Moment = 0
    without: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    apps: tuple[str, ...] = ()  # whose rows, the first before the next; empty: anybody's

    @property
    def passed_over(self) -> dict[str, tuple[str, ...]]:
        """What is passed over, where it is anything."""
        return {column: values for column, values in self.without.items() if values}


def claim(session: Session, work: Work, taking: Taking) -> list[tuple[Any, ...]]:
    """Claim due rows and return their keys and fence, earliest due first."""
    if not taking.apps:
        return _claimed(session, work, taking)
    found: list[tuple[Any, ...]] = []
    for app in taking.apps:
        if len(found) < taking.limit:
            rest = replace(taking, apps=(app,), limit=taking.limit - len(found))
            found += _claimed(session, work, rest)
    return found


def _claimed(session: Session, work: Work, taking: Taking) -> list[tuple[Any, ...]]:
    """Claim due rows of anybody's, or of one app's."""
    if not taking.passed_over:
        statement = _claiming(work, dialect_of(session), of_app=bool(taking.apps))
        return statement.rows(session, _given(session, taking))
    spelt, given = spelled(session, work, taking)
    return [tuple(row) for row in flushed(session).execute(spelt, given)]


def spelled(session: Session, work: Work, taking: Taking) -> tuple[TextClause, dict[str, Any]]:
    """Return the statement that claims, and what it is given."""
    given = _given(session, taking)
    pattern = (_PATTERNS_OF_APP if taking.apps else _PATTERNS)[dialect_of(session)]
    passed_over = taking.passed_over
    statement = text(_filled(pattern, work, tuple(passed_over)))
    for column, values in passed_over.items():
        statement = statement.bindparams(bindparam(f"without_{column}", expanding=True))
        given[f"without_{column}"] = values
    return statement, given


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


def give_back(session: Session, work: Work, row: Sequence[Any], now: Moment) -> None:
    """Make a claim, as ``claim`` returned it, due at once, unless somebody else has it by now."""
    same = " AND ".join(f"{name} = :{name}" for name in (*work.keys, work.fence))
    statement = text(
        f"UPDATE {work.table} SET {work.due} = :now, claimed_by = NULL "  # noqa: S608
        f"WHERE {same} AND claimed_by IS NOT NULL AND {work.due} IS NOT NULL"
    )
    given = dict(zip((*work.keys, work.fence), row, strict=True))
    flushed(session).execute(statement, given | {"now": now})


def owners(session: Session, work: Work) -> list[str]:
    """Return the workers who hold claims."""
    statement = text(
        f"SELECT DISTINCT claimed_by FROM {work.table} WHERE claimed_by IS NOT NULL "  # noqa: S608
        f"AND {work.due} IS NOT NULL"
    )
    return [str(name) for (name,) in flushed(session).execute(statement)]


def held_by(session: Session, work: Work, worker: str) -> list[tuple[Any, ...]]:
    """Return the claims of a worker, each as ``claim`` returned it.

    Asked when the answer to a claim was lost: it may have been granted.
    """
    columns = ", ".join((*work.keys, work.fence))
    statement = text(
        f"SELECT {columns} FROM {work.table} "  # noqa: S608  our own names
        f"WHERE claimed_by = :worker AND {work.due} IS NOT NULL"
    )
    return [tuple(row) for row in flushed(session).execute(statement, {"worker": worker})]


@cache
def _claiming(work: Work, dialect: str, *, of_app: bool) -> Prepared:
    """Return the statement that claims and passes nobody over, as it is said all the time."""
    pattern = (_PATTERNS_OF_APP if of_app else _PATTERNS)[dialect]
    return Prepared(text(_filled(pattern, work, ())))


def _given(session: Session, taking: Taking) -> dict[str, Any]:
    given: dict[str, Any] = {
        "worker": taking.worker,
        "now": taking.now,
        "until": taking.now + taking.lease,
        "limit": taking.limit,
        "above": taking.above,
    }
    if taking.apps:
        given["app"] = taking.apps[0]
    elif dialect_of(session) == "postgresql":
        given["share"] = max(1, taking.limit // _LEAST_SHARDS)
    return given


def _filled(pattern: str, work: Work, passing_over: tuple[str, ...]) -> str:
    """Return a statement about a kind of work. The columns are our own names, as the others are."""
    keys = ", ".join(work.keys)
    return pattern.format(
        table=work.table,
        due=work.due,
        fence=work.fence,
        keys=keys,
        same=" AND ".join(f"t.{key} = k.{key}" for key in work.keys),
        returned=", ".join(f"t.{key}" for key in work.keys),
        shards=SHARDS,
        by_app=work.by_app,
        but=" ".join(f"AND {column} NOT IN :without_{column}" for column in passing_over),
    )


_SQLITE = """
UPDATE {table} SET {due} = :until, {fence} = {fence} + 1, claimed_by = :worker
WHERE rowid IN (
    SELECT rowid FROM {table}
    WHERE shard = 0 AND {due} > :above AND {due} <= :now {but}
    ORDER BY {due} LIMIT :limit
)
RETURNING {keys}, {fence}
"""

_POSTGRES = """
WITH k AS MATERIALIZED (
    SELECT d.* FROM (
        SELECT n.shard FROM generate_series(0, {shards} - 1) AS n(shard),
        LATERAL (
            SELECT {due} AS oldest FROM {table}
            WHERE {table}.shard = n.shard AND {due} > :above AND {due} <= :now {but}
            ORDER BY {due} LIMIT 1
        ) AS first
        ORDER BY first.oldest
    ) AS s,
    LATERAL (
        SELECT {keys} FROM {table}
        WHERE {table}.shard = s.shard AND {due} > :above AND {due} <= :now {but}
        ORDER BY {due} LIMIT :share
        FOR UPDATE SKIP LOCKED
    ) AS d
    LIMIT :limit
)
UPDATE {table} AS t SET {due} = :until, {fence} = {fence} + 1, claimed_by = :worker
FROM k WHERE {same}
RETURNING {returned}, t.{fence}
"""

_PATTERNS = {"sqlite": _SQLITE, "postgresql": _POSTGRES}

# The trap: the primary key begins with the app as well, and all that has ended stands in it.
_SQLITE_OF_APP = """
UPDATE {table} SET {due} = :until, {fence} = {fence} + 1, claimed_by = :worker
WHERE rowid IN (
    SELECT rowid FROM {table} INDEXED BY {by_app}
    WHERE app_id = :app AND {due} > :above AND {due} <= :now {but}
    ORDER BY {due} LIMIT :limit
)
RETURNING {keys}, {fence}
"""

_POSTGRES_OF_APP = """
WITH k AS MATERIALIZED (
    SELECT {keys} FROM {table}
    WHERE app_id = :app AND {due} > :above AND {due} <= :now {but}
    ORDER BY {due} LIMIT :limit
    FOR UPDATE SKIP LOCKED
)
UPDATE {table} AS t SET {due} = :until, {fence} = {fence} + 1, claimed_by = :worker
FROM k WHERE {same}
RETURNING {returned}, t.{fence}
"""

_PATTERNS_OF_APP = {"sqlite": _SQLITE_OF_APP, "postgresql": _POSTGRES_OF_APP}
