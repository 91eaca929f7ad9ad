"""Found an app, with its number, its default role and its keys; change them later."""

from typing import Any

from core.errors import InvalidRequest, NotFound
from core.ids import new_id, new_number, new_secret
from core.model.app import ApiKey, App, SenderPolicy
from core.model.role import DEFAULT_ROLE, Role
from core.moment import Moment
from core.rules.bounds import ROLES, require
from core.rules.patching import merged, patched
from core.store import apps, waits
from core.store.database import Session

# When what is owed already is due.
_TIMING = frozenset({
    "timeout_seconds", "max_wait_seconds", "quiet_hours",
    "mails_per_hour", "mails_per_day", "back_off_after", "critical_bypass",
})  # fmt: skip


def found_app(session: Session, app: App, now: Moment) -> ApiKey:
    """Add an app with its default role and a first key; return the key. The number is ours."""
    if apps.find(session, app.app_id) is not None:
        raise InvalidRequest(f"There is already an app {app.app_id!r}.", code="APP_EXISTS")
    app.number, app.created_at = new_number(), now
    session.add(app)
    session.flush()
    session.add(Role(app_id=app.app_id, name=DEFAULT_ROLE))
    return add_key(session, app.app_id, "first key", now)


def add_key(session: Session, app_id: str, label: str, now: Moment) -> ApiKey:
    """Give an app another key. Only the first signs its webhooks without being told to."""
    existing(session, app_id)
    is_first = not apps.keys(session, app_id)
    key = ApiKey(
        app_id=app_id,
        id=new_id("key", now),
        secret=new_secret("sk_live_"),
        label=label,
        signs_webhooks=is_first,
        created_at=now,
    )
    session.add(key)
    return key


def change(session: Session, app_id: str, changes: dict[str, Any], now: Moment) -> App:
    """Change the given fields of an app, or raise NotFound; null changes nothing.

    ``custom`` and ``brand`` are patches, and null takes all of one away; so it does with what may
    be left unset.
    """
    app = existing(session, app_id)
    for name, value in changes.items():
        if name == "custom":
            app.custom = merged(app.custom, value)
        elif name == "brand":
            app.brand = patched(app.brand, value)
        elif value is not None or App.model_fields[name].default is None:
            setattr(app, name, SenderPolicy(value) if name == "sender_policy" else value)
    session.add(app)
    session.flush()
    if changes.get("time_zone"):
        waits.role_changed(session, app_id, None, now)
    return app


def put_role(
    session: Session, app_id: str, name: str, changes: dict[str, Any], now: Moment
) -> Role:
    """Make a role or change the given settings of one; null resets a setting. ``brand`` is a patch.

    Raise InvalidRequest for a new one if the app has as many as it may have.
    """
    one = apps.role(session, app_id, name)
    if one is None:
        apps.lock(session, app_id)
        require(ROLES, len(apps.roles(session, app_id)) + 1)
        one = Role(app_id=app_id, name=name or DEFAULT_ROLE)
    _set(one, changes)
    session.add(one)
    session.flush()
    if _TIMING & changes.keys():
        waits.role_changed(session, app_id, one.name, now)
    return one


def with_settings(role: Role, changes: dict[str, Any]) -> Role:
    """Return another role with the given settings changed, which no database knows."""
    other = Role(**role.model_dump())
    _set(other, changes)
    return other


def _set(role: Role, changes: dict[str, Any]) -> None:
    for setting, value in changes.items():
        reset = getattr(Role(app_id="", name=""), setting)
        if setting == "brand":
            value = patched(role.brand, value)  # noqa: PLW2901
        setattr(role, setting, reset if value is None else value)


def sign_with(session: Session, app_id: str, key_id: str) -> None:
    """Let a living key sign the app's webhooks, and no other, or raise NotFound."""
    apps.sign_with(session, _living_key(session, app_id, key_id))


def revoke_key(session: Session, app_id: str, key_id: str, now: Moment) -> None:
    """End a living key's life, or raise NotFound. If it signed webhooks, another does."""
    apps.revoke_key(session, _living_key(session, app_id, key_id), now)


def existing(session: Session, app_id: str) -> App:
    """Return an app, or raise NotFound."""
    app = apps.find(session, app_id)
    if app is None:
        raise NotFound(f"There is no app {app_id!r}.", code="APP_NOT_FOUND")
    return app


def _living_key(session: Session, app_id: str, key_id: str) -> ApiKey:
    key = apps.find_key(session, app_id, key_id)
    if key is None or key.revoked_at is not None:
        raise NotFound(f"There is no key {key_id!r}.", code="KEY_NOT_FOUND")
    return key
