"""A delivery: one digest to one address on one channel; an attempt: one try at it."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from core.model.base import choice, document, key, moment, where
from core.moment import Moment

EMAIL = "email"
BY_HAND = "retried"  # the reason of one that somebody wants tried now, until it is


class State(StrEnum):
    """Where a delivery stands. From ``accepted`` on it has ended; ``delivered`` is by a report."""

    QUEUED = "queued"
    TRANSMITTING = "transmitting"
    UNCERTAIN = "uncertain"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    BOUNCED = "bounced"


class Delivery(SQLModel, table=True):
    """One delivery. ``next_attempt_at`` is due time, retry time and lease in one; NULL is ended.

    ``lane`` is what it shares with others on its way (``core/rules/mail_lane``); ``relay`` the next
    hop it was given to last, empty for the first.
    ``channel`` names the way out that writes and offers it; the notifier's wiring has them by name.
    ``raw`` holds the octets from the moment they are about to leave until the outcome is known,
    so that an uncertain one is sent once more unchanged. ``trace`` is what was said, kept so
    that a reply can be told from its quote. With ``held_id`` it is the question about a held reply
    and belongs to no notification. With ``receipt_id`` it passes a mail for the operator
    on, and belongs to no app. ``attempts`` counts claims and is their fence; ``tries`` is how often
    it was answered for itself, not for the whole relay's sake.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index("delivery_due", "shard", "next_attempt_at", **where("next_attempt_at IS NOT NULL")),
        Index(
            "delivery_by_app",
            "app_id",
            "next_attempt_at",
            **where("next_attempt_at IS NOT NULL"),
        ),
        Index("delivery_claimed", "claimed_by", **where("claimed_by IS NOT NULL")),
        Index("delivery_by_recipient", "app_id", "conversation_id", "user_id", "created_at"),
        Index("delivery_by_notification", "app_id", "notification_id"),
        Index("delivery_by_reference", "app_id", "reference", unique=True),
        Index("delivery_by_end", "ended_at", **where("ended_at IS NOT NULL")),
        Index("delivery_by_trace", "created_at", **where("trace IS NOT NULL")),
    )

    app_id: str = key()
    id: str = key()
    notification_id: str
    conversation_id: str
    user_id: str
    channel: str = Field(default=EMAIL, max_length=32)
    address: str
    state: State = choice(State, State.QUEUED)
    reason: str | None = None
    attempts: int = 0
    tries: int = 0
    crashes: int = 0
    next_attempt_at: Moment | None = moment(None)
    claimed_by: str | None = None
    shard: int = 0
    reference: int = moment()
    message_id: str
    raw: bytes | None = Field(default=None, sa_type=LargeBinary)
    trace: dict[str, Any] | None = document(default=None)
    held_id: str | None = None
    receipt_id: str | None = None
    created_at: Moment = moment()
    ended_at: Moment | None = moment(None)
    lane: str = EMAIL
    relay: str = ""


class Attempt(SQLModel, table=True):
    """One try at a delivery and what the peer said. ``relay``: whom it was offered to."""

    __tablename__ = "attempt"

    app_id: str = key()
    delivery_id: str = key()
    number: int = key()
    outcome: str
    cause: str | None = None
    code: int | None = None
    enhanced: str | None = None
    text: str | None = None
    ended_at: Moment = moment()
    relay: str = ""
