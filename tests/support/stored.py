"""What stands in the tables, as tests look at it; the product never asks for these."""

from sqlmodel import col, select

from core.model.suppression import Suppression
from core.model.webhook import WebhookStream
from core.store.database import Session


def suppressions(session: Session, app_id: str) -> list[Suppression]:
    """Return an app's suppressions, newest first."""
    statement = select(Suppression).where(Suppression.app_id == app_id)
    return list(session.exec(statement.order_by(col(Suppression.made_at).desc())))


def waking_streams(session: Session, app_id: str, endpoint_id: str) -> list[WebhookStream]:
    """Return the cursors of an endpoint that still have something to tell."""
    statement = select(WebhookStream).where(
        WebhookStream.app_id == app_id,
        WebhookStream.endpoint_id == endpoint_id,
        col(WebhookStream.next_attempt_at).is_not(None),
    )
    return list(session.exec(statement))
