"""Edit or delete what was said. What is still owed is looked at again when it is due."""

from core.actions import describe
from core.actions.announce import MESSAGE_DELETED, MESSAGE_UPDATED, announce
from core.errors import NotFound
from core.model.message import Message
from core.moment import Moment
from core.store import messages
from core.store.database import Session


def edit(
    session: Session,
    app_id: str,
    message_id: str,
    changes: dict[str, object],
    now: Moment,
) -> Message:
    """Change a message's ``text``, ``content`` or ``custom``, or raise NotFound."""
    message = _found(session, app_id, message_id)
    for name, value in changes.items():
        setattr(message, name, value)
    if {"text", "content"} & set(changes):
        message.edited_at = now
    session.add(message)
    session.flush()
    where = (app_id, message.conversation_id)
    announce(session, where, (MESSAGE_UPDATED, describe.said(session, message)), now)
    return message


def delete(session: Session, app_id: str, message_id: str, now: Moment) -> None:
    """Delete a message, or raise NotFound. Its place stays, so that order is not disturbed."""
    message = _found(session, app_id, message_id)
    said = describe.said(session, message)
    message.deleted_at, message.text, message.content, message.custom = now, None, None, {}
    session.add(message)
    session.flush()
    announce(session, (app_id, message.conversation_id), (MESSAGE_DELETED, said), now)


def _found(session: Session, app_id: str, message_id: str) -> Message:
    message = messages.find(session, app_id, message_id)
    if message is None:
        raise NotFound(f"There is no message {message_id!r}.", code="MESSAGE_NOT_FOUND")
    return message
