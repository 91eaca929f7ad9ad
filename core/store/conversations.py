"""Conversations, and the numbers that order what is said in them."""

from sqlalchemy import bindparam, update
from sqlalchemy import select as core_select
from sqlmodel import Session

from core.model.conversation import Conversation
from core.moment import Moment
from core.store.engine.dialect import flushed, table_of
from core.store.engine.prepared import Prepared

_CONVERSATION = table_of(Conversation)

_TAKE_NUMBER = (
    update(_CONVERSATION)
    .where(_CONVERSATION.c.app_id == bindparam("a"), _CONVERSATION.c.id == bindparam("c"))
    .values(seq=_CONVERSATION.c.seq + 1)
    .returning(_CONVERSATION.c.seq)
)
_TAKE_NUMBER_TO_SPEAK = Prepared(_TAKE_NUMBER.values(last_message_at=bindparam("at")))
_TAKE_NUMBER_IN_SILENCE = Prepared(_TAKE_NUMBER)
_LOCK = Prepared(
    core_select(_CONVERSATION.c.seq)
    .where(_CONVERSATION.c.app_id == bindparam("a"), _CONVERSATION.c.id == bindparam("c"))
    .with_for_update()
)


def find(session: Session, app_id: str, conversation_id: str) -> Conversation | None:
    """Return a conversation."""
    return session.get(Conversation, (app_id, conversation_id))


def take_number(
    session: Session, app_id: str, conversation_id: str, spoken_at: Moment | None = None
) -> int | None:
    """Take the next number under the conversation's row lock; None if there is none such.

    ``spoken_at`` says that the number is a message's. The lock is held to the end of the
    transaction, so a number can never be seen before the one below it.
    """
    given = {"a": app_id, "c": conversation_id}
    if spoken_at is None:
        taken = _TAKE_NUMBER_IN_SILENCE.row(session, given)
    else:
        taken = _TAKE_NUMBER_TO_SPEAK.row(session, {**given, "at": spoken_at})
    return None if taken is None else int(taken[0])


def lock(session: Session, app_id: str, conversation_id: str) -> bool:
    """Hold the conversation's row lock to the end of the transaction; False if it is gone."""
    return _LOCK.row(session, {"a": app_id, "c": conversation_id}) is not None


def typed(session: Session, app_id: str, conversation_id: str, at: Moment) -> None:
    """Remember that somebody is typing."""
    flushed(session).execute(
        update(_CONVERSATION)
        .where(_CONVERSATION.c.app_id == app_id, _CONVERSATION.c.id == conversation_id)
        .values(typed_at=at)
    )
