"""Where an app listens: add an endpoint, change it, silence it or let it go on, remove it.

Who listens is an app, by webhooks. Who watches a conversation from a page is in ``core/changes``.
"""

from typing import Any

from core.errors import NotFound
from core.ids import new_id
from core.model.webhook import WebhookEndpoint
from core.moment import Moment
from core.rules.bounds import ENDPOINTS, require
from core.store import apps, webhooks
from core.store.database import Session

NO_KEY = "the app has no secret key left to sign with; make one with `rejoinder key create`"
BY_HAND = "disabled by the app"


def listen(
    session: Session, app_id: str, url: str, events: list[str] | None, now: Moment
) -> WebhookEndpoint:
    """Add an endpoint; it is told what happens from now on.

    Raise InvalidRequest if the app has as many as it may have.
    """
    apps.lock(session, app_id)
    require(ENDPOINTS, len(webhooks.endpoints(session, app_id)) + 1)
    endpoint = WebhookEndpoint(
        app_id=app_id, id=new_id("whk", now), url=url, events=events, created_at=now
    )
    session.add(endpoint)
    return endpoint


def change(
    session: Session, app_id: str, endpoint_id: str, changes: dict[str, Any], now: Moment
) -> WebhookEndpoint:
    """Change the given fields of an endpoint, or raise NotFound.

    Disabled, it is told nothing, and its cursors rest; ``enabled`` lets them go on from there.
    """
    endpoint = existing(session, app_id, endpoint_id)
    enabled = changes.get("enabled")
    for name in changes.keys() & {"url", "events"}:
        setattr(endpoint, name, changes[name])
    session.add(endpoint)
    session.flush()
    if enabled is True and endpoint.disabled_at is not None:
        webhooks.listen_again(session, app_id, endpoint_id, now)
    if enabled is False and endpoint.disabled_at is None:
        webhooks.silence(session, app_id, endpoint_id, now, BY_HAND)
    session.refresh(endpoint)
    return endpoint


def hang_up(session: Session, app_id: str, endpoint_id: str) -> None:
    """Remove an endpoint, or raise NotFound."""
    session.delete(existing(session, app_id, endpoint_id))


def existing(session: Session, app_id: str, endpoint_id: str) -> WebhookEndpoint:
    """Return an endpoint, or raise NotFound."""
    endpoint = webhooks.endpoint(session, app_id, endpoint_id)
    if endpoint is None:
        raise NotFound(f"There is no webhook {endpoint_id!r}.", code="WEBHOOK_NOT_FOUND")
    return endpoint


def trouble(session: Session, app_id: str) -> str | None:
    """Say what keeps all endpoints of an app from being told, if anything does."""
    return None if apps.webhook_secret(session, app_id) is not None else NO_KEY
