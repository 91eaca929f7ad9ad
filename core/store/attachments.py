"""Attachments by what points at them: links, objects, the conversation they are in."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from core.files.link import READERS
from core.model.app import App
from core.model.attachment import Attachment
from core.model.message import Message
from core.model.participant import Access, Participant
from core.model.user import User


def of_link(session: Session, app_number: int, reference: int, reader: int) -> Attachment | None:
    """Return the file a signed link names, unless its message was deleted.

    Nor where nobody of the conversation is its ``reader`` (``core.files.link.reader_of``): they
    have left, may no longer read, or their address was revoked.
    """
    named = (col(Participant.reference) % READERS + Participant.address_epoch) % READERS
    is_here = (
        select(Participant.user_id)
        .where(
            Participant.app_id == Message.app_id,
            Participant.conversation_id == Message.conversation_id,
            col(Participant.left_at).is_(None),
            Participant.access != Access.NONE,
            named == reader,
        )
        .exists()
    )
    statement = (
        select(Attachment)
        .join(App, col(App.app_id) == Attachment.app_id)
        .join(
            Message,
            (col(Message.app_id) == Attachment.app_id) & (col(Message.id) == Attachment.message_id),
        )
        .where(
            App.number == app_number,
            Attachment.reference == reference,
            col(Message.deleted_at).is_(None),
            is_here,
        )
    )
    return session.exec(statement).one_or_none()


def locales_of_link(
    session: Session, app_number: int, reference: int, reader: int
) -> tuple[str | None, str] | None:
    """Return the locale of whom a file's link was sent to, and their app's; None if unknown.

    Also of one who has left, and of a file that is gone: it is asked for words to say so.
    """
    named = (col(Participant.reference) % READERS + Participant.address_epoch) % READERS
    statement = (
        select(User.locale, App.default_locale)
        .select_from(Attachment)
        .join(App, col(App.app_id) == Attachment.app_id)
        .join(
            Message,
            (col(Message.app_id) == Attachment.app_id) & (col(Message.id) == Attachment.message_id),
        )
        .join(
            Participant,
            (col(Participant.app_id) == Message.app_id)
            & (col(Participant.conversation_id) == Message.conversation_id),
        )
        .join(
            User,
            (col(User.app_id) == Participant.app_id) & (col(User.id) == Participant.user_id),
        )
        .where(App.number == app_number, Attachment.reference == reference, named == reader)
        .limit(1)
    )
    row = session.exec(statement).first()
    return None if row is None else (row[0], row[1])


def named(session: Session, object_keys: Collection[str]) -> set[str]:
    """Return those of the objects that some attachment names."""
    statement = select(Attachment.object_key).where(col(Attachment.object_key).in_(object_keys))
    return {key for key in session.exec(statement) if key is not None}


def digests(session: Session, app_id: str, conversation_id: str, most: int) -> frozenset[str]:
    """Return the SHA-256 of the newest pictures in a conversation, by which one is known again."""
    statement = (
        select(Attachment.sha256)
        .join(
            Message,
            (col(Message.app_id) == Attachment.app_id) & (col(Message.id) == Attachment.message_id),
        )
        .where(
            Attachment.app_id == app_id,
            Message.conversation_id == conversation_id,
            col(Attachment.content_type).startswith("image/"),
        )
        .order_by(col(Attachment.created_at).desc())
        .limit(most)
    )
    return frozenset(session.exec(statement))
