"""Edit or delete what was said. What is still owed is looked at again when it is due."""

from core.actions import describe
from core.actions.announce import MESSAGE_DELETED, MESSAGE_UPDATED, announce
from core.errors import NotFound
from core.model.message import Message
from core.moment import Moment
from core.store import conversations, messages, reactions
from core.store.database import Session


def edit(
    session: Session,
    app_id: str,
    message_id: str,
    changes: dict[str, object],
    now: Moment,
) -> Message:
    """Change a message's ``text``, ``content`` or ``custom``, or raise NotFound."""
    message = held(session, app_id, message_id)
    for name, value in changes.items():
        setattr(message, name, value)
    if {"text", "content"} & set(changes):
        message.edited_at = now
    session.add(message)
    session.flush()
    tell_changed(session, message, now)
    return message


def tell_changed(session: Session, message: Message, now: Moment) -> None:
    """Tell whoever listens what a message is now."""
    where = (message.app_id, message.conversation_id)
    reacted = reactions.of_message(session, message.app_id, message.id)
    announce(session, where, (MESSAGE_UPDATED, describe.said(session, message, reacted)), now)


def delete(session: Session, app_id: str, message_id: str, now: Moment) -> None:
    """Delete a message, or raise NotFound. Its place stays, so that order is not disturbed."""
    message = held(session, app_id, message_id)
    said = describe.said(session, message, reactions.of_message(session, app_id, message_id))
    reactions.drop_all(session, app_id, message_id)
    message.deleted_at, message.text, message.content, message.custom = now, None, None, {}
    session.add(message)
    session.flush()
    announce(session, (app_id, message.conversation_id), (MESSAGE_DELETED, said), now)


def held(session: Session, app_id: str, message_id: str) -> Message:
    """Return a message as it is now, with its conversation locked, or raise NotFound.

    What is then told of it is told in the order in which it became so.
    """
    message = messages.find(session, app_id, message_id)
    if message is not None and conversations.lock(session, app_id, message.conversation_id):
        session.refresh(message)
        if message.deleted_at is None:
            return message
    raise NotFound(f"There is no message {message_id!r}.", code="MESSAGE_NOT_FOUND")
