"""What is old: found by its age, and let go so many rows at a time.

Each statement takes the oldest first, by an index, and no more than it is told, so that no
transaction is long however much there is.
"""

from typing import Any

from sqlalchemy import Delete, delete, select, tuple_, update
from sqlmodel import Session

from core.model.change import Change
from core.model.delivery import Attempt, Delivery
from core.model.held import HeldReply
from core.model.notification import Notification
from core.model.receipt import Receipt
from core.model.webhook import WebhookAttempt
from core.moment import Moment
from core.store.engine.dialect import flushed, table_of

_D, _T, _N = table_of(Delivery), table_of(Attempt), table_of(Notification)
_R, _H = table_of(Receipt), table_of(HeldReply)
_L, _C = table_of(Change), table_of(WebhookAttempt)


def drop_traces(session: Session, before: Moment, limit: int) -> int:
    """Forget what mails of ours said that were made before a moment; return how many."""
    old = (
        select(_D.c.app_id, _D.c.id)
        .where(_D.c.created_at < before, _D.c.trace.is_not(None))
        .order_by(_D.c.created_at)
        .limit(limit)
    )
    return _run(session, update(_D).where(_keys(_D, "id").in_(old)).values(trace=None))


def drop_deliveries(session: Session, before: Moment, limit: int) -> int:
    """Forget deliveries that ended before a moment, with their attempts; return how many."""
    old = (
        select(_D.c.app_id, _D.c.id)
        .where(_D.c.ended_at < before)
        .order_by(_D.c.ended_at)
        .limit(limit)
    )
    _run(session, delete(_T).where(_keys(_T, "delivery_id").in_(old)))
    return _run(session, delete(_D).where(_keys(_D, "id").in_(old)))


def drop_decisions(session: Session, before: Moment, limit: int) -> int:
    """Forget what was decided before a moment; return how much."""
    return _run(session, _oldest(_N, _N.c.decided_at, before, limit))


def drop_receipts(session: Session, before: Moment, limit: int) -> int:
    """Forget mails taken before a moment, whose octets are gone already; return how many."""
    return _run(session, _oldest(_R, _R.c.received_at, before, limit, _R.c.raw.is_(None)))


def drop_raw(session: Session, now: Moment, limit: int) -> int:
    """Forget the octets of mails whose time is over; return how many."""
    old = (
        select(_R.c.app_id, _R.c.id)
        .where(_R.c.raw_until <= now)
        .order_by(_R.c.raw_until)
        .limit(limit)
    )
    over = {"raw": None, "raw_until": None}
    return _run(session, update(_R).where(_keys(_R, "id").in_(old)).values(**over))


def drop_held(session: Session, before: Moment, limit: int) -> int:
    """Forget held replies that were decided on before a moment; return how many."""
    return _run(session, _oldest(_H, _H.c.ended_at, before, limit))


def drop_changes(session: Session, before: Moment, limit: int) -> int:
    """Forget what happened before a moment, and what webhooks tell of it; return how much."""
    return _run(session, _oldest(_L, _L.c.at, before, limit))


def drop_calls(session: Session, before: Moment, limit: int) -> int:
    """Forget webhook calls that ended before a moment; return how many."""
    return _run(session, _oldest(_C, _C.c.ended_at, before, limit))


def _oldest(table: Any, age: Any, before: Moment, limit: int, *where: Any) -> Delete:
    """Return what deletes the oldest rows of a table."""
    key = table.primary_key.columns
    old = select(*key).where(age < before, *where).order_by(age).limit(limit)
    return delete(table).where(tuple_(*key).in_(old))


def _keys(table: Any, name: str) -> Any:
    return tuple_(table.c.app_id, table.c[name])


def _run(session: Session, statement: Any) -> int:
    return int(flushed(session).execute(statement).rowcount)
