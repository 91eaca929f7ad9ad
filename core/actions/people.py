"""Users: put one, or change what is said of them."""

from collections.abc import Collection
from typing import Any

from core.actions import readdress
from core.actions.announce import announce_user
from core.errors import InvalidRequest, NotFound
from core.model.change import ChangeKind
from core.model.shapes import user_shape
from core.model.user import User
from core.moment import Moment
from core.rules.patching import merged, registered
from core.store import suppressions, users, waits
from core.store.database import Session


def put_user(
    session: Session, app_id: str, user_id: str, changes: dict[str, Any], now: Moment
) -> User:
    """Make a user or change the given fields of one; what is as it was is not announced.

    ``custom`` and ``push_tokens`` are patches. Raise InvalidRequest for somebody without a name.
    """
    user = users.find(session, app_id, user_id)
    if user is None and not changes.get("name"):
        raise InvalidRequest(f"{user_id}: name: a new user needs a name")
    if "name" in changes and changes["name"] is None:
        raise InvalidRequest(f"{user_id}: name: must not be null")
    happened = ChangeKind.USER_CREATED if user is None else ChangeKind.USER_UPDATED
    if user is None:
        user = User(app_id=app_id, id=user_id, name=changes["name"], created_at=now)
    wanted = _patched(user, changes)
    news = {name: value for name, value in wanted.items() if getattr(user, name) != value}
    gone = {*(user.email or ())} - {*(news.get("email") or ())} if "email" in news else set()
    for name, value in news.items():
        setattr(user, name, value)
    session.add(user)
    session.flush()
    if happened is ChangeKind.USER_UPDATED:
        _heed(session, user, news.keys(), gone, now)
    if news or happened is ChangeKind.USER_CREATED:
        announce_user(session, app_id, user_id, happened, now, lambda: {"user": user_shape(user)})
    return user


def _heed(
    session: Session, user: User, changed: Collection[str], gone: Collection[str], now: Moment
) -> None:
    """Let what was owed to a user already follow what they are now; ``gone``: addresses."""
    if "email" in changed:
        suppressions.note_whose(session, user.app_id, user.id, gone)
        readdress.look_soon(session, user, now)
    if {"role", "time_zone"} & {*changed}:
        waits.rules_changed(session, user.app_id, user.id, now)


def existing(session: Session, app_id: str, user_id: str) -> User:
    """Return a user, or raise NotFound."""
    user = users.find(session, app_id, user_id)
    if user is None:
        raise NotFound(f"There is no user {user_id!r}.", code="USER_NOT_FOUND")
    return user


def _patched(user: User, changes: dict[str, Any]) -> dict[str, Any]:
    """Return the changes, with each patch made into what it leaves of the user's own."""
    wanted = dict(changes)
    if "custom" in changes:
        wanted["custom"] = merged(user.custom, changes["custom"])
    if changes.get("push_tokens"):  # null, or an empty map, stands for itself
        wanted["push_tokens"] = registered(user.push_tokens, changes["push_tokens"])
    return wanted
