"""Mark a conversation as read by one of its participants."""

from typing import Literal

from core.actions import describe
from core.actions.announce import What, announce
from core.errors import NotFound
from core.model.change import ChangeKind
from core.model.message import Message
from core.model.shapes import user_shape
from core.moment import Moment
from core.store import (
    conversations,
    messages,
    participants,
    reactions,
    read_markers,
    users,
    webhooks,
)
from core.store.database import Session

_MOST = 100  # of a first look at a long conversation the newest messages are told


def mark_read(
    session: Session,
    whose: tuple[str, str, str],
    until: Moment | Literal["sent"] | None,
    now: Moment,
) -> None:
    """Note that (app, conversation, user) has read all that was said until a moment (None: all).

    ``sent``: until what they said last themselves.

    What they were owed of it is owed no longer. Raise NotFound if they are not there.
    """
    app_id, conversation_id, user_id = whose
    said = conversations.lock_at(session, app_id, conversation_id) or 0
    participant = participants.find(session, app_id, conversation_id, user_id)
    if participant is None or participant.left_at is not None:
        raise NotFound(
            f"{user_id!r} is not a participant of {conversation_id!r}.",
            code="PARTICIPANT_NOT_FOUND",
        )
    before = participant.read_seq
    if until == "sent":
        at, seq = now, messages.last_of(session, app_id, conversation_id, user_id)
    else:
        at = now if until is None else until
        # All is all, whatever a clock that was ahead wrote beside it.
        seq = said if until is None else messages.seq_at(session, app_id, conversation_id, at)
    read_markers.read(session, whose, seq, at)
    if seq > before:
        _announce(session, whose, (before, seq), now)


def _announce(
    session: Session, whose: tuple[str, str, str], between: tuple[int, int], now: Moment
) -> None:
    """Tell that somebody has read on: webhooks of each message, watchers once at least."""
    app_id, conversation_id, user_id = whose
    told = _told(session, whose, between) if webhooks.has_endpoint(session, app_id) else []
    if not told:
        what = What(ChangeKind.MESSAGE_READ, user_id=user_id)
        announce(session, (app_id, conversation_id), what, now)
    for message, data in told:
        what = What(ChangeKind.MESSAGE_READ, message.id, user_id)
        announce(session, (app_id, conversation_id), what, now, data)


def _told(
    session: Session, whose: tuple[str, str, str], between: tuple[int, int]
) -> list[tuple[Message, describe.Json]]:
    """Return each message that was read just now, in a conversation that is not a crowd."""
    app_id, conversation_id, user_id = whose
    most = read_markers.CROWD + 1
    listed = participants.first_listed(session, app_id, conversation_id, most)
    reader = users.find(session, app_id, user_id)
    if len(listed) > read_markers.CROWD or reader is None:
        return []
    newest = read_markers.newly_read(session, whose, between, _MOST)
    reacted = reactions.of_messages(session, app_id, [message.id for message in newest])
    by = {"recipient": user_shape(reader)}
    return [
        (message, describe.said(session, message, reacted.get(message.id)) | by)
        for message in newest
    ]
