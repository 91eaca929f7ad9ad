"""Pages of conversations: of an app or of one user, by activity or creation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlmodel import Session, col
from sqlmodel import select as select_nouns

from core.errors import InvalidRequest
from core.model.conversation import Conversation
from core.model.message import Message
from core.model.participant import Access, Participant
from core.moment import Moment
from core.store import conversations
from core.store.engine.dialect import table_of

_C = table_of(Conversation)
_ACTIVITY = func.coalesce(_C.c.last_message_at, _C.c.created_at)


@dataclass(frozen=True, slots=True)
class ConversationQuery:
    """Which page of a list of conversations is asked for."""

    limit: int
    after: str | None = None
    last_message_after: Moment | None = None
    last_message_before: Moment | None = None
    by_creation: bool = False
    ascending: bool = False
    custom: Mapping[str, str] | None = None
    of_user: str | None = None
    unread_only: bool = False


def page(session: Session, app_id: str, wanted: ConversationQuery) -> list[Conversation]:
    """Return a page. Raise InvalidRequest if it is to begin after what is not there."""
    statement = select_nouns(Conversation).where(Conversation.app_id == app_id)
    for condition in _conditions(app_id, wanted):
        statement = statement.where(condition)
    order = _C.c.created_at if wanted.by_creation else _ACTIVITY
    if wanted.after is not None:
        statement = statement.where(_beyond(session, app_id, wanted, order))
    keys = (order, _C.c.id)
    ordered = [key.asc() if wanted.ascending else key.desc() for key in keys]
    return list(session.exec(statement.order_by(*ordered).limit(wanted.limit)))


def _conditions(app_id: str, wanted: ConversationQuery) -> list[ColumnElement[bool]]:
    """Return what must hold of each."""
    held: list[ColumnElement[bool]] = []
    if wanted.of_user is not None:
        held.append(_is_in(app_id, wanted.of_user, unread_only=wanted.unread_only))
    if wanted.last_message_after is not None:
        held.append(_C.c.last_message_at > wanted.last_message_after)
    if wanted.last_message_before is not None:
        held.append(_C.c.last_message_at < wanted.last_message_before)
    custom = (wanted.custom or {}).items()
    return held + [_C.c.custom[name].as_string() == value for name, value in custom]


def _is_in(app_id: str, user_id: str, *, unread_only: bool) -> ColumnElement[bool]:
    """Whether a user is there and, if asked, has not read all of it."""
    theirs = select(col(Participant.conversation_id)).where(
        col(Participant.app_id) == app_id,
        col(Participant.user_id) == user_id,
        col(Participant.left_at).is_(None),
        col(Participant.access) != Access.NONE,
    )
    if unread_only:
        unread = (
            select(col(Message.id))
            .where(
                col(Message.app_id) == app_id,
                col(Message.conversation_id) == col(Participant.conversation_id),
                col(Message.seq) > col(Participant.read_seq),
                col(Message.deleted_at).is_(None),
                col(Message.sender_id).is_distinct_from(user_id),
            )
            .correlate(Participant)
        )
        theirs = theirs.where(unread.exists())
    is_in: ColumnElement[bool] = _C.c.id.in_(theirs)
    return is_in


def _beyond(
    session: Session, app_id: str, wanted: ConversationQuery, order: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Whether a conversation comes after the one that a page begins after."""
    anchor = conversations.find(session, app_id, wanted.after or "")
    if anchor is None:
        raise InvalidRequest(f"startingAfter: there is no conversation {wanted.after!r}.")
    activity = anchor.last_message_at or anchor.created_at
    at = anchor.created_at if wanted.by_creation else activity
    here, there = tuple_(order, _C.c.id), tuple_(at, anchor.id)
    beyond: ColumnElement[bool] = here > there if wanted.ascending else here < there
    return beyond
