"""A change: one thing that happened in a conversation, under the number it was given there."""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlmodel import SQLModel

from core.model.base import choice, document, key, moment
from core.moment import Moment


class ChangeKind(StrEnum):
    """What happened, to a message, a reaction, a participant, a person, a conversation.

    ``notification`` and ``user`` are events: they take a number only where a webhook is told them.
    """

    MESSAGE_SENT = "message.sent"
    MESSAGE_EDITED = "message.edited"
    MESSAGE_DELETED = "message.deleted"
    MESSAGE_READ = "message.read"
    REACTION_ADDED = "reaction.added"
    REACTION_REMOVED = "reaction.removed"
    PARTICIPANT_JOINED = "participant.joined"
    PARTICIPANT_CHANGED = "participant.changed"
    PARTICIPANT_LEFT = "participant.left"
    PERSON_ERASED = "person.erased"
    CONVERSATION_MADE = "conversation.made"
    CONVERSATION_CHANGED = "conversation.changed"
    CONVERSATION_DELETED = "conversation.deleted"
    NOTIFICATION_TRIGGERED = "notification.triggered"
    NOTIFICATION_SENT = "notification.sent"
    NOTIFICATION_DELIVERED = "notification.delivered"
    NOTIFICATION_BOUNCED = "notification.bounced"
    NOTIFICATION_CANCELLED = "notification.cancelled"
    NOTIFICATION_SUPPRESSED = "notification.suppressed"
    NOTIFICATION_UNSUBSCRIBED = "notification.unsubscribed"
    USER_CREATED = "user.created"
    USER_UPDATED = "user.updated"


class Change(SQLModel, table=True):
    """One row of the log of changes, which pages catch up from and webhooks are told from.

    ``number`` has no gap within a conversation: it is given under the conversation's row lock.
    ``message_id`` and ``user_id`` say what it is about. ``event_id`` and ``data`` are what webhooks
    tell of it; None where the app had none. There is no foreign key: the log outlives what it
    tells of, so that the end of a conversation can be told.
    """

    __tablename__ = "change"
    # Every mail adds a row: SQLite keeps it in its key's tree alone, not in one of its own beside.
    __table_args__ = (Index("change_by_age", "at"), {"sqlite_with_rowid": False})

    app_id: str = key()
    conversation_id: str = key()
    number: int = key(sa_type=BigInteger)
    kind: ChangeKind = choice(ChangeKind, ChangeKind.MESSAGE_SENT)
    message_id: str | None = None
    user_id: str | None = None
    at: Moment = moment()
    event_id: str | None = None
    data: dict[str, Any] | None = document(default=None)
