"""Reactions: who reacted to which message, and with what. Asked where a message is shown."""

from collections.abc import Collection

from sqlalchemy import bindparam, delete
from sqlmodel import Session, col, select

from core.model.delivery import Delivery
from core.model.message import Message
from core.model.notification import Notification
from core.model.reaction import Reaction
from core.store.engine.dialect import table_of
from core.store.engine.prepared import Prepared
from core.store.rows import row_of

Reacted = dict[str, list[str]]

_R = table_of(Reaction)
_ADD = Prepared(lambda insert: insert(_R).on_conflict_do_nothing())
_OF_MESSAGE = (_R.c.app_id == bindparam("a")) & (_R.c.message_id == bindparam("m"))
_DROP = Prepared(
    delete(_R).where(_OF_MESSAGE, _R.c.emoji == bindparam("e"), _R.c.user_id == bindparam("u"))
)
_DROP_ALL = Prepared(delete(_R).where(_OF_MESSAGE))


def add(session: Session, reaction: Reaction) -> bool:
    """Keep a reaction; False if it was there already."""
    return _ADD.run(session, row_of(reaction)) == 1


def drop(session: Session, app_id: str, message_id: str, emoji: str, user_id: str) -> bool:
    """Take a reaction back; False if there was none."""
    return _DROP.run(session, {"a": app_id, "m": message_id, "e": emoji, "u": user_id}) == 1


def drop_all(session: Session, app_id: str, message_id: str) -> None:
    """Take all reactions to a message away."""
    _DROP_ALL.run(session, {"a": app_id, "m": message_id})


def of_messages(session: Session, app_id: str, message_ids: Collection[str]) -> dict[str, Reacted]:
    """Return who reacted with which emoji, by message; all in the order in which they came."""
    statement = (
        select(Reaction)
        .where(Reaction.app_id == app_id, col(Reaction.message_id).in_(message_ids))
        .order_by(col(Reaction.created_at), col(Reaction.emoji), col(Reaction.user_id))
    )
    found: dict[str, Reacted] = {}
    for one in session.exec(statement):
        found.setdefault(one.message_id, {}).setdefault(one.emoji, []).append(one.user_id)
    return found


def of_message(session: Session, app_id: str, message_id: str) -> Reacted:
    """Return who reacted to one message with which emoji."""
    return of_messages(session, app_id, [message_id]).get(message_id, {})


def meant_by(session: Session, whose: tuple[str, str, str], mail_id: str) -> str | None:
    """Return the newest message that a mail to (app, conversation, user) told of, or None.

    ``mail_id`` is the mail's Message-ID. Their own messages were never told them; a question
    about a held reply told of none.
    """
    app_id, conversation_id, user_id = whose
    statement = (
        select(Message.id)
        .select_from(Delivery)
        .join(
            Notification,
            (col(Notification.app_id) == Delivery.app_id)
            & (col(Notification.id) == Delivery.notification_id),
        )
        .join(
            Message,
            (col(Message.app_id) == Delivery.app_id)
            & (col(Message.conversation_id) == Delivery.conversation_id)
            & col(Message.seq).between(Notification.first_seq, Notification.last_seq),
        )
        .where(Delivery.app_id == app_id, Delivery.conversation_id == conversation_id)
        .where(Delivery.user_id == user_id, Delivery.message_id == mail_id)
        .where(col(Message.deleted_at).is_(None), col(Message.sender_id).is_distinct_from(user_id))
        .order_by(col(Message.seq).desc())
        .limit(1)
    )
    return session.exec(statement).one_or_none()
