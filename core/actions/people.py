"""Users: put one, or change what is said of them."""

from typing import Any

from core.actions.announce import USER_CREATED, USER_UPDATED, announce_user
from core.errors import NotFound
from core.model.shapes import user_shape
from core.model.user import User
from core.moment import Moment
from core.store import users
from core.store.database import Session


def put_user(
    session: Session, app_id: str, user_id: str, changes: dict[str, Any], now: Moment
) -> User:
    """Make a user or change the given fields of one; what is as it was is not announced."""
    user = users.find(session, app_id, user_id)
    happened = USER_CREATED if user is None else USER_UPDATED
    if user is None:
        user = User(app_id=app_id, id=user_id, name=changes.get("name") or user_id, created_at=now)
    news = {name: value for name, value in changes.items() if getattr(user, name) != value}
    for name, value in news.items():
        setattr(user, name, value)
    session.add(user)
    session.flush()
    if news or happened == USER_CREATED:
        announce_user(session, app_id, user_id, (happened, {"user": user_shape(user)}), now)
    return user


def existing(session: Session, app_id: str, user_id: str) -> User:
    """Return a user, or raise NotFound."""
    user = users.find(session, app_id, user_id)
    if user is None:
        raise NotFound(f"There is no user {user_id!r}.", code="USER_NOT_FOUND")
    return user
