"""A message: what was said in a conversation (talkjs-spec, 1.4). Never a mail."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import SQLModel

from core.model.base import choice, document, key, moment, where
from core.moment import Moment


class MessageKind(StrEnum):
    """Who speaks: a user, or the app itself."""

    USER = "UserMessage"
    SYSTEM = "SystemMessage"


class Origin(StrEnum):
    """Which way a message came."""

    WEB = "web"
    REST = "rest"
    EMAIL = "email"
    IMPORT = "import"


class Message(SQLModel, table=True):
    """One message. ``seq`` is its place in the conversation; ``deleted_at`` hides it.

    ``email_confidence``, in thousandths: how surely a reply by mail was told from what it quotes,
    where that is below what its app asks for. ``critical``: it passes what holds mails back, for
    readers whose role allows it.
    """

    __tablename__ = "message"
    __table_args__ = (
        ForeignKeyConstraint(
            ["app_id", "conversation_id"],
            ["conversation.app_id", "conversation.id"],
            ondelete="CASCADE",
        ),
        Index("message_by_seq", "app_id", "conversation_id", "seq", unique=True),
        Index(
            "message_by_idempotency_key",
            "app_id",
            "conversation_id",
            "idempotency_key",
            unique=True,
            **where("idempotency_key IS NOT NULL"),
        ),
    )

    app_id: str = key()
    id: str = key()
    conversation_id: str
    seq: int = moment()
    type: MessageKind = choice(MessageKind, MessageKind.USER)
    sender_id: str | None = None
    text: str | None = None
    content: list[dict[str, Any]] | None = document(default=None)
    location: list[float] | None = document(default=None)
    origin: Origin = choice(Origin, Origin.REST)
    referenced_message_id: str | None = None
    mentions: list[str] | None = document(default=None)
    custom: dict[str, str] = document(default_factory=dict)
    idempotency_key: str | None = None
    email_confidence: int | None = moment(None)
    critical: bool = False
    created_at: Moment = moment()
    edited_at: Moment | None = moment(None)
    deleted_at: Moment | None = moment(None)
