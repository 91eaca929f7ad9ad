"""What is due, and whose is it? Looked at without claiming anything.

Each look costs the same however much is due, and however much has ended: it leaps along an index or
stops at a number.
"""

from dataclasses import dataclass

from sqlalchemy import String, TextClause, bindparam, text
from sqlmodel import Session

from core.model.base import SHARDS
from core.moment import Moment
from core.store.engine.dialect import dialect_of, flushed
from core.store.engine.due import Work

COUNT, LANES, OTHER_LANES, APPS = "count", "lanes", "other_lanes", "apps"


@dataclass(frozen=True, slots=True)
class Lanes:
    """These lanes, or all but these."""

    names: tuple[str, ...] = ()
    inside: bool = False


ALL = Lanes()


def count_due(session: Session, work: Work, now: Moment, most: int, lanes: Lanes = ALL) -> int:
    """Return how many rows are due that nobody has claimed, counted up to ``most``.

    Of these lanes, or of all but these. Those of others are passed one by one.
    """
    which = (LANES if lanes.inside else OTHER_LANES) if lanes.names else COUNT
    statement, given = spelled(session, work, which), {"now": now, "most": most}
    if lanes.names:
        statement = statement.bindparams(bindparam("lanes", expanding=True, type_=String))
        return int(flushed(session).scalar(statement, given | {"lanes": list(lanes.names)}) or 0)
    return int(flushed(session).scalar(statement, given) or 0)


def apps_waiting(
    session: Session, work: Work, now: Moment, after: str, most: int
) -> tuple[list[str], str | None]:
    """Return apps that have rows due, and after which app to ask on; None: they were all looked at.

    The index by app is leapt over from one app to the next, ``most`` of them, however many rows
    each has. The operator's rows are of no app, and always among them.
    """
    statement = spelled(session, work, APPS)
    given = {"after": after, "now": now, "most": most}
    seen = [(str(app), due) for app, due in flushed(session).execute(statement, given)]
    waiting = [app for app, due in seen if due is not None and due <= now]
    return ([] if after else [""]) + waiting, seen[-1][0] if len(seen) >= most else None


def spelled(session: Session, work: Work, look: str) -> TextClause:
    """Return the statement of a look: COUNT, LANES, OTHER_LANES or APPS."""
    pattern = (_LEAPING if look == APPS else _COUNTING)[dialect_of(session)]
    which = _OF_LANES.get(look, "")
    names = {"table": work.table, "due": work.due, "index": work.by_app, "which": which}
    return text(pattern.format(**names, shards=SHARDS))


# One row an app: the one due first. Each is found behind all of the app before it.
_LEAP = """
WITH RECURSIVE leap(app, nth) AS (
    SELECT (
        SELECT app_id FROM {{table}} {hint} WHERE app_id > :after AND {{due}} IS NOT NULL
        ORDER BY app_id, {{due}} LIMIT 1
    ), 1
    UNION ALL
    SELECT (
        SELECT app_id FROM {{table}} {hint} WHERE app_id > leap.app AND {{due}} IS NOT NULL
        ORDER BY app_id, {{due}} LIMIT 1
    ), nth + 1 FROM leap WHERE leap.app IS NOT NULL AND nth < :most
)
SELECT app, (
    SELECT {{due}} FROM {{table}} {hint} WHERE app_id = leap.app AND {{due}} IS NOT NULL
    ORDER BY {{due}} LIMIT 1
) FROM leap WHERE app IS NOT NULL
"""

# A claim puts its row's due time forward, so what is due is what nobody has.
_COUNTING = {
    "sqlite": """
SELECT count(*) FROM (
    SELECT 1 FROM {table} WHERE shard = 0 AND {due} <= :now{which} LIMIT :most
)
""",
    "postgresql": """
SELECT count(*) FROM (
    SELECT 1 FROM generate_series(0, {shards} - 1) AS n(shard), LATERAL (
        SELECT 1 FROM {table}
        WHERE {table}.shard = n.shard AND {due} <= :now{which} LIMIT :most
    ) AS d LIMIT :most
) AS counted
""",
}

_LEAPING = {"sqlite": _LEAP.format(hint="INDEXED BY {index}"), "postgresql": _LEAP.format(hint="")}
_OF_LANES = {LANES: " AND lane IN :lanes", OTHER_LANES: " AND lane NOT IN :lanes"}
