"""Found an app: its number, its default role, its keys."""

from core.errors import InvalidRequest, NotFound
from core.ids import new_id, new_number, new_secret
from core.model.app import ApiKey, App
from core.model.role import DEFAULT_ROLE, Role
from core.moment import Moment
from core.store import apps
from core.store.database import Session


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


def existing(session: Session, app_id: str) -> App:
    """Return an app, or raise NotFound."""
    app = apps.find(session, app_id)
    if app is None:
        raise NotFound(f"There is no app {app_id!r}.", code="APP_NOT_FOUND")
    return app
