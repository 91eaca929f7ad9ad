"""An opt-out: a person's choice not to be written to, about one conversation or at all."""

from sqlmodel import SQLModel

from core.model.base import key, moment
from core.moment import Moment

EVERYTHING = "*"


class OptOut(SQLModel, table=True):
    """One choice. ``conversation_id`` is ``*`` for all message mail of the app."""

    __tablename__ = "opt_out"

    app_id: str = key()
    user_id: str = key()
    conversation_id: str = key()
    via: str
    made_at: Moment = moment()
