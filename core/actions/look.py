"""A session tells what its user looks at and whether they type; or that it has ended."""

from core.errors import NotFound
from core.model.session import UserSession
from core.moment import SECOND, Moment
from core.store import conversations, sessions, users
from core.store.database import Session

LONGEST_TTL_SECONDS = 300


def look(session: Session, told: UserSession) -> None:
    """Remember a session, and its typing as activity of the conversation it is in.

    Who types does so for as long as the session lives, so one that falls silent stops by itself;
    that they did is kept of the conversation, for when the session is gone. Raise NotFound if
    there is no such user.
    """
    if users.find(session, told.app_id, told.user_id) is None:
        raise NotFound(f"There is no user {told.user_id!r}.", code="USER_NOT_FOUND")
    sessions.tell(session, told)
    if told.is_typing and told.selected_conversation_id is not None:
        conversations.typed(session, told.app_id, told.selected_conversation_id, told.told_at)


def leave(session: Session, app_id: str, user_id: str, session_id: str) -> None:
    """Forget a session that was closed."""
    sessions.end(session, app_id, user_id, session_id)


def end_of(ttl_seconds: int, now: Moment) -> Moment:
    """Return when a session that tells of itself now ends, if it says nothing more."""
    return now + min(ttl_seconds, LONGEST_TTL_SECONDS) * SECOND
