"""A conversation: where messages are said (talkjs-spec, 1.2)."""

from sqlalchemy import Index
from sqlmodel import SQLModel

from core.model.base import document, key, moment
from core.moment import Moment


class Conversation(SQLModel, table=True):
    """One conversation.

    ``seq`` is the number of the last message, ``change`` that of the last change; both are given
    under the row's lock, which so orders messages and all that happens.
    ``typed_at`` is when anyone was last known to be typing in it.
    """

    __tablename__ = "conversation"
    __table_args__ = (Index("conversation_by_activity", "app_id", "last_message_at"),)

    app_id: str = key(foreign_key="app.app_id", ondelete="CASCADE")
    id: str = key()
    subject: str | None = None
    photo_url: str | None = None
    welcome_messages: list[str] | None = document(default=None)
    custom: dict[str, str] = document(default_factory=dict)
    created_at: Moment = moment()
    seq: int = moment(0)
    change: int = moment(0)
    last_message_at: Moment | None = moment(None)
    typed_at: Moment | None = moment(None)
