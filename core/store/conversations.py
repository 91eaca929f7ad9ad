"""Conversations, and the numbers that order what is said in them."""

from sqlalchemy import bindparam, update
from sqlalchemy import select as core_select
from sqlmodel import Session

from core.model.conversation import Conversation
from core.moment import Moment
from core.store.engine import touched
from core.store.engine.dialect import flushed, table_of
from core.store.engine.prepared import Prepared
from core.store.engine.touched import Touched

_CONVERSATION = table_of(Conversation)

_TAKE_CHANGE = (
    update(_CONVERSATION)
    .where(_CONVERSATION.c.app_id == bindparam("a"), _CONVERSATION.c.id == bindparam("c"))
    .values(change=_CONVERSATION.c.change + 1)
    .returning(_CONVERSATION.c.change, _CONVERSATION.c.seq)
)
_TAKE_IN_SILENCE = Prepared(_TAKE_CHANGE)
_TAKE_TO_SPEAK = Prepared(
    _TAKE_CHANGE.values(seq=_CONVERSATION.c.seq + 1, last_message_at=bindparam("at"))
)
_LOCK = Prepared(
    core_select(_CONVERSATION.c.seq)
    .where(_CONVERSATION.c.app_id == bindparam("a"), _CONVERSATION.c.id == bindparam("c"))
    .with_for_update()
)


def find(session: Session, app_id: str, conversation_id: str) -> Conversation | None:
    """Return a conversation."""
    return session.get(Conversation, (app_id, conversation_id))


def take_change(session: Session, app_id: str, conversation_id: str) -> int | None:
    """Take the next change's number under the conversation's row lock; None if it is gone.

    The lock is held to the end of the transaction, so a number can never be seen before the one
    below it. Whoever takes one writes a change down under it: the log has no gap.
    """
    taken = _TAKE_IN_SILENCE.row(session, {"a": app_id, "c": conversation_id})
    if taken is None:
        return None
    touched.note(session, Touched(app_id, conversation_id, taken[0]))
    return int(taken[0])


def take_to_speak(
    session: Session, app_id: str, conversation_id: str, at: Moment
) -> tuple[int, int] | None:
    """Take the numbers of a change and of the message it is; None if the conversation is gone."""
    taken = _TAKE_TO_SPEAK.row(session, {"a": app_id, "c": conversation_id, "at": at})
    if taken is None:
        return None
    touched.note(session, Touched(app_id, conversation_id, taken[0]))
    return int(taken[0]), int(taken[1])


def lock(session: Session, app_id: str, conversation_id: str) -> bool:
    """Hold the conversation's row lock to the end of the transaction; False if it is gone."""
    return lock_at(session, app_id, conversation_id) is not None


def lock_at(session: Session, app_id: str, conversation_id: str) -> int | None:
    """Hold the row lock as ``lock`` does, and return the last message's number; None if gone."""
    row = _LOCK.row(session, {"a": app_id, "c": conversation_id})
    return None if row is None else int(row[0])


def typed_until(session: Session, app_id: str, conversation_id: str, until: Moment) -> None:
    """Remember until when somebody typed, unless another did so later."""
    typed_at = _CONVERSATION.c.typed_at
    flushed(session).execute(
        update(_CONVERSATION)
        .where(_CONVERSATION.c.app_id == app_id, _CONVERSATION.c.id == conversation_id)
        .where(typed_at.is_(None) | (typed_at < until))
        .values(typed_at=until)
    )


def typed(session: Session, app_id: str, conversation_id: str, at: Moment) -> None:
    """Remember that somebody is typing."""
    flushed(session).execute(
        update(_CONVERSATION)
        .where(_CONVERSATION.c.app_id == app_id, _CONVERSATION.c.id == conversation_id)
        .values(typed_at=at)
    )
