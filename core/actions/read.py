"""Mark a conversation as read by one of its participants."""

from typing import Literal

from core.errors import NotFound
from core.moment import Moment
from core.store import conversations, messages, participants, reading
from core.store.database import Session


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
    participant = participants.find(session, app_id, conversation_id, user_id)
    if participant is None or participant.left_at is not None:
        raise NotFound(
            f"{user_id!r} is not a participant of {conversation_id!r}.",
            code="PARTICIPANT_NOT_FOUND",
        )
    conversations.lock(session, app_id, conversation_id)
    if until == "sent":
        own = messages.last_of(session, app_id, conversation_id, user_id)
        reading.read(session, whose, own, now)
        return
    at = now if until is None else until
    reading.read(session, whose, messages.seq_at(session, app_id, conversation_id, at), at)
