"""The app asks for a reminder beyond the notification that leaves by itself (talkjs-spec, 2.6)."""

from typing import Any

from core.actions.explain import why_decided
from core.actions.remind import Reminder, remind
from core.model.notification import Notification
from core.store.database import Session
from gateway.http.bodies.notifications import ReminderBody
from gateway.http.needs import ForApp
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("notifications")
Json = dict[str, Any]


@router.post("/conversations/{conversation_id}/notifications")
async def again(app_id: ForApp, conversation_id: str, body: ReminderBody, at: At) -> Json:
    """Remind people of what they have not answered, and say what was decided of each."""
    recipients = tuple(body.recipients) if body.recipients is not None else None
    reminder, now = Reminder(recipients, body.texts()), at.clock.now()

    def work(session: Session) -> list[Json]:
        where = (app_id, conversation_id)
        return [_shape(one) for one in remind(session, where, reminder, at.mail_domain, now)]

    told = {"data": await at.database.write(work)}
    at.nudge()
    return told


def _shape(one: Notification) -> Json:
    return {
        "recipient": one.user_id,
        "notificationId": one.id,
        "sent": one.sent,
        "reason": one.reason,
        "explanation": why_decided(one),
    }
