"""A participant: one user in one conversation (talkjs-spec, 1.3)."""

from enum import StrEnum

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import SQLModel

from core.model.base import choice, key, moment
from core.moment import Moment


class Access(StrEnum):
    """What a participant may do."""

    READ_WRITE = "ReadWrite"
    READ = "Read"
    NONE = "None"


class Notify(StrEnum):
    """Of which messages a participant is notified."""

    ALL = "all"
    MENTIONS_ONLY = "MentionsOnly"
    NOTHING = "nothing"


class Participant(SQLModel, table=True):
    """One participant. The row outlives leaving (``left_at``), so that old addresses stay dead.

    ``reference`` and ``address_epoch`` are what address tokens say; raising the epoch revokes.
    ``read_seq`` is the number of the last message read; ``visited_at`` when a page last showed
    them the conversation, though nothing says that they read it.
    """

    __tablename__ = "participant"
    __table_args__ = (
        ForeignKeyConstraint(
            ["app_id", "conversation_id"],
            ["conversation.app_id", "conversation.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["app_id", "user_id"], ["user.app_id", "user.id"], ondelete="CASCADE"),
        # The app last: none but the key may seem a way to all of an app's rows.
        Index("participant_by_user", "user_id", "app_id"),
        Index("participant_by_reference", "reference", "app_id", unique=True),
    )

    app_id: str = key()
    conversation_id: str = key()
    user_id: str = key()
    access: Access = choice(Access, Access.READ_WRITE)
    notify: Notify = choice(Notify, Notify.ALL)
    joined_at: Moment = moment()
    left_at: Moment | None = moment(None)
    read_seq: int = moment(0)
    read_until: Moment | None = moment(None)
    muted_until: Moment | None = moment(None)
    visited_at: Moment | None = moment(None)
    reference: int = moment()
    address_epoch: int = 0
