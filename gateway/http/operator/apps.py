"""Apps and their keys: found one, give it a key, end a key's life."""

from typing import Any, Literal

from core.actions import found_app
from core.errors import InvalidRequest
from core.model.app import App, SenderPolicy
from core.rules.patching import patched
from core.store import apps
from core.store.database import Session
from gateway.http.bodies.apps import AppBody, app_shape
from gateway.http.bodies.base import JsonBody, Name
from gateway.http.needs import OPERATOR_ONLY
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("admin", prefix="/admin", needs=OPERATOR_ONLY)
Json = dict[str, Any]


class KeyBody(JsonBody):
    """What a key is called."""

    label: Name | None = None


class KeyChange(JsonBody):
    """What can be changed of a key: it can be made the one that signs webhooks."""

    signs_webhooks: Literal[True]


@router.get("/apps")
async def every(at: At) -> Json:
    """Return all apps."""
    return {"data": [app_shape(app) for app in await at.database.read(apps.every)]}


@router.post("/apps")
async def create(body: AppBody, at: At) -> Json:
    """Found an app, and return it with its first key."""
    app_id = body.id
    if app_id is None:
        raise InvalidRequest("id: an app needs one")
    now = at.clock.now()

    def work(session: Session) -> Json:
        app = App(
            app_id=app_id,
            number=0,
            name=body.name or app_id,
            default_locale=body.default_locale or "en-US",
            time_zone=body.time_zone or "UTC",
            sender_policy=SenderPolicy(body.sender_policy or at.sender_policy),
            email_confidence_threshold=body.email_confidence_threshold,
            photo_hosts=body.photo_hosts,
            brand=patched(None, body.brand.changes() if body.brand else None),
            created_at=now,
        )
        key = found_app.found_app(session, app, now)
        return app_shape(app) | {"secretKey": key.secret}

    return await at.database.write(work)


@router.get("/apps/{app_id}/keys")
async def keys(app_id: str, at: At) -> Json:
    """Return an app's living keys, each with only the end of its secret."""

    def work(session: Session) -> list[Json]:
        found_app.existing(session, app_id)
        return _keys(session, app_id)

    return {"data": await at.database.read(work)}


@router.post("/apps/{app_id}/keys")
async def add_key(app_id: str, body: KeyBody, at: At) -> Json:
    """Give an app another key; its secret is told this once."""
    now = at.clock.now()

    def work(session: Session) -> Json:
        key = found_app.add_key(session, app_id, body.label or "", now)
        session.flush()
        (told,) = (one for one in _keys(session, app_id) if one["id"] == key.id)
        return told | {"secretKey": key.secret}

    told = await at.database.write(work)
    at.nudge()
    return told


@router.patch("/apps/{app_id}/keys/{key_id}")
async def change_key(app_id: str, key_id: str, body: KeyChange, at: At) -> Json:
    """Let a key sign the app's webhooks from now on, in place of the one that does."""

    def work(session: Session) -> list[Json]:
        found_app.sign_with(session, app_id, key_id)
        return _keys(session, app_id)

    return {"data": await at.database.write(work)}


@router.delete("/apps/{app_id}/keys/{key_id}")
async def revoke(app_id: str, key_id: str, at: At) -> Json:
    """End a key's life, and return those that live on: if it signed webhooks, another does."""
    now = at.clock.now()

    def work(session: Session) -> list[Json]:
        found_app.revoke_key(session, app_id, key_id, now)
        return _keys(session, app_id)

    return {"data": await at.database.write(work)}


def _keys(session: Session, app_id: str) -> list[Json]:
    living = apps.keys(session, app_id)
    signing = apps.signing_key(living)
    return [
        {
            "id": key.id,
            "label": key.label,
            "ends": key.secret[-4:],
            "signsWebhooks": key is signing,
            "createdAt": key.created_at,
        }
        for key in living
    ]
