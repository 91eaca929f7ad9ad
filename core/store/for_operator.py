"""Mail for the operator: receipts that belong to no app, or wait for the operator's word."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from core.model.delivery import Delivery
from core.model.receipt import Receipt
from core.verdict import Reason

NO_APP = ""


def listed(session: Session, limit: int) -> list[Receipt]:
    """Return the mails that came for the operator, the newest first."""
    statement = select(Receipt).where(
        Receipt.app_id == NO_APP, Receipt.reason == Reason.KEPT_FOR_OPERATOR.value
    )
    return list(session.exec(statement.order_by(col(Receipt.received_at).desc()).limit(limit)))


def locked(session: Session, app_id: str, receipt_id: str) -> Receipt | None:
    """Return a receipt as it is now, so that nobody else decides on it meanwhile."""
    whose = (app_id, receipt_id)
    return session.get(Receipt, whose, with_for_update=True, populate_existing=True)


def passed_on(session: Session, receipt_ids: Collection[str]) -> dict[str, Delivery]:
    """Return the deliveries that pass mails on, by receipt."""
    statement = select(Delivery).where(
        Delivery.app_id == NO_APP, col(Delivery.receipt_id).in_(receipt_ids)
    )
    return {str(one.receipt_id): one for one in session.exec(statement)}


def named_by(session: Session, reference: int) -> Delivery | None:
    """Return the delivery a proven bounce token of no app names."""
    statement = select(Delivery).where(Delivery.app_id == NO_APP, Delivery.reference == reference)
    return session.exec(statement).one_or_none()
