"""A receipt: our durable record of a mail we accepted, with its envelope and raw octets."""

from typing import Any

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from core.model.base import document, key, moment, where
from core.moment import Moment


class Receipt(SQLModel, table=True):
    """One mail we answered 250, the verdict on it and why.

    ``dedupe_key`` makes the same mail offered twice one receipt, ``words_key`` also one that was
    coded anew on another way (NULL: nothing tells that). ``raw`` is zlib-compressed and dropped at
    ``raw_until``.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        Index("receipt_by_dedupe_key", "app_id", "dedupe_key", unique=True),
        Index(
            "receipt_by_words_key",
            "app_id",
            "words_key",
            unique=True,
            **where("words_key IS NOT NULL"),
        ),
        Index("receipt_by_participant", "app_id", "conversation_id", "user_id", "received_at"),
        Index("receipt_by_raw_until", "raw_until"),
        Index("receipt_by_age", "received_at"),
    )

    app_id: str = key()
    id: str = key()
    conversation_id: str | None = None
    user_id: str | None = None
    received_at: Moment = moment()
    reverse_path: str
    recipient: str
    peer: str = ""
    mail_message_id: str | None = None
    dedupe_key: str
    words_key: str | None = None
    size: int = moment()
    raw: bytes | None = Field(default=None, sa_type=LargeBinary)
    raw_until: Moment | None = moment(None)
    verdict: str
    reason: str
    detail: str = ""
    message_id: str | None = None
    evidence: dict[str, Any] | None = document(default=None)
