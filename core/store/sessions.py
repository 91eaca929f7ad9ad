"""Sessions: who looks at what right now."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from core.model.session import UserSession
from core.moment import Moment
from core.store.engine.dialect import flushed

ANY = "*any*"  # no conversation's id: as a filter, None is a page that shows none
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class UserSessionQuery:
    """Whose sessions are asked for, and of which kind; None: of any, but for the conversation."""

    user_ids: Collection[str] | None = None
    selected_conversation_id: str | None = ANY
    has_focus: bool | None = None
    is_typing: bool | None = None


def tell(store: Session, told: UserSession) -> None:
    """Remember what a session tells of itself."""
    store.merge(told)


def find(store: Session, app_id: str, user_id: str, session_id: str) -> UserSession | None:
    """Return what a session last told of itself."""
    return store.get(UserSession, (app_id, user_id, session_id))


def end(store: Session, app_id: str, user_id: str, session_id: str) -> None:
    """Forget a session that was closed."""
    found = find(store, app_id, user_id, session_id)
    if found is not None:
        store.delete(found)


def of_user(store: Session, app_id: str, user_id: str, now: Moment) -> list[UserSession]:
    """Return a user's live sessions, by their ids."""
    statement = select(UserSession).where(
        UserSession.app_id == app_id,
        UserSession.user_id == user_id,
        UserSession.expires_at > now,
    )
    return list(store.exec(statement.order_by(col(UserSession.id))))


def live(store: Session, app_id: str, wanted: UserSessionQuery, now: Moment) -> list[UserSession]:
    """Return the live sessions of an app that are as wanted, by user; so many at most."""
    statement = select(UserSession).where(
        UserSession.app_id == app_id, UserSession.expires_at > now
    )
    if wanted.user_ids is not None:
        statement = statement.where(col(UserSession.user_id).in_(wanted.user_ids))
    if wanted.selected_conversation_id is not ANY:
        selected = UserSession.selected_conversation_id == wanted.selected_conversation_id
        statement = statement.where(selected)
    if wanted.has_focus is not None:
        statement = statement.where(UserSession.has_focus == wanted.has_focus)
    if wanted.is_typing is not None:
        statement = statement.where(UserSession.is_typing == wanted.is_typing)
    return list(store.exec(statement.order_by(col(UserSession.user_id)).limit(_MOST)))


def count(store: Session, app_id: str, user_id: str) -> int:
    """Return how many sessions of a user are kept, also those that have ended."""
    statement = select(func.count()).where(
        UserSession.app_id == app_id, UserSession.user_id == user_id
    )
    return store.exec(statement).one()


def sweep_user(store: Session, app_id: str, user_id: str, now: Moment) -> int:
    """Forget sessions of a user that have ended; return how many."""
    ended = delete(UserSession).where(
        col(UserSession.app_id) == app_id,
        col(UserSession.user_id) == user_id,
        col(UserSession.expires_at) <= now,
    )
    return int(flushed(store).execute(ended).rowcount)


def sweep(store: Session, now: Moment) -> int:
    """Forget sessions that have ended; return how many."""
    done = flushed(store).execute(delete(UserSession).where(col(UserSession.expires_at) <= now))
    return int(done.rowcount)
