"""A preference: when somebody wants to be written to, whatever the conversation."""

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import SQLModel

from core.model.base import key


class Preference(SQLModel, table=True):
    """One person's own choices; None is what their role says. Their time zone is the user's.

    ``quiet_hours``: as ``core.rules.quiet_hours`` writes them.
    """

    __tablename__ = "preference"
    __table_args__ = (
        ForeignKeyConstraint(["app_id", "user_id"], ["user.app_id", "user.id"], ondelete="CASCADE"),
    )

    app_id: str = key()
    user_id: str = key()
    quiet_hours: str | None = None
