"""What only the operator may do: apps and keys, and the queue. Served on the admin socket alone."""

from typing import Annotated, Any, Literal

from fastapi import Query

from core.actions import explain, found
from core.errors import InvalidRequest, NotFound
from core.model.app import ApiKey, App, SenderPolicy
from core.model.delivery import Delivery, State
from core.store import apps, deliveries, pending
from core.store.database import Session
from gateway.http.api.apps import app_shape
from gateway.http.body import AppBody, Body, Name
from gateway.http.house import At
from gateway.http.router import Router

router = Router("admin", prefix="/admin")
Json = dict[str, Any]


class KeyBody(Body):
    """What a key is called."""

    label: Name | None = None


class KeyChange(Body):
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
            created_at=now,
        )
        key = found.found_app(session, app, now)
        return app_shape(app) | {"secretKey": key.secret}

    return await at.database.write(work)


@router.get("/apps/{app_id}/keys")
async def keys(app_id: str, at: At) -> Json:
    """Return an app's living keys, each with only the end of its secret."""

    def work(session: Session) -> list[Json]:
        found.existing(session, app_id)
        return _keys(session, app_id)

    return {"data": await at.database.read(work)}


@router.post("/apps/{app_id}/keys")
async def add_key(app_id: str, body: KeyBody, at: At) -> Json:
    """Give an app another key; its secret is told this once."""
    now = at.clock.now()

    def work(session: Session) -> Json:
        key = found.add_key(session, app_id, body.label or "", now)
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
        apps.sign_with(session, _existing_key(session, app_id, key_id))
        return _keys(session, app_id)

    return {"data": await at.database.write(work)}


@router.delete("/apps/{app_id}/keys/{key_id}")
async def revoke(app_id: str, key_id: str, at: At) -> Json:
    """End a key's life, and return those that live on: if it signed webhooks, another does."""
    now = at.clock.now()

    def work(session: Session) -> list[Json]:
        apps.revoke_key(session, _existing_key(session, app_id, key_id), now)
        return _keys(session, app_id)

    return {"data": await at.database.write(work)}


@router.get("/queue")
async def queue(
    at: At,
    app: str | None = None,
    every: Annotated[bool, Query(alias="all")] = False,  # noqa: FBT002  a query
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> Json:
    """Return what is owed and what waits to leave; with ``all``, also what has ended."""

    def work(session: Session) -> Json:
        owed = pending.of_app(session, app, limit)
        waiting = deliveries.listed(session, app, waiting_only=not every, limit=limit)
        return {
            "pendings": [
                {
                    "app": one.app_id,
                    "conversationId": one.conversation_id,
                    "userId": one.user_id,
                    "dueAt": one.due_at,
                }
                for one in owed
            ],
            "deliveries": [_delivery(session, one) for one in waiting],
        }

    return await at.database.read(work)


@router.get("/queue/{app_id}/{delivery_id}")
async def show(app_id: str, delivery_id: str, at: At) -> Json:
    """Return a delivery with its attempts and what it said."""

    def work(session: Session) -> Json:
        one = _found(session, app_id, delivery_id)
        return _delivery(session, one) | {"trace": one.trace}

    return await at.database.read(work)


@router.post("/queue/{app_id}/{delivery_id}/retry")
async def retry(app_id: str, delivery_id: str, at: At) -> Json:
    """Make a delivery due at once, also one that has ended without being accepted."""
    now = at.clock.now()

    def work(session: Session) -> Json:
        one = _found(session, app_id, delivery_id)
        if one.state in {State.ACCEPTED, State.TRANSMITTING}:
            raise InvalidRequest(f"{delivery_id} is {one.state}; it is not sent again.")
        deliveries.retry_now(session, one, now)
        session.flush()
        return _delivery(session, one)

    told = await at.database.write(work)
    at.nudge()
    return told


def _found(session: Session, app_id: str, delivery_id: str) -> Delivery:
    one = deliveries.find(session, app_id, delivery_id)
    if one is None:
        raise NotFound(f"There is no delivery {delivery_id!r}.", code="DELIVERY_NOT_FOUND")
    return one


def _delivery(session: Session, one: Delivery) -> Json:
    return explain.delivery_shape(one, deliveries.attempts(session, one.app_id, [one.id]))


def _existing_key(session: Session, app_id: str, key_id: str) -> ApiKey:
    key = apps.find_key(session, app_id, key_id)
    if key is None or key.revoked_at is not None:
        raise NotFound(f"There is no key {key_id!r}.", code="KEY_NOT_FOUND")
    return key


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
