"""A session tells what its user looks at and whether they type; or that it has ended."""

from core.errors import NotFound
from core.model.session import UserSession
from core.moment import SECOND, Moment
from core.rules.bounds import SESSIONS, require
from core.store import conversations, sessions, users
from core.store.database import Session
from core.store.engine import touched
from core.store.engine.touched import Touched

LONGEST_TTL_SECONDS = 300


def look(session: Session, told: UserSession) -> None:
    """Remember a session, and its typing as activity of the conversation it is in.

    Who types does so for as long as the session lives, so one that falls silent stops by itself;
    that they did is kept of the conversation, for when the session is gone. Raise NotFound if
    there is no such user, InvalidRequest if they have too many sessions open.
    """
    if users.find(session, told.app_id, told.user_id) is None:
        raise NotFound(f"There is no user {told.user_id!r}.", code="USER_NOT_FOUND")
    before = sessions.find(session, told.app_id, told.user_id, told.id)
    if before is None:
        _make_room(session, told)
    _note_typing(session, before)
    sessions.tell(session, told)
    _note_typing(session, told)
    if told.is_typing and told.selected_conversation_id is not None:
        conversations.typed(session, told.app_id, told.selected_conversation_id, told.told_at)


def leave(session: Session, app_id: str, user_id: str, session_id: str) -> None:
    """Forget a session that was closed."""
    _note_typing(session, sessions.find(session, app_id, user_id, session_id))
    sessions.end(session, app_id, user_id, session_id)


def _make_room(session: Session, told: UserSession) -> None:
    """Forget sessions of the user that have ended, if one more would be too many; or refuse it."""
    users.lock(session, told.app_id, told.user_id)
    count = sessions.count(session, told.app_id, told.user_id)
    if count >= SESSIONS.most:
        count -= sessions.sweep_user(session, told.app_id, told.user_id, told.told_at)
    require(SESSIONS, count + 1)


def _note_typing(session: Session, one: UserSession | None) -> None:
    """Let whoever watches look who types where this one does, or did until now."""
    if one is not None and one.is_typing and one.selected_conversation_id is not None:
        here = Touched(one.app_id, one.selected_conversation_id, typing=True)
        touched.note(session, here)


def end_of(ttl_seconds: int, now: Moment) -> Moment:
    """Return when a session that tells of itself now ends, if it says nothing more."""
    return now + min(ttl_seconds, LONGEST_TTL_SECONDS) * SECOND
