"""Pendings: who is owed word of which conversation, and when."""

from sqlalchemy import bindparam, delete
from sqlmodel import Session, col, select

from core.model.base import row_of
from core.model.pending import Pending
from core.moment import Moment
from core.store.dialect import shard_for, table_of
from core.store.due import Work
from core.store.prepared import Prepared

WORK = Work("pending", ("app_id", "conversation_id", "user_id"), "due_at", "attempts")

_TABLE = table_of(Pending)
_OWE = Prepared(lambda insert: insert(_TABLE).on_conflict_do_nothing())
_SETTLE = Prepared(
    delete(_TABLE).where(
        _TABLE.c.app_id == bindparam("a"),
        _TABLE.c.conversation_id == bindparam("c"),
        _TABLE.c.user_id == bindparam("u"),
    )
)


def owe(session: Session, debts: list[Pending]) -> None:
    """Make each pending that is absent; one that is there already covers the new message."""
    if not debts:
        return
    rows = [
        row_of(debt) | {"shard": shard_for(session, debt.app_id, debt.user_id)} for debt in debts
    ]
    _OWE.run_each(session, rows)


def find(session: Session, app_id: str, conversation_id: str, user_id: str) -> Pending | None:
    """Return what a user is owed of a conversation, as it is now."""
    return session.get(Pending, (app_id, conversation_id, user_id), populate_existing=True)


def settle(session: Session, app_id: str, conversation_id: str, user_id: str) -> None:
    """Forget the debt: it was read, told, or decided against."""
    given = {"a": app_id, "c": conversation_id, "u": user_id}
    _SETTLE.run(session, given)


def of_app(session: Session, app_id: str | None, limit: int) -> list[Pending]:
    """Return pendings, soonest due first."""
    statement = select(Pending).order_by(col(Pending.due_at)).limit(limit)
    if app_id is not None:
        statement = statement.where(Pending.app_id == app_id)
    return list(session.exec(statement))


def put_forward(session: Session, pending: Pending, due_at: Moment) -> None:
    """Let it fire later, and give up the claim."""
    pending.due_at = due_at
    pending.claimed_by = None
    pending.attempts = 0
    session.add(pending)
