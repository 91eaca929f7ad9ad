"""Users."""

import json
from collections.abc import Collection

from sqlalchemy import String, cast, func, or_
from sqlmodel import Session, col, select

from core.email_address import comparable
from core.model.session import UserSession
from core.model.user import User
from core.moment import Moment

_MOST_ALIKE = 1_000  # users that are read for whose an address is


def find(session: Session, app_id: str, user_id: str) -> User | None:
    """Return a user."""
    return session.get(User, (app_id, user_id))


def lock(session: Session, app_id: str, user_id: str) -> None:
    """Hold the user's row lock to the end of the transaction."""
    session.exec(select(User.id).where(User.app_id == app_id, User.id == user_id).with_for_update())


def several(session: Session, app_id: str, user_ids: Collection[str]) -> dict[str, User]:
    """Return those of the users that exist, by id."""
    if not user_ids:
        return {}
    statement = select(User).where(User.app_id == app_id, col(User.id).in_(user_ids))
    return {user.id: user for user in session.exec(statement)}


def page(
    session: Session,
    app_id: str,
    limit: int,
    after: str | None,
    *,
    online: bool | None = None,
    now: Moment = 0,
) -> list[User]:
    """Return a page of users by id, after an id; if asked, those online now, or the others."""
    statement = select(User).where(User.app_id == app_id)
    if after is not None:
        statement = statement.where(User.id > after)
    if online is not None:
        live = (
            select(UserSession.id)
            .where(
                UserSession.app_id == User.app_id,
                UserSession.user_id == User.id,
                UserSession.expires_at > now,
            )
            .exists()
        )
        statement = statement.where(live if online else ~live)
    return list(session.exec(statement.order_by(col(User.id)).limit(limit)))


def with_address(session: Session, app_id: str, address: str, most: int) -> list[User]:
    """Return users who are written to at an address, by id. All of the app's are looked through.

    Of those whose address begins alike, as ``info@``, the first 1,000 are read and no more.
    """
    mailbox = comparable(address)
    local = mailbox.rpartition("@")[0]
    # As one engine and the other spell a text in JSON; an address begins behind its quote.
    spelled = {json.dumps(local)[:-1], json.dumps(local, ensure_ascii=False)[:-1]}
    text = func.lower(cast(col(User.email), String))
    begins = (text.contains(f"{one}@", autoescape=True) for one in spelled)
    statement = select(User).where(User.app_id == app_id, or_(*begins)).order_by(col(User.id))
    statement = statement.limit(_MOST_ALIKE)
    found = (
        user for user in session.exec(statement) if mailbox in map(comparable, user.email or ())
    )
    return [user for user, _ in zip(found, range(most), strict=False)]
