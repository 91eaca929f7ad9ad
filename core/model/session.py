"""A session: a user's live presence, told by the app (talkjs-spec, 2.7). Soft state with an end."""

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlmodel import SQLModel

from core.model.base import key, moment
from core.moment import Moment


class UserSession(SQLModel, table=True):
    """One open page of a user: what is selected, whether it has focus, whether they type.

    ``active_at``: when somebody last touched it, as far as the app tells; None: it does not.
    """

    __tablename__ = "session"
    __table_args__ = (
        ForeignKeyConstraint(["app_id", "user_id"], ["user.app_id", "user.id"], ondelete="CASCADE"),
        Index("session_by_end", "expires_at"),
        Index(
            "session_by_typing",
            "app_id",
            "selected_conversation_id",
            sqlite_where=text("is_typing = 1"),
            postgresql_where=text("is_typing"),
        ),
    )

    app_id: str = key()
    user_id: str = key()
    id: str = key()
    selected_conversation_id: str | None = None
    has_focus: bool = False
    is_typing: bool = False
    active_at: Moment | None = moment(None)
    told_at: Moment = moment()
    expires_at: Moment = moment()
