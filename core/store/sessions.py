"""Sessions: who looks at what right now."""

from sqlalchemy import delete
from sqlmodel import Session as StoreSession
from sqlmodel import col, select

from core.model.session import Session
from core.moment import Moment
from core.store.dialect import flushed


def tell(store: StoreSession, told: Session) -> None:
    """Remember what a session tells of itself."""
    store.merge(told)


def end(store: StoreSession, app_id: str, user_id: str, session_id: str) -> None:
    """Forget a session that was closed."""
    found = store.get(Session, (app_id, user_id, session_id))
    if found is not None:
        store.delete(found)


def of_user(store: StoreSession, app_id: str, user_id: str, now: Moment) -> list[Session]:
    """Return a user's live sessions."""
    return list(
        store.exec(
            select(Session).where(
                Session.app_id == app_id, Session.user_id == user_id, Session.expires_at > now
            )
        )
    )


def live(store: StoreSession, app_id: str, now: Moment) -> list[Session]:
    """Return all live sessions of an app."""
    return list(
        store.exec(select(Session).where(Session.app_id == app_id, Session.expires_at > now))
    )


def sweep(store: StoreSession, now: Moment) -> int:
    """Forget sessions that have ended; return how many."""
    done = flushed(store).execute(delete(Session).where(col(Session.expires_at) <= now))
    return int(done.rowcount)
