"""A notification: the decision on a burst, sent or not sent, and why."""

from typing import Any

from sqlalchemy import Index
from sqlmodel import SQLModel

from core.model.base import document, key, moment, where
from core.moment import Moment


class Notification(SQLModel, table=True):
    """One decision about the messages ``first_seq`` to ``last_seq``, with its stable reason.

    ``reminder`` is None where we decided by ourselves. Where the app asked for a reminder of what
    was not answered, it holds the texts that its mail has in place of the role's, by field.
    """

    __tablename__ = "notification"
    __table_args__ = (
        Index("notification_by_recipient", "app_id", "conversation_id", "user_id", "decided_at"),
        Index("notification_by_age", "decided_at"),
        Index("notification_by_user", "app_id", "user_id", "decided_at", **where("sent")),
    )

    app_id: str = key()
    id: str = key()
    conversation_id: str
    user_id: str
    sent: bool
    reason: str
    first_seq: int = moment()
    last_seq: int = moment()
    messages: int = 0
    decided_at: Moment = moment()
    reminder: dict[str, Any] | None = document(default=None)
