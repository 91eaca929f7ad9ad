"""What is owed and what waits to leave.

Two lists, each in pages. The trap: a queue moves. Between two pages a row is claimed, which puts it
behind others, or it leaves. So a page begins after a place, and that is no row but what the list is
ordered by: the moment, and the names of who stood there.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import quote, unquote

from fastapi import Query

from core.actions import explain
from core.actions import queue as queued
from core.actions.open_lane import open_for, ways_of
from core.errors import InvalidRequest
from core.model.delivery import Attempt, Delivery
from core.model.fan_out import FanOut
from core.model.pending import Pending
from core.moment import Moment
from core.rules.when_tried import when_tried
from core.store import deliveries, fan_outs, pending
from core.store.database import Session
from core.store.for_operator import NO_APP
from gateway.http.needs import OPERATOR_ONLY
from gateway.http.operator.lanes import lane_shape
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("admin", prefix="/admin", needs=OPERATOR_ONLY)
Json = dict[str, Any]
OpenLane = Annotated[bool, Query(alias="openLane")]
_MOMENT = re.compile(r"[0-9]{1,15}")


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

    The deliveries begin after the ``place`` in ``startingAfter``, the debts after ``owedAfter``'s.
    """
    behind, debt = _after("startingAfter", starting_after, 1), _after("owedAfter", owed_after, 3)

    def work(session: Session) -> Json:
        owed = pending.of_app(session, app, limit, debt)
        waiting = deliveries.listed(session, app, waiting_only=not every, limit=limit, after=behind)
        return {
            "fanOuts": [_crowd(one) for one in fan_outs.of_app(session, app, limit)],
            "pendings": [_owed(one) for one in owed],
            "deliveries": _waiting(session, waiting, every=every),
        }

    return await at.database.read(work)


@router.get("/queue/{app_id}/{delivery_id}")
async def show(app_id: str, delivery_id: str, at: At) -> Json:
    """Return a delivery with its attempts and what it said."""

    def work(session: Session) -> Json:
        one = queued.existing(session, app_id, delivery_id)
        return _delivery(session, one) | {"trace": one.trace}

    return await at.database.read(work)


@router.post("/queue/{app_id}/{delivery_id}/retry")
async def retry(app_id: str, delivery_id: str, at: At, open_lane: OpenLane = False) -> Json:  # noqa: FBT002
    """Make a delivery due at once, also one that has ended without being accepted.

    ``triedAt`` says when it will be tried, ``behind`` for which lane it waits until then.
    """
    now = at.clock.now()

    def work(session: Session) -> Json:
        one = queued.retry(session, app_id, delivery_id, now)
        if open_lane:
            open_for(session, one, now)
        when = when_tried(now, ways_of(session, one))
        behind = lane_shape(when.behind, now) if when.behind else None
        return _delivery(session, one) | {"triedAt": when.at, "behind": behind}

    told = await at.database.write(work)
    at.nudge()
    return told


@router.get("/operator/queue/{delivery_id}")
async def show_operators(delivery_id: str, at: At) -> Json:
    """Return a delivery that passes a mail on to the operator."""
    return await show(NO_APP, delivery_id, at)


@router.post("/operator/queue/{delivery_id}/retry")
async def retry_operators(delivery_id: str, at: At, open_lane: OpenLane = False) -> Json:  # noqa: FBT002
    """Make a delivery to the operator due at once."""
    return await retry(NO_APP, delivery_id, at, open_lane)


def _delivery(session: Session, one: Delivery) -> Json:
    return explain.delivery_shape(one, deliveries.attempts(session, one.app_id, [one.id]))


def _waiting(session: Session, waiting: Sequence[Delivery], *, every: bool) -> list[Json]:
    """Return deliveries with their attempts, which are asked for app by app and not one by one."""
    tries: dict[tuple[str, str], list[Attempt]] = {}
    for app in {one.app_id for one in waiting}:
        ids = [one.id for one in waiting if one.app_id == app]
        for attempt in deliveries.attempts(session, app, ids):
            tries.setdefault((app, attempt.delivery_id), []).append(attempt)
    return [
        explain.delivery_shape(one, tries.get((one.app_id, one.id), []))
        | {"place": _place(one.created_at if every else one.next_attempt_at, one.id)}
        for one in waiting
    ]


def _crowd(one: FanOut) -> Json:
    """Return a conversation of so many that who is owed word of it is being noted still."""
    return {
        "app": one.app_id,
        "conversationId": one.conversation_id,
        "firstMessage": one.first_seq,
        "lastMessage": one.last_seq,
        "reached": one.reached,
    }


def _owed(one: Pending) -> Json:
    return {
        "app": one.app_id,
        "conversationId": one.conversation_id,
        "userId": one.user_id,
        "dueAt": one.due_at,
        "place": _place(one.due_at, one.app_id, one.conversation_id, one.user_id),
    }


def _place(moment: Moment | None, *names: str) -> str:
    """Return a row's place: what its list is ordered by."""
    return "/".join((str(moment), *(quote(name, safe="") for name in names)))


def _after(parameter: str, place: str | None, names: int) -> Any:
    """Return the moment and the names of the place that a page begins after, None at the start."""
    if not place:
        return None
    moment, *rest = place.split("/")
    known = [unquote(name) for name in rest]
    if not _MOMENT.fullmatch(moment) or len(known) != names or "\0" in "".join(known):
        raise InvalidRequest(f"{parameter}: {place!r} is no place in the queue.")
    return (int(moment), *known)
