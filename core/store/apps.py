"""Apps, their keys and their roles."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from core.model.app import ApiKey, App
from core.model.role import DEFAULT_ROLE, Role
from core.moment import Moment


def find(session: Session, app_id: str) -> App | None:
    """Return an app."""
    return session.get(App, app_id)


def every(session: Session) -> list[App]:
    """Return all apps, by id."""
    return list(session.exec(select(App).order_by(col(App.app_id))))


def keys(session: Session, app_id: str) -> list[ApiKey]:
    """Return an app's living keys, oldest first."""
    statement = select(ApiKey).where(ApiKey.app_id == app_id, col(ApiKey.revoked_at).is_(None))
    return list(session.exec(statement.order_by(col(ApiKey.created_at), col(ApiKey.id))))


def lock(session: Session, app_id: str) -> None:
    """Hold the app's row lock to the end of the transaction: what is counted stays so."""
    session.exec(select(App.app_id).where(App.app_id == app_id).with_for_update())


def find_key(session: Session, app_id: str, key_id: str) -> ApiKey | None:
    """Return a key, living or revoked."""
    return session.get(ApiKey, (app_id, key_id))


def signing_key(living: Sequence[ApiKey]) -> ApiKey | None:
    """Return which of an app's living keys, oldest first, signs its webhooks.

    The newest that was told to; if none is left of those, the oldest.
    """
    told = [key for key in living if key.signs_webhooks]
    return told[-1] if told else next(iter(living), None)


def webhook_secret(session: Session, app_id: str) -> str | None:
    """Return the secret that signs the app's webhooks, None if it has no living key."""
    key = signing_key(keys(session, app_id))
    return key.secret if key is not None else None


def sign_with(session: Session, key: ApiKey) -> None:
    """Let a key sign the app's webhooks, and no other."""
    for other in keys(session, key.app_id):
        other.signs_webhooks = other.id == key.id
        session.add(other)


def roles(session: Session, app_id: str) -> list[Role]:
    """Return an app's roles, by name."""
    return list(session.exec(select(Role).where(Role.app_id == app_id).order_by(col(Role.name))))


def role(session: Session, app_id: str, name: str | None) -> Role | None:
    """Return a role; no name means the default one (talkjs-spec, 4.6)."""
    return session.get(Role, (app_id, name or DEFAULT_ROLE))


def revoke_key(session: Session, key: ApiKey, now: Moment) -> None:
    """End a key's life."""
    key.revoked_at = now
    session.add(key)
