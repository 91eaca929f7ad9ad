"""Edit or delete what was said. What is still owed is looked at again when it is due."""

from typing import Any

from core.actions import describe
from core.actions.announce import What, announce
from core.errors import NotFound
from core.model.change import ChangeKind
from core.model.message import Message
from core.moment import Moment
from core.rules.patching import merged
from core.store import conversations, messages, reactions
from core.store.database import Session


def edit(
    session: Session,
    app_id: str,
    message_id: str,
    changes: dict[str, Any],
    now: Moment,
) -> Message:
    """Change a message's ``text``, or patch its ``custom`` fields, or raise NotFound."""
    message = held(session, app_id, message_id)
    if "custom" in changes:
        message.custom = merged(message.custom, changes["custom"])
    if "text" in changes:
        # Blocks would go on saying what the text no longer says.
        message.text, message.content, message.edited_at = changes["text"], None, now
        message.email_confidence = None  # somebody has looked
    session.add(message)
    session.flush()
    edited = What(ChangeKind.MESSAGE_EDITED, message.id, message.sender_id)
    tell_changed(session, message, edited, now)
    return message


def tell_changed(session: Session, message: Message, what: What, now: Moment) -> None:
    """Tell whoever watches or listens what happened to a message, and what it is now."""

    def tell() -> describe.Json:
        reacted = reactions.of_message(session, message.app_id, message.id)
        return describe.said(session, message, reacted)

    announce(session, (message.app_id, message.conversation_id), what, now, tell)


def delete(session: Session, app_id: str, message_id: str, now: Moment) -> None:
    """Delete a message, or raise NotFound. Its place stays, so that order is not disturbed."""
    message = held(session, app_id, message_id)
    said = describe.said(session, message, reactions.of_message(session, app_id, message_id))
    reactions.drop_all(session, app_id, message_id)
    message.deleted_at, message.text, message.content, message.custom = now, None, None, {}
    session.add(message)
    session.flush()
    deleted = What(ChangeKind.MESSAGE_DELETED, message_id, message.sender_id)
    announce(session, (app_id, message.conversation_id), deleted, now, lambda: said)


def existing(session: Session, where: tuple[str, str], message_id: str) -> Message:
    """Return a message of (app, conversation), or raise NotFound: also if it is of another one."""
    app_id, conversation_id = where
    message = messages.find(session, app_id, message_id)
    if message is None or message.conversation_id != conversation_id:
        raise NotFound(f"There is no message {message_id!r}.", code="MESSAGE_NOT_FOUND")
    return message


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
