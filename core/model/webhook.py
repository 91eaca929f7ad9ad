"""Webhooks: where an app listens, what is told, and how far each listener has been told."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import SQLModel

from core.model.base import document, key, moment, where
from core.model.change import ChangeKind
from core.moment import Moment


class WebhookEndpoint(SQLModel, table=True):
    """One URL of an app, and the event types it wants (None: all).

    ``failing_since`` is when it first failed after it last took anything.
    """

    __tablename__ = "webhook_endpoint"

    app_id: str = key(foreign_key="app.app_id", ondelete="CASCADE")
    id: str = key()
    url: str
    events: list[str] | None = document(default=None)
    created_at: Moment = moment()
    failing_since: Moment | None = moment(None)
    disabled_at: Moment | None = moment(None)
    disabled_reason: str | None = None


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """A change as listeners are told it: its number, and what goes into the envelope."""

    number: int
    id: str
    kind: ChangeKind
    data: dict[str, Any]
    created_at: Moment


class WebhookStream(SQLModel, table=True):
    """How far along the log of changes one endpoint has been told of one conversation.

    NULL ``next_attempt_at``: idle.
    """

    __tablename__ = "webhook_stream"
    __table_args__ = (
        ForeignKeyConstraint(
            ["app_id", "endpoint_id"],
            ["webhook_endpoint.app_id", "webhook_endpoint.id"],
            ondelete="CASCADE",
        ),
        Index("webhook_stream_claimed", "claimed_by", **where("claimed_by IS NOT NULL")),
        Index(
            "webhook_stream_due", "shard", "next_attempt_at", **where("next_attempt_at IS NOT NULL")
        ),
    )

    app_id: str = key()
    endpoint_id: str = key()
    conversation_id: str = key()
    next_number: int = moment()
    next_attempt_at: Moment | None = moment(None)
    failures: int = 0
    claims: int = 0
    claimed_by: str | None = None
    shard: int = 0


class WebhookAttempt(SQLModel, table=True):
    """One try to tell an endpoint of one event."""

    __tablename__ = "webhook_attempt"
    __table_args__ = (Index("webhook_attempt_by_age", "ended_at"),)

    app_id: str = key()
    endpoint_id: str = key()
    event_id: str = key()
    number: int = key()
    outcome: str
    status: int | None = None
    detail: str = ""
    ended_at: Moment = moment()
