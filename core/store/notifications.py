"""Notifications: what was decided, and why."""

from sqlalchemy import insert
from sqlmodel import Session, col, select

from core.model.notification import Notification
from core.store.engine.dialect import table_of
from core.store.engine.prepared import Prepared
from core.store.rows import row_of

_ADD = Prepared(insert(table_of(Notification)))


def add(session: Session, notification: Notification) -> None:
    """Keep a decision."""
    _ADD.run(session, row_of(notification))


def of_recipient(
    session: Session, app_id: str, conversation_id: str, user_id: str, limit: int = 50
) -> list[Notification]:
    """Return the decisions about one user in one conversation, newest first."""
    statement = (
        select(Notification)
        .where(
            Notification.app_id == app_id,
            Notification.conversation_id == conversation_id,
            Notification.user_id == user_id,
        )
        .order_by(col(Notification.decided_at).desc(), col(Notification.id).desc())
        .limit(limit)
    )
    return list(session.exec(statement))
