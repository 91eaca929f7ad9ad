"""Conversations, and the numbers that order what is said in them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, func, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from core.model.conversation import Conversation
from core.model.participant import Access, Participant
from core.moment import Moment
from core.store.dialect import flushed, table_of
from core.store.prepared import Prepared

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page of a list of conversations is asked for."""

    limit: int
    after: str | None = None
    last_message_after: Moment | None = None
    last_message_before: Moment | None = None
    by_creation: bool = False
    ascending: bool = False
    custom: Mapping[str, str] | None = None


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


def page(
    session: Session, app_id: str, wanted: Wanted, of_user: str | None = None
) -> list[Conversation]:
    """Return a page of an app's (or of one user's) conversations, by activity or creation."""
    statement = select(Conversation).where(Conversation.app_id == app_id)
    if of_user is not None:
        theirs = select(Participant.conversation_id).where(
            Participant.app_id == app_id,
            Participant.user_id == of_user,
            col(Participant.left_at).is_(None),
            Participant.access != Access.NONE,
        )
        statement = statement.where(col(Conversation.id).in_(theirs))
    activity = func.coalesce(col(Conversation.last_message_at), col(Conversation.created_at))
    order = col(Conversation.created_at) if wanted.by_creation else activity
    if wanted.last_message_after is not None:
        statement = statement.where(col(Conversation.last_message_at) > wanted.last_message_after)
    if wanted.last_message_before is not None:
        statement = statement.where(col(Conversation.last_message_at) < wanted.last_message_before)
    for name, value in (wanted.custom or {}).items():
        statement = statement.where(_CONVERSATION.c.custom[name].as_string() == value)
    anchor = find(session, app_id, wanted.after) if wanted.after is not None else None
    if anchor is not None:
        at = anchor.created_at if wanted.by_creation else _activity(anchor)
        beyond = order > at if wanted.ascending else order < at
        id_beyond = (
            col(Conversation.id) > anchor.id
            if wanted.ascending
            else col(Conversation.id) < anchor.id
        )
        statement = statement.where(beyond | ((order == at) & id_beyond))
    if wanted.ascending:
        statement = statement.order_by(order.asc(), col(Conversation.id).asc())
    else:
        statement = statement.order_by(order.desc(), col(Conversation.id).desc())
    return list(session.exec(statement.limit(wanted.limit)))


def _activity(conversation: Conversation) -> Moment:
    return conversation.last_message_at or conversation.created_at
