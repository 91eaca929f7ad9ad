"""A suppression: a fact about an address, that we must not write to it."""

from sqlmodel import SQLModel

from core.model.base import key, moment
from core.moment import Moment


class Suppression(SQLModel, table=True):
    """One address we do not write to, why, and until when (None: until lifted)."""

    __tablename__ = "suppression"

    app_id: str = key()
    address: str = key()
    cause: str
    evidence: str = ""
    made_at: Moment = moment()
    expires_at: Moment | None = moment(None)
