"""What is owed and what waits to leave, for the operator. Served on the admin socket alone.

Two lists, each in pages with a place of its own: a debt is named by its app, conversation and
user, a delivery by its id. The trap: a queue moves. Whoever goes on after what has left it is told
to begin again, for there is no such place any more.
"""

from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import Query

from core.actions import explain
from core.errors import InvalidRequest, NotFound
from core.model.delivery import Delivery, State
from core.model.pending import Pending
from core.store import deliveries, pending
from core.store.database import Session
from core.store.for_operator import NO_APP
from gateway.http.house import At
from gateway.http.router import Router

router = Router("admin", prefix="/admin")
Json = dict[str, Any]


@router.get("/queue")
async def queue(
    at: At,
    app: str | None = None,
    every: Annotated[bool, Query(alias="all")] = False,  # noqa: FBT002  a query
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    starting_after: Annotated[str | None, Query(alias="startingAfter")] = None,
    owed_after: Annotated[str | None, Query(alias="owedAfter")] = None,
) -> Json:
    """Return what is owed and what waits to leave; with ``all``, also what has ended.

    The deliveries begin after the one called ``startingAfter``, the debts after ``owedAfter``.
    """

    def work(session: Session) -> Json:
        debt = _debt(session, owed_after) if owed_after else None
        one = _place(session, starting_after, every=every) if starting_after else None
        owed = pending.of_app(session, app, limit, debt)
        waiting = deliveries.listed(session, app, waiting_only=not every, limit=limit, after=one)
        return {
            "pendings": [_owed(one) for one in owed],
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


@router.get("/operator/queue/{delivery_id}")
async def show_operators(delivery_id: str, at: At) -> Json:
    """Return a delivery that passes a mail on to the operator."""
    return await show(NO_APP, delivery_id, at)


@router.post("/operator/queue/{delivery_id}/retry")
async def retry_operators(delivery_id: str, at: At) -> Json:
    """Make a delivery to the operator due at once."""
    return await retry(NO_APP, delivery_id, at)


def _found(session: Session, app_id: str, delivery_id: str) -> Delivery:
    one = deliveries.find(session, app_id, delivery_id)
    if one is None:
        raise NotFound(f"There is no delivery {delivery_id!r}.", code="DELIVERY_NOT_FOUND")
    return one


def _delivery(session: Session, one: Delivery) -> Json:
    return explain.delivery_shape(one, deliveries.attempts(session, one.app_id, [one.id]))


def _place(session: Session, delivery_id: str, *, every: bool) -> Delivery:
    """Return the delivery that a page begins after."""
    one = deliveries.by_id(session, delivery_id)
    if one is None or (one.next_attempt_at is None and not every):
        raise InvalidRequest(f"startingAfter: no delivery {delivery_id!r} waits; begin again.")
    return one


def _debt(session: Session, name: str) -> Pending:
    """Return the debt that a page begins after."""
    parts = [unquote(part) for part in name.split("/")]
    may_be = len(parts) == 3 and "\0" not in "".join(parts)  # NUL is in no name, and breaks a query
    one = pending.find(session, *parts) if may_be else None
    if one is None:
        raise InvalidRequest(f"owedAfter: nothing is owed as {name!r}; begin again.")
    return one


def _owed(one: Pending) -> Json:
    names = (one.app_id, one.conversation_id, one.user_id)
    return {
        "id": "/".join(quote(name, safe="") for name in names),
        "app": one.app_id,
        "conversationId": one.conversation_id,
        "userId": one.user_id,
        "dueAt": one.due_at,
    }
