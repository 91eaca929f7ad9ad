"""A pending: this user is owed word of this conversation, not before ``due_at``."""

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import SQLModel

from core.model.base import key, moment, where
from core.moment import Moment


class Pending(SQLModel, table=True):
    """One debt of attention: made if absent, put forward when it fires, deleted by reading.

    ``due_at`` is due time and lease in one; ``attempts`` is the fence of the claim. ``waits_for``:
    why it was put forward when it was last looked at, one of ``rules.waiting.Wait``.
    """

    __tablename__ = "pending"
    __table_args__ = (
        ForeignKeyConstraint(
            ["app_id", "conversation_id"],
            ["conversation.app_id", "conversation.id"],
            ondelete="CASCADE",
        ),
        Index("pending_due", "shard", "due_at"),
        Index("pending_by_app", "app_id", "due_at"),
        Index("pending_claimed", "claimed_by", **where("claimed_by IS NOT NULL")),
    )

    app_id: str = key()
    conversation_id: str = key()
    user_id: str = key()
    first_seq: int = moment()
    first_missed_at: Moment = moment()
    due_at: Moment = moment()
    shard: int = 0
    attempts: int = 0
    claimed_by: str | None = None
    waits_for: str | None = None
