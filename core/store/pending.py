"""Pendings: who is owed word of which conversation, and when."""

from typing import Any

from sqlalchemy import bindparam, delete, tuple_, update
from sqlmodel import Session, col, select

from core.model.pending import Pending
from core.moment import Moment
from core.store.engine.dialect import shard_for, table_of
from core.store.engine.due import Work
from core.store.engine.joined_lookup import Write
from core.store.engine.lookup import Lookup
from core.store.engine.prepared import Prepared
from core.store.rows import row_of

WORK = Work(
    "pending",
    ("app_id", "conversation_id", "user_id"),
    "due_at",
    "attempts",
    by_app="pending_by_app",
)

_TABLE = table_of(Pending)
_OWE = Prepared(lambda insert: insert(_TABLE).on_conflict_do_nothing())
_SOONER = Prepared(lambda insert: _lowering(insert(_TABLE)))
_SOON = Prepared(lambda insert: _hastening(insert(_TABLE)))
_THIS = (
    _TABLE.c.app_id == bindparam("a"),
    _TABLE.c.conversation_id == bindparam("c"),
    _TABLE.c.user_id == bindparam("u"),
)
_FIND = Lookup(Pending, *_THIS)
_CLEAR = Prepared(delete(_TABLE).where(*_THIS))
_PUT_FORWARD = Prepared(
    update(_TABLE)
    .where(*_THIS)
    .values(
        due_at=bindparam("due"),
        first_missed_at=bindparam("at"),
        waits_for=bindparam("why"),
        claimed_by=None,
        attempts=0,
    )
)
_SHRINK = Prepared(
    update(_TABLE).where(*_THIS).values(first_seq=bindparam("seq"), first_missed_at=bindparam("at"))
)


def owing(session: Session, debt: Pending) -> Write:
    """Return what makes a pending that is absent; one that is there covers the new message."""
    return Write(_OWE, row_of(debt) | {"shard": shard_for(session, debt.app_id, debt.user_id)})


def owing_at_least(session: Session, debt: Pending) -> Write:
    """Return what makes a pending, or lets one that is there begin with an earlier message."""
    return Write(_SOONER, owing(session, debt).given)


def owing_soon(session: Session, debt: Pending) -> Write:
    """Return what makes a pending, or lets one that waits for long be looked at as if it were new.

    So does a critical message, which may pass what it waits for.
    """
    return Write(_SOON, owing(session, debt).given)


def find(session: Session, app_id: str, conversation_id: str, user_id: str) -> Pending | None:
    """Return what a user is owed of a conversation, as it is now; to be looked at only."""
    return _FIND.one(session, {"a": app_id, "c": conversation_id, "u": user_id})


def clear(session: Session, app_id: str, conversation_id: str, user_id: str) -> None:
    """Forget the debt: it was read, told, or decided against."""
    given = {"a": app_id, "c": conversation_id, "u": user_id}
    _CLEAR.run(session, given)


def of_app(
    session: Session,
    app_id: str | None,
    limit: int,
    after: tuple[Moment, str, str, str] | None = None,
) -> list[Pending]:
    """Return pendings, soonest due first; those behind a due time and, at it, behind a key."""
    keys = (col(Pending.app_id), col(Pending.conversation_id), col(Pending.user_id))
    order = (col(Pending.due_at), *keys)
    statement = select(Pending).order_by(*order).limit(limit)
    if after is not None:
        statement = statement.where(tuple_(*order) > tuple_(*after))
    if app_id is not None:
        statement = statement.where(Pending.app_id == app_id)
    return list(session.exec(statement))


def put_forward(
    session: Session, pending: Pending, due_at: Moment, since: Moment, why: str
) -> None:
    """Let it fire later, say since when it waits and for what, and give up the claim."""
    _PUT_FORWARD.run(session, _key(pending) | {"due": due_at, "at": since, "why": why})


def shrink(session: Session, pending: Pending, first_seq: int, missed_at: Moment) -> None:
    """Let it cover no more than what is said from a number on: the rest was read."""
    _SHRINK.run(session, _key(pending) | {"seq": first_seq, "at": missed_at})


def _lowering(row: Any) -> Any:
    return row.on_conflict_do_update(
        index_elements=["app_id", "conversation_id", "user_id"],
        set_={name: row.excluded[name] for name in ("first_seq", "first_missed_at")},
        where=_TABLE.c.first_seq > row.excluded.first_seq,
    )


def _hastening(row: Any) -> Any:
    return row.on_conflict_do_update(
        index_elements=["app_id", "conversation_id", "user_id"],
        set_={"due_at": row.excluded.due_at},
        where=(_TABLE.c.due_at > row.excluded.due_at) & _TABLE.c.claimed_by.is_(None),
    )


def _key(pending: Pending) -> dict[str, Any]:
    return {"a": pending.app_id, "c": pending.conversation_id, "u": pending.user_id}
