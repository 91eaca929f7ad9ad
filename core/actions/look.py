"""A session tells what its user looks at and whether they type; or that it has ended."""

from core.errors import NotFound
from core.model.session import UserSession
from core.moment import SECOND, Moment
from core.rules.attention import LONGEST_SESSION
from core.rules.bounds import SESSIONS, require
from core.rules.patience import LOOK_AT_TYPING
from core.rules.waiting import Wait
from core.store import conversations, participants, sessions, users, waits
from core.store.database import Session
from core.store.engine import touched
from core.store.engine.touched import Touched

LONGEST_TTL_SECONDS = LONGEST_SESSION // SECOND


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
    # Looked at before it is told: the row that is there becomes what is told.
    stopped = _has_stopped(before, told)
    watched = _watched(before, told.told_at)
    sessions.tell(session, told)
    _known_now(session, told.app_id, watched, told.told_at)
    _note_opened(session, before_it=watched, told=told)
    if stopped is not None:
        _typing_ended(session, told.app_id, stopped, told.told_at)
    _note_typing(session, told)
    if told.is_typing and told.selected_conversation_id is not None:
        conversations.typed(session, told.app_id, told.selected_conversation_id, told.told_at)


def leave(session: Session, app_id: str, user_id: str, session_id: str, now: Moment) -> None:
    """Forget a session that was closed; who typed there has stopped."""
    before = sessions.find(session, app_id, user_id, session_id)
    _note_typing(session, before)
    stopped = _typed(before, now)
    watched = _watched(before, now)
    sessions.end(session, app_id, user_id, session_id)
    _known_now(session, app_id, watched, now)
    if stopped is not None:
        _typing_ended(session, app_id, stopped, now)


def _watched(one: UserSession | None, now: Moment) -> tuple[str, str] | None:
    """Return the conversation and user of a live page that may show it to them."""
    if one is None or not one.has_focus or one.expires_at <= now:
        return None
    if one.selected_conversation_id is None:
        return None
    return one.selected_conversation_id, one.user_id


def _note_opened(session: Session, before_it: tuple[str, str] | None, told: UserSession) -> None:
    """Note that a page shows somebody a conversation it did not show before."""
    opened = _watched(told, told.told_at)
    if opened is None or opened == before_it:
        return
    participants.opened(session, (told.app_id, *opened), told.told_at)
    session.flush()
    waits.page_tells(session, (told.app_id, *opened), Wait.BACK_OFF.value, told.told_at)


def _known_now(session: Session, app_id: str, watched: tuple[str, str] | None, now: Moment) -> None:
    """Let what waits to hear of a page be looked at: whatever it tells, it was alive."""
    if watched is not None:
        session.flush()
        waits.page_tells(session, (app_id, *watched), Wait.A_PAGE.value, now)


def _has_stopped(before: UserSession | None, told: UserSession) -> tuple[str, Moment] | None:
    """Return where and until when a session typed, if it does so no more."""
    typed = _typed(before, told.told_at)
    if told.is_typing and typed == (told.selected_conversation_id, told.told_at):
        return None
    return typed


def _typed(one: UserSession | None, now: Moment) -> tuple[str, Moment] | None:
    """Return in which conversation a session typed, and until when: now, or its end."""
    if one is None or not one.is_typing or one.selected_conversation_id is None:
        return None
    return one.selected_conversation_id, min(one.expires_at, now)


def _typing_ended(session: Session, app_id: str, typed: tuple[str, Moment], now: Moment) -> None:
    """Let the pause of a conversation begin when somebody stopped, and what waits for it know.

    That they typed is written first: it locks the conversation, so that who decides on it meanwhile
    sees either that they type or that they have stopped.
    """
    conversation_id, until = typed
    conversations.typed_until(session, app_id, conversation_id, until)
    session.flush()
    if until == now:
        waits.typing_ended(session, app_id, conversation_id, now, LOOK_AT_TYPING)


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
