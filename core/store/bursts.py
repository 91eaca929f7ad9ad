"""Bursts: everything a decision or a digest needs, read in one go."""

from sqlmodel import Session

from core.model.burst import Burst
from core.moment import Moment
from core.store import (
    apps,
    conversations,
    messages,
    opt_outs,
    participants,
    sessions,
    users,
)


def load(
    session: Session, whose: tuple[str, str, str], between: tuple[int, int | None], now: Moment
) -> Burst | None:
    """Return what a user (app, conversation, user) has missed of these numbers, as of now.

    None when the conversation, the user or the participant is gone altogether.
    """
    app_id, conversation_id, user_id = whose
    app = apps.find(session, app_id)
    conversation = conversations.find(session, app_id, conversation_id)
    user = users.find(session, app_id, user_id)
    participant = participants.find(session, app_id, conversation_id, user_id)
    if app is None or conversation is None or user is None or participant is None:
        return None
    unread = (max(between[0], participant.read_seq + 1), between[1])
    missed = messages.missed(session, app_id, conversation_id, unread, user_id)
    senders = {message.sender_id for message in missed if message.sender_id is not None}
    return Burst(
        app=app,
        role=apps.role(session, app_id, user.role),
        conversation=conversation,
        user=user,
        participant=participant,
        messages=tuple(missed),
        senders=users.several(session, app_id, senders),
        attachments=messages.files(session, app_id, [message.id for message in missed]),
        sessions=tuple(sessions.of_user(session, app_id, user_id, now)),
        opted_out=opt_outs.scopes(session, app_id, user_id),
        suppressed=opt_outs.suppressed(session, app_id, user.email or (), now),
    )
