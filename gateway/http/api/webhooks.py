"""Where the app listens, and whether it is being told."""

from typing import Any

from core.actions import listen
from core.errors import InvalidRequest
from core.model.webhook import WebhookEndpoint
from core.store import webhooks
from core.store.database import Session
from gateway.http.bodies.webhooks import WebhookBody, WebhookChange
from gateway.http.needs import ForApp
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("webhooks")
Json = dict[str, Any]


@router.get("/webhooks")
async def every(app_id: ForApp, at: At) -> Json:
    """Return where the app listens."""

    def work(session: Session) -> list[Json]:
        return [_shape(session, one) for one in webhooks.endpoints(session, app_id)]

    return {"data": await at.database.read(work)}


@router.post("/webhooks")
async def add(app_id: ForApp, body: WebhookBody, at: At) -> Json:
    """Add an endpoint; it is told what happens from now on."""
    now = at.clock.now()
    return await at.database.write(
        lambda session: _shape(session, listen.listen(session, app_id, body.url, body.events, now))
    )


@router.patch("/webhooks/{endpoint}")
async def change(app_id: ForApp, endpoint: str, body: WebhookChange, at: At) -> Json:
    """Change an endpoint, silence it, or let it go on where it was silenced."""
    changes, now = body.changes(), at.clock.now()
    for name in ("url", "enabled"):
        if name in changes and changes[name] is None:
            raise InvalidRequest(f"{name}: must not be null")
    told = await at.database.write(
        lambda session: _shape(session, listen.change(session, app_id, endpoint, changes, now))
    )
    at.nudge()
    return told


@router.delete("/webhooks/{endpoint}")
async def remove(app_id: ForApp, endpoint: str, at: At) -> Json:
    """Remove an endpoint."""
    await at.database.write(lambda session: listen.hang_up(session, app_id, endpoint))
    return {}


def _shape(session: Session, one: WebhookEndpoint) -> Json:
    return {
        "id": one.id,
        "url": one.url,
        "events": one.events,
        "enabled": one.disabled_at is None,
        "createdAt": one.created_at,
        "failingSince": one.failing_since,
        "disabledAt": one.disabled_at,
        "disabledReason": one.disabled_reason,
        "trouble": one.disabled_reason or listen.trouble(session, one.app_id),
    }
