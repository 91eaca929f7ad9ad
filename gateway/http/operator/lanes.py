"""How do the lanes on the way out stand, and how is one opened?

The trap: a lane's name holds a slash (``email/gmail``), so it is no part of a path but a query.
"""

from typing import Annotated, Any

from fastapi import Query

from core.actions.open_lane import open_lane
from core.model.lane_state import LaneState
from core.moment import Moment
from core.store import lane_states
from gateway.http.needs import OPERATOR_ONLY
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("admin", prefix="/admin", needs=OPERATOR_ONLY)
Json = dict[str, Any]


@router.get("/lanes")
async def lanes(at: At) -> Json:
    """Return every lane: is it open, closed until when, why, and who said so."""
    now = at.clock.now()
    found = await at.database.read(lane_states.every)
    return {"lanes": [lane_shape(one, now) for one in found]}


@router.post("/lanes/open")
async def open_(at: At, lane_name: Annotated[str, Query(alias="lane")]) -> Json:
    """Let a lane be used now, and make due what waits behind it."""
    now = at.clock.now()
    told = await at.database.write(
        lambda session: lane_shape(open_lane(session, lane_name, now), now)
    )
    at.nudge()
    return told


def lane_shape(one: LaneState, now: Moment) -> Json:
    """Return a lane. One whose time is over is ``asking``: the next mail shows how it stands."""
    state = "closed" if one.closed_until > now else "asking" if one.troubles else "open"
    return {
        "lane": one.name,
        "state": state,
        "closedUntil": one.closed_until or None,
        "troubles": one.troubles,
        "reason": one.cause,
        "said": {"code": one.code or None, "enhanced": one.enhanced, "text": one.text},
        "saidTo": one.said_to,
        "changedAt": one.changed_at or None,
    }
