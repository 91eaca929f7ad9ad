"""Notifications: what was decided, and why."""

from sqlmodel import Session, col, select

from core.model.notification import Notification


def add(session: Session, notification: Notification) -> None:
    """Keep a decision."""
    session.add(notification)
    session.flush()


def find(session: Session, app_id: str, notification_id: str) -> Notification | None:
    """Return a decision."""
    return session.get(Notification, (app_id, notification_id))


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
