"""Whom and what does an operator ask about? By an id, an address, or the Message-ID of a mail.

An id may look like an address, and a Message-ID does: the id comes first, then the mail, whose
Message-ID holds our own id of it, then whoever has the address now.
"""

from dataclasses import dataclass

from core.email_address import is_mailbox
from core.errors import InvalidRequest, NotFound
from core.model.delivery import Delivery
from core.model.message import Message
from core.store import deliveries, messages, users
from core.store.database import Session

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Meant:
    """Who is meant, and of what if that was said: a conversation, a message of it, or a mail."""

    user_id: str
    conversation_id: str | None
    message: Message | None = None
    mail: Delivery | None = None


def who_is_meant(
    session: Session, app_id: str, of: str, conversation_id: str | None, message_id: str | None
) -> Meant:
    """Return who and what is meant, or raise NotFound or InvalidRequest with what to say instead.

    ``of``: a user's id, an address of theirs, or the Message-ID of a mail to them. ``message_id``:
    a message's id, or the Message-ID of a mail.
    """
    user_id = of if users.find(session, app_id, of) is not None else None
    mail = _mail(session, app_id, of) if user_id is None else None
    if user_id is None and mail is None:
        user_id = _by_address(session, app_id, of)
    if message_id is not None and mail is None:
        mail = _mail(session, app_id, message_id)
    if mail is not None:
        return _of_mail(mail, user_id, conversation_id)
    if message_id is None:
        return Meant(user_id or "", conversation_id)
    message = messages.ever(session, app_id, message_id)
    if message is None or conversation_id not in {None, message.conversation_id}:
        raise NotFound(f"There is no message {message_id!r} here.", code="MESSAGE_NOT_FOUND")
    return Meant(user_id or "", message.conversation_id, message)


def _of_mail(mail: Delivery, user_id: str | None, conversation_id: str | None) -> Meant:
    """Return what is meant by a mail. Raise InvalidRequest if it is not theirs, or not of there."""
    if user_id not in {None, mail.user_id}:
        raise InvalidRequest(f"The mail {mail.message_id} went to {mail.user_id!r}.")
    if conversation_id not in {None, mail.conversation_id}:
        raise InvalidRequest(f"The mail {mail.message_id} is about {mail.conversation_id!r}.")
    return Meant(mail.user_id, mail.conversation_id, mail=mail)


def _mail(session: Session, app_id: str, message_id: str) -> Delivery | None:
    """Return the mail of ours with this Message-ID, with or without its brackets, or None."""
    written = message_id.strip().removeprefix("<").removesuffix(">")
    id_, at, _ = written.partition("@")
    found = deliveries.find(session, app_id, id_) if at else None
    return found if found is not None and found.message_id == f"<{written}>" else None


def _by_address(session: Session, app_id: str, address: str) -> str:
    """Return the one user who has an address. Raise NotFound, InvalidRequest if several have it."""
    named = users.with_address(session, app_id, address, _MOST_NAMED) if is_mailbox(address) else []
    if not named:
        what = "user, address or mail" if "@" in address else "user"
        raise NotFound(f"There is no {what} {address!r}.", code="USER_NOT_FOUND")
    if len(named) > 1:
        ids = ", ".join(user.id for user in named)
        raise InvalidRequest(f"Several users have the address {address}: say which of {ids}.")
    return named[0].id
