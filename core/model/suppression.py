"""A suppression: a fact about an address, that we must not write to it."""

from sqlmodel import SQLModel

from core.model.base import key, moment
from core.moment import Moment

BY_HAND = "by_hand"  # the cause of one that somebody added


class Suppression(SQLModel, table=True):
    """One address we do not write to, why, and until when (None: until lifted).

    ``delivery_id`` and ``user_id`` name the mail that it is known from and whose it was,
    ``made_by`` who added one by hand. One that was lifted ends when that was done, and says by
    whom; the next one of the address takes its place.
    """

    __tablename__ = "suppression"

    app_id: str = key()
    address: str = key()
    cause: str
    evidence: str = ""
    made_at: Moment = moment()
    expires_at: Moment | None = moment(None)
    user_id: str | None = None
    delivery_id: str | None = None
    made_by: str | None = None
    lifted_at: Moment | None = moment(None)
    lifted_by: str | None = None

    def in_force(self, now: Moment) -> bool:
        """Tell whether the address must not be written to now."""
        return self.expires_at is None or self.expires_at > now
