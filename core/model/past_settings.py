"""Past settings: what a participant might do and hear, up to a message, before it was changed."""

from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKeyConstraint
from sqlmodel import SQLModel

from core.model.base import choice, key, moment
from core.model.participant import Access, Notify
from core.moment import Moment


class Stay(StrEnum):
    """Whether somebody was in a conversation: not yet, then, or no more."""

    NOT_YET = "not_yet"
    HERE = "here"
    LEFT = "left"


class PastSettings(SQLModel, table=True):
    """One spell of a participant's, which ended at ``ended_at`` with message ``until_seq``.

    Who is not owed word of a message costs no row when it is said. How they stood then is the
    first of these whose ``until_seq`` is not below the message's number, else their own row.
    """

    __tablename__ = "past_settings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["app_id", "conversation_id", "user_id"],
            ["participant.app_id", "participant.conversation_id", "participant.user_id"],
            ondelete="CASCADE",
        ),
    )

    app_id: str = key()
    conversation_id: str = key()
    user_id: str = key()
    until_seq: int = key(sa_type=BigInteger)
    stay: Stay = choice(Stay, Stay.HERE)
    access: Access = choice(Access, Access.READ_WRITE)
    notify: Notify = choice(Notify, Notify.ALL)
    ended_at: Moment = moment()
