"""A reaction: one emoji of one user on one message (talkjs-spec, 1.4)."""

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import SQLModel

from core.model.base import key, moment
from core.moment import Moment

MOST_EMOJI = 50  # different ones on a message, however many people


class Reaction(SQLModel, table=True):
    """One reaction. A row each, so that two people who react at once both have reacted."""

    __tablename__ = "reaction"
    __table_args__ = (
        ForeignKeyConstraint(
            ["app_id", "message_id"], ["message.app_id", "message.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["app_id", "user_id"], ["user.app_id", "user.id"], ondelete="CASCADE"),
        Index("reaction_by_user", "app_id", "user_id"),
    )

    app_id: str = key()
    message_id: str = key()
    emoji: str = key()
    user_id: str = key()
    created_at: Moment = moment()
