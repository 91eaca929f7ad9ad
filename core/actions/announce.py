"""Something happened: number it, log it, wake whoever listens, all in its own transaction."""

from typing import Any

from core.ids import new_id
from core.model.webhook import WebhookEvent
from core.moment import Moment
from core.store import conversations, webhooks
from core.store.database import Session

MESSAGE_SENT = "message.sent"
MESSAGE_UPDATED = "message.updated"
MESSAGE_DELETED = "message.deleted"
NOTIFICATION_TRIGGERED = "notification.triggered"
NOTIFICATION_SENT = "notification.sent"
NOTIFICATION_BOUNCED = "notification.bounced"


def announce(
    session: Session,
    where: tuple[str, str],
    happened: tuple[str, dict[str, Any]],
    now: Moment,
    seq: int | None = None,
) -> None:
    """Log an event of a conversation (app, conversation) as (type, data).

    ``seq`` is the number that was already taken for it (a message's own); otherwise one is
    taken, under the conversation's row lock, so that listeners hear events in order.
    """
    app_id, conversation_id = where
    kind, data = happened
    if seq is None:
        if not webhooks.anyone_listens(session, app_id):
            return
        seq = conversations.take_number(session, app_id, conversation_id)
        if seq is None:
            return
    event = WebhookEvent(
        app_id=app_id,
        conversation_id=conversation_id,
        seq=seq,
        id=new_id("evt", now),
        type=kind,
        data=data,
        created_at=now,
    )
    webhooks.append(session, event)
