"""Mail for the operator: receipts that belong to no app."""

from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from core.model.receipt import Receipt
from core.moment import Moment

NO_APP = ""


class Load(NamedTuple):
    """How many mails came for the operator, and their octets together."""

    mails: int
    octets: int


def since(session: Session, moment: Moment) -> Load:
    """Return what has come since a moment."""
    statement = select(func.count(), func.coalesce(func.sum(col(Receipt.size)), 0)).where(
        Receipt.app_id == NO_APP,
        col(Receipt.conversation_id).is_(None),
        col(Receipt.user_id).is_(None),
        Receipt.received_at >= moment,
    )
    mails, octets = session.exec(statement).one()
    return Load(int(mails), int(octets))
