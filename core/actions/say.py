"""Say something: a message, and all that is owed because of it, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.actions import describe
from core.actions.announce import What, log, numbered
from core.errors import InvalidRequest, NotAllowed, NotFound
from core.files.keep import Kept
from core.ids import new_id, new_reference
from core.model.attachment import Attachment
from core.model.change import Change, ChangeKind
from core.model.member import Audience, Member
from core.model.message import Message, MessageKind, Origin
from core.model.participant import Access
from core.model.pending import Pending
from core.model.receipt import Receipt
from core.moment import SECOND, Moment
from core.rules.audience import is_here, owed, owes_nobody
from core.store import (
    changes,
    conversations,
    fan_outs,
    messages,
    participants,
    pending,
    posting,
    read_markers,
)
from core.store.database import Session
from core.store.engine.joined_lookup import Write, write_all
from core.store.posting import NOTHING_MORE, AlsoWritten
from core.store.rows import fresh


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wants to say, where, and as whom (None: the app itself)."""

    app_id: str
    conversation_id: str
    sender_id: str | None
    text: str | None
    kind: MessageKind = MessageKind.USER
    origin: Origin = Origin.REST
    content: list[dict[str, Any]] | None = None
    location: list[float] | None = None
    files: Sequence[Kept] = ()
    mentions: frozenset[str] = frozenset()
    custom: dict[str, str] = field(default_factory=dict)
    referenced_message_id: str | None = None
    idempotency_key: str | None = None
    message_id: str | None = None
    email_confidence: int | None = None
    critical: bool = False


def say(session: Session, words: Words, now: Moment) -> Message:
    """Add the message and note who is owed word of it; the same one twice is one.

    Raise NotFound without such a conversation, InvalidRequest if the sender is not in it,
    NotAllowed if they may not write. A caller who sees any of these has said nothing.
    """
    app_id, conversation_id = words.app_id, words.conversation_id
    if words.idempotency_key is not None:
        conversations.lock(session, app_id, conversation_id)
        before = messages.repeated(session, app_id, conversation_id, words.idempotency_key)
        if before is not None:
            return before
    taken = conversations.take_to_speak(session, app_id, conversation_id, now)
    if taken is None:
        raise NotFound(f"There is no conversation {conversation_id!r}.", code=NO_CONVERSATION)
    number, seq = taken
    audience = participants.audience(session, app_id, conversation_id)
    if words.sender_id is not None:
        _may_speak(session, words, audience)
    message = _message(words, seq, now)
    change = _change(message, number)
    writes = [messages.adding(message), *_owing(session, message, audience, words.mentions)]
    write_all(session, writes if audience.listened_to else [*writes, changes.adding(change)])
    if words.files:
        files = [_file(message, place, one) for place, one in enumerate(words.files)]
        messages.add_files(session, files)
    if words.sender_id is not None and words.origin is not Origin.EMAIL:
        read_markers.read(session, (app_id, conversation_id, words.sender_id), seq, now)
    if audience.listened_to:
        log(session, change, describe.said(session, message))
    return message


def say_at_once(
    session: Session,
    words: Words,
    receipt: Receipt,
    now: Moment,
    more: AlsoWritten = NOTHING_MORE,
    also: str | None = None,
) -> str | None:
    """Say what a mail says by one statement, with its receipt, and return the message's id.

    ``more``: what the mail writes besides. ``also``: another words key by which the same mail may
    be known.

    None where that cannot be, and then nothing is written: ``say`` tells why, or does it in more
    steps. What is owed is decided a moment before; whether the author may write is asked again.
    """
    audience = participants.audience(session, words.app_id, words.conversation_id)
    if audience.listened_to or audience.crowd or words.files:
        return None
    message = _message(words, 0, now)
    debts = _debts(message, audience.members, words.mentions)
    if len(debts) > posting.MOST_OWED:
        return None
    number = posting.post(session, receipt, message, debts, more, also)
    return None if number is None else message.id


NO_CONVERSATION = "CONVERSATION_NOT_FOUND"


def _may_speak(session: Session, words: Words, audience: Audience) -> None:
    """Refuse a sender who is not here or may only read."""
    sender_id = words.sender_id or ""
    sender = next((member for member in audience.members if member.user_id == sender_id), None)
    if sender is None and audience.crowd:
        sender = participants.member(session, words.app_id, words.conversation_id, sender_id)
    if sender is None or not is_here(sender):
        raise InvalidRequest(
            f"The sender {sender_id!r} is not a participant of the conversation.",
            code="NOT_A_PARTICIPANT",
        )
    if sender.access is not Access.READ_WRITE:
        raise NotAllowed(f"The sender {sender_id!r} may only read.", code="NO_WRITE_ACCESS")


def _message(words: Words, seq: int, now: Moment) -> Message:
    return fresh(
        Message,
        app_id=words.app_id,
        id=words.message_id or new_id("msg", now),
        conversation_id=words.conversation_id,
        seq=seq,
        type=words.kind,
        sender_id=words.sender_id,
        text=words.text,
        content=words.content,
        location=words.location,
        origin=words.origin,
        referenced_message_id=words.referenced_message_id,
        mentions=sorted(words.mentions) or None,
        custom=words.custom,
        idempotency_key=words.idempotency_key,
        email_confidence=words.email_confidence,
        critical=words.critical,
        created_at=now,
    )


def _change(message: Message, number: int) -> Change:
    where = (message.app_id, message.conversation_id)
    what = What(ChangeKind.MESSAGE_SENT, message.id, message.sender_id)
    return numbered(where, what, number, message.created_at)


def _file(message: Message, position: int, file: Kept) -> Attachment:
    return Attachment(
        app_id=message.app_id,
        id=new_id("fil", message.created_at),
        message_id=message.id,
        position=position,
        filename=file.filename,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        reference=new_reference(),
        object_key=file.object_key,
        created_at=message.created_at,
    )


def _owing(
    session: Session, message: Message, audience: Audience, mentions: frozenset[str]
) -> list[Write]:
    """Return what notes who is owed word; of a crowd, what has it noted by and by."""
    if not audience.crowd:
        debts = _debts(message, audience.members, mentions)
        owing = pending.owing_soon if message.critical else pending.owing
        return [owing(session, one) for one in debts]
    if owes_nobody(message.type, message.origin):
        return []
    where = (message.app_id, message.conversation_id)
    return [fan_outs.beginning(session, where, message.seq, message.created_at)]


def _debts(message: Message, members: Sequence[Member], mentions: frozenset[str]) -> list[Pending]:
    """Return a pending for everyone who is owed word; who has one already keeps theirs."""
    if owes_nobody(message.type, message.origin):
        return []
    where = (message.app_id, message.conversation_id)
    return [
        debt(where, member, message.seq, message.created_at)
        for member in sorted(owed(members, message.sender_id, mentions), key=_by_user)
    ]


def debt(where: tuple[str, str], member: Member, seq: int, said_at: Moment) -> Pending:
    """Return what a member of (app, conversation) is owed from a message on."""
    return fresh(
        Pending,
        app_id=where[0],
        conversation_id=where[1],
        user_id=member.user_id,
        first_seq=seq,
        first_missed_at=said_at,
        due_at=said_at + member.timeout_seconds * SECOND,
    )


def _by_user(member: Member) -> str:
    return member.user_id
