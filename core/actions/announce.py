"""Something happened: number it, log it, wake who is told of it, all in its own transaction.

Every change of a conversation is logged, whoever listens. What webhooks tell of it is written
beside it where the app has any, for to gather it costs more than the change; one that is added
later is told nothing old. The types of events are talkjs-spec's, 3.3; docs/webhooks.md says when
each is told, and which are not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.ids import new_id
from core.model.change import Change, ChangeKind
from core.moment import Moment
from core.rules.telling import ONLY_TOLD
from core.store import changes, conversations, webhooks
from core.store.database import Session
from core.store.engine import touched
from core.store.engine.touched import Touched
from core.store.rows import fresh

Data = dict[str, Any]
Tell = Callable[[], Data]  # gathers it, where that costs something


@dataclass(frozen=True, slots=True)
class What:
    """What happened, and to which message or user."""

    kind: ChangeKind
    message_id: str | None = None
    user_id: str | None = None


def announce(
    session: Session,
    where: tuple[str, str],
    what: What,
    now: Moment,
    tell: Tell | Data | None = None,
) -> int | None:
    """Log what happened in a conversation (app, conversation), and return its number.

    The number is taken under the conversation's row lock. ``tell`` is what webhooks tell of it, or
    gathers that: then it is asked whether there is one at all. Without, they tell nothing. None if
    the conversation is gone, or if it is nothing but an event and there is no webhook.
    """
    listened_to = tell is not None
    if callable(tell):
        listened_to = webhooks.has_endpoint(session, where[0])
    if what.kind in ONLY_TOLD and not listened_to:
        return None
    number = conversations.take_change(session, *where)
    if number is not None:
        told = tell if listened_to else None
        log(session, numbered(where, what, number, now), told() if callable(told) else told)
    return number


def numbered(where: tuple[str, str], what: What, number: int, now: Moment) -> Change:
    """Return a change under a number that was taken for it."""
    return fresh(
        Change,
        app_id=where[0],
        conversation_id=where[1],
        number=number,
        kind=what.kind,
        message_id=what.message_id,
        user_id=what.user_id,
        at=now,
    )


def log(session: Session, change: Change, data: dict[str, Any] | None) -> None:
    """Write a change down with what webhooks tell of it, if anything, and wake them."""
    if data is None:
        changes.append(session, change)
        return
    change.event_id, change.data = new_id("evt", change.at), data
    changes.append(session, change)
    webhooks.wake(session, change)


def announce_user(
    session: Session, app_id: str, user_id: str, kind: ChangeKind, now: Moment, tell: Tell
) -> None:
    """Log an event of a user, in order among their own, if the app has a webhook.

    Two at once take the same number, and the one that comes second is run again.
    """
    if not webhooks.has_endpoint(session, app_id):
        return
    where = (app_id, log_of_user(user_id))
    number = changes.last_number(session, *where) + 1
    log(session, numbered(where, What(kind, user_id=user_id), number, now), tell())
    touched.note(session, Touched(*where, number))


def log_of_user(user_id: str) -> str:
    """Return under which conversation's name a user's events are: no conversation has a slash."""
    return f"user/{user_id}"
