"""A fan-out: word of what was said here is still to be noted for some of its many people."""

from dataclasses import dataclass

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import SQLModel

from core.model.base import key, moment, where
from core.model.message import MessageKind, Origin
from core.moment import Moment

AT_ONCE = 200  # people that one transaction notes debts for: a few hundredths of a second


class FanOut(SQLModel, table=True):
    """Who is owed word of these messages is noted so many people at a time, by their ids.

    One a conversation: made with the first such message, in its transaction, and deleted when
    everybody has been reached. ``first_seq`` to ``last_seq`` is what is noted now, ``reached`` the
    last user it was noted for; what is said meanwhile is noted next. ``due_at`` is due time and
    lease in one; ``attempts`` counts the claims.
    """

    __tablename__ = "fan_out"
    __table_args__ = (
        ForeignKeyConstraint(
            ["app_id", "conversation_id"],
            ["conversation.app_id", "conversation.id"],
            ondelete="CASCADE",
        ),
        Index("fan_out_due", "shard", "due_at"),
        Index("fan_out_claimed", "claimed_by", **where("claimed_by IS NOT NULL")),
    )

    app_id: str = key()
    conversation_id: str = key()
    first_seq: int = moment()
    last_seq: int = moment()
    reached: str = ""
    due_at: Moment = moment()
    shard: int = 0
    attempts: int = 0
    claimed_by: str | None = None


@dataclass(frozen=True, slots=True)
class OwedMessage:
    """What must be known of a message to tell who is owed word of it."""

    seq: int
    kind: MessageKind
    origin: Origin
    sender_id: str | None
    mentions: frozenset[str]
    said_at: Moment
    critical: bool = False
