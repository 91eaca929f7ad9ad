"""Something happened: number it, log it, wake whoever listens, all in its own transaction.

The events are talkjs-spec's, 3.3; docs/webhooks.md says when each is told, and which are not.
"""

from typing import Any

from core.ids import new_id
from core.model.webhook import WebhookEvent
from core.moment import Moment
from core.store import conversations, webhooks
from core.store.database import Session

USER_CREATED = "user.created"
USER_UPDATED = "user.updated"
MESSAGE_SENT = "message.sent"
MESSAGE_READ = "message.read"
MESSAGE_UPDATED = "message.updated"
MESSAGE_DELETED = "message.deleted"
CONVERSATION_DELETED = "conversation.deleted"
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


def announce_user(
    session: Session, app_id: str, user_id: str, happened: tuple[str, dict[str, Any]], now: Moment
) -> None:
    """Log an event of a user, in order among their own.

    Two at once take the same number, and the one that comes second is run again.
    """
    if not webhooks.anyone_listens(session, app_id):
        return
    where = stream_of_user(user_id)
    seq = webhooks.last_number(session, app_id, where) + 1
    announce(session, (app_id, where), happened, now, seq)


def stream_of_user(user_id: str) -> str:
    """Return under which conversation's name a user's events are: no conversation has a slash."""
    return f"user/{user_id}"
