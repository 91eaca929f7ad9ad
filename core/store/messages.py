"""Messages and their files."""

from collections.abc import Collection, Iterable
from typing import cast

from sqlalchemy import bindparam, func, insert
from sqlalchemy import select as core_select
from sqlalchemy.orm import QueryableAttribute, defer
from sqlmodel import Session, col, select

from core.errors import InvalidRequest
from core.model.attachment import Attachment
from core.model.fan_out import FanOut, OwedMessage
from core.model.message import Message, MessageKind, Origin
from core.moment import Moment
from core.store.engine.dialect import table_of
from core.store.engine.joined_lookup import Write
from core.store.engine.prepared import Prepared
from core.store.rows import row_of

_M = table_of(Message)
_ADD = Prepared(insert(_M))
_OWED = ("seq", "type", "origin", "sender_id", "mentions", "created_at", "critical")
_BETWEEN = Prepared(
    core_select(*(_M.c[name] for name in _OWED))
    .where(
        _M.c.app_id == bindparam("a"),
        _M.c.conversation_id == bindparam("c"),
        _M.c.seq >= bindparam("f"),
        _M.c.seq <= bindparam("l"),
        _M.c.deleted_at.is_(None),
    )
    .order_by(_M.c.seq)
)
_OCTETS = cast("QueryableAttribute[bytes]", Attachment.octets)


def find(session: Session, app_id: str, message_id: str) -> Message | None:
    """Return a message that has not been deleted."""
    message = session.get(Message, (app_id, message_id))
    return message if message is not None and message.deleted_at is None else None


def ever(session: Session, app_id: str, message_id: str) -> Message | None:
    """Return a message, also one that has been deleted."""
    return session.get(Message, (app_id, message_id))


def adding(message: Message) -> Write:
    """Return what stores a new message."""
    return Write(_ADD, row_of(message))


def add_files(session: Session, files: Iterable[Attachment]) -> None:
    """Store a message's files."""
    session.add_all(files)
    session.flush()


def repeated(
    session: Session, app_id: str, conversation_id: str, idempotency_key: str
) -> Message | None:
    """Return the message that was said under this idempotency key, or None."""
    statement = select(Message).where(
        Message.app_id == app_id,
        Message.conversation_id == conversation_id,
        Message.idempotency_key == idempotency_key,
    )
    return session.exec(statement).one_or_none()


def page(
    session: Session, app_id: str, conversation_id: str, limit: int, after: str | None
) -> list[Message]:
    """Return a page of a conversation, newest first, after (older than) a message.

    Raise InvalidRequest if that message is not of this conversation.
    """
    statement = select(Message).where(
        Message.app_id == app_id,
        Message.conversation_id == conversation_id,
        col(Message.deleted_at).is_(None),
    )
    if after is not None:
        anchor = session.get(Message, (app_id, after))
        if anchor is None or anchor.conversation_id != conversation_id:
            raise InvalidRequest(f"startingAfter: there is no message {after!r} here.")
        statement = statement.where(Message.seq < anchor.seq)
    return list(session.exec(statement.order_by(col(Message.seq).desc()).limit(limit)))


def between(session: Session, one: FanOut) -> list[OwedMessage]:
    """Return the messages that a fan-out is about, in order, but those that were deleted."""
    given = {"a": one.app_id, "c": one.conversation_id, "f": one.first_seq, "l": one.last_seq}
    return [
        OwedMessage(seq, kind, origin, sender_id, frozenset(mentions or ()), at, critical)
        for seq, kind, origin, sender_id, mentions, at, critical in _BETWEEN.rows(session, given)
    ]


def first_of_others(
    session: Session, app_id: str, conversation_id: str, after: int, user_id: str
) -> Message | None:
    """Return the first message after a number that somebody else than a user said, or None."""
    statement = (
        select(Message)
        .where(
            Message.app_id == app_id,
            Message.conversation_id == conversation_id,
            Message.seq > after,
            col(Message.deleted_at).is_(None),
            col(Message.sender_id).is_distinct_from(user_id),
        )
        .order_by(col(Message.seq))
        .limit(1)
    )
    return session.exec(statement).one_or_none()


def newest(session: Session, app_id: str, conversation_ids: Collection[str]) -> dict[str, Message]:
    """Return the newest message of each conversation that has one."""
    found = {}
    for name in conversation_ids:
        messages = page(session, app_id, name, 1, None)
        if messages:
            found[name] = messages[0]
    return found


def last_of(session: Session, app_id: str, conversation_id: str, user_id: str) -> int:
    """Return the number of a user's own last message; 0 if they said nothing."""
    statement = select(func.max(Message.seq)).where(
        Message.app_id == app_id,
        Message.conversation_id == conversation_id,
        Message.sender_id == user_id,
        col(Message.deleted_at).is_(None),
    )
    return session.exec(statement).one() or 0


def last_by_sender(session: Session, app_id: str, conversation_id: str) -> dict[str, int]:
    """Return the number of the last message of each who said something that owes an answer."""
    statement = (
        select(Message.sender_id, func.max(Message.seq))
        .where(
            Message.app_id == app_id,
            Message.conversation_id == conversation_id,
            Message.type == MessageKind.USER,
            Message.origin != Origin.IMPORT,
            col(Message.sender_id).is_not(None),
            col(Message.deleted_at).is_(None),
        )
        .group_by(col(Message.sender_id))
    )
    return {str(sender_id): int(seq) for sender_id, seq in session.exec(statement)}


def last_to(session: Session, app_id: str, conversation_id: str, user_id: str) -> int:
    """Return the number of the last thing that somebody else said to a user; 0 if nothing was."""
    statement = select(func.max(Message.seq)).where(
        Message.app_id == app_id,
        Message.conversation_id == conversation_id,
        Message.type == MessageKind.USER,
        col(Message.sender_id).is_distinct_from(user_id),
        col(Message.deleted_at).is_(None),
    )
    return session.exec(statement).one() or 0


def newest_to(
    session: Session, whose: tuple[str, str, str], until_seq: int | None, most: int
) -> list[Message]:
    """Return the newest messages of (app, conversation) that (user) did not say, newest first.

    Deleted ones too: that they were said is known by their numbers. ``until_seq``: none after it.
    """
    app_id, conversation_id, user_id = whose
    statement = select(Message).where(
        Message.app_id == app_id,
        Message.conversation_id == conversation_id,
        col(Message.sender_id).is_distinct_from(user_id),
    )
    if until_seq is not None:
        statement = statement.where(Message.seq <= until_seq)
    return list(session.exec(statement.order_by(col(Message.seq).desc()).limit(most)))


def seq_at(session: Session, app_id: str, conversation_id: str, until: Moment) -> int:
    """Return the number of the last message said until a moment; 0 if none."""
    statement = (
        select(Message.seq)
        .where(
            Message.app_id == app_id,
            Message.conversation_id == conversation_id,
            Message.created_at <= until,
        )
        .order_by(col(Message.seq).desc())
        .limit(1)
    )
    return session.exec(statement).one_or_none() or 0


def files(
    session: Session, app_id: str, message_ids: Collection[str]
) -> dict[str, tuple[Attachment, ...]]:
    """Return the files of messages, without their octets, by message."""
    statement = (
        select(Attachment)
        .options(defer(_OCTETS))
        .where(Attachment.app_id == app_id, col(Attachment.message_id).in_(message_ids))
        .order_by(col(Attachment.message_id), col(Attachment.position))
    )
    found: dict[str, tuple[Attachment, ...]] = {}
    for file in session.exec(statement):
        found[file.message_id] = (*found.get(file.message_id, ()), file)
    return found


def file(session: Session, app_id: str, file_id: str) -> Attachment | None:
    """Return a file with its octets."""
    return session.get(Attachment, (app_id, file_id))
