"""Fan-outs: for whom is word of a crowded conversation still to be noted?"""

from typing import Any

from sqlalchemy import bindparam, delete, exists, literal_column, select, update
from sqlmodel import Session, col
from sqlmodel import select as select_nouns

from core.model.fan_out import FanOut
from core.moment import Moment
from core.store.engine.dialect import shard_for, table_of
from core.store.engine.due import Work
from core.store.engine.joined_lookup import Write
from core.store.engine.lookup import Lookup
from core.store.engine.prepared import Prepared
from core.store.rows import fresh, row_of

WORK = Work("fan_out", ("app_id", "conversation_id"), "due_at", "attempts")

_TABLE = table_of(FanOut)
_THIS = (_TABLE.c.app_id == bindparam("a"), _TABLE.c.conversation_id == bindparam("c"))
# Of the conversation "c" of the app "a": for whatever asks about more at once.
IS_UNDER_WAY = select(
    exists(select(literal_column("1")).select_from(_TABLE).where(*_THIS))
).scalar_subquery()

_BEGIN = Prepared(lambda insert: insert(_TABLE).on_conflict_do_nothing())
_FIND = Lookup(FanOut, *_THIS)
_REACH = Prepared(update(_TABLE).where(*_THIS).values(reached=bindparam("user")))
_GO_ON = Prepared(
    update(_TABLE)
    .where(*_THIS)
    .values(first_seq=bindparam("first"), last_seq=bindparam("last"), reached="")
)
_END = Prepared(delete(_TABLE).where(*_THIS))
_REST = Prepared(update(_TABLE).where(*_THIS).values(due_at=bindparam("due"), claimed_by=None))


def beginning(session: Session, where: tuple[str, str], seq: int, now: Moment) -> Write:
    """Return what makes a fan-out that is absent; one under way comes to the new message later."""
    one = fresh(
        FanOut,
        app_id=where[0],
        conversation_id=where[1],
        first_seq=seq,
        last_seq=seq,
        due_at=now,
        shard=shard_for(session, *where),
    )
    return Write(_BEGIN, row_of(one))


def find(session: Session, app_id: str, conversation_id: str) -> FanOut | None:
    """Return what is under way in a conversation, as it is now; to be looked at only."""
    return _FIND.one(session, {"a": app_id, "c": conversation_id})


def of_app(session: Session, app_id: str | None, limit: int) -> list[FanOut]:
    """Return what is under way, longest due first."""
    statement = select_nouns(FanOut).order_by(col(FanOut.due_at)).limit(limit)
    if app_id is not None:
        statement = statement.where(FanOut.app_id == app_id)
    return list(session.exec(statement))


def reach(session: Session, one: FanOut, user_id: str) -> None:
    """Remember up to whom it was noted."""
    _REACH.run(session, _key(one) | {"user": user_id})


def go_on(session: Session, one: FanOut, between: tuple[int, int]) -> None:
    """Begin again with the first user, for the messages from one number to another."""
    _GO_ON.run(session, _key(one) | {"first": between[0], "last": between[1]})


def end(session: Session, one: FanOut) -> None:
    """Forget it: everybody was reached."""
    _END.run(session, _key(one))


def rest(session: Session, app_id: str, conversation_id: str, now: Moment) -> None:
    """Give up the claim, so that other conversations have their turn before it goes on."""
    _REST.run(session, {"a": app_id, "c": conversation_id, "due": now})


def _key(one: FanOut) -> dict[str, Any]:
    return {"a": one.app_id, "c": one.conversation_id}
