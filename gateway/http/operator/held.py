"""Replies that wait for a person's word: the operator's lists of them, and the operator's word."""

from typing import Annotated, Any

from fastapi import Query

from core.actions import hold
from core.errors import InvalidRequest, NotFound
from core.lookalike import shown_address
from core.model.held import HeldReply
from core.store import held
from core.store.database import Session
from gateway.http.needs import OPERATOR_ONLY
from gateway.http.request_context import At
from gateway.http.router import Router
from gateway.release.held import release

router = Router("admin", prefix="/admin", needs=OPERATOR_ONLY)
Json = dict[str, Any]

_BY = "operator"


@router.get("/held")
async def every(
    at: At,
    app: str | None = None,
    every: Annotated[bool, Query(alias="all")] = False,  # noqa: FBT002  a query
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
    starting_after: Annotated[str | None, Query(alias="startingAfter")] = None,
) -> Json:
    """Return the replies that wait; with ``all``, also those that were decided."""

    def work(session: Session) -> list[HeldReply]:
        after = held.by_id(session, starting_after) if starting_after else None
        if starting_after and after is None:
            raise InvalidRequest(f"startingAfter: there is no held reply {starting_after!r}.")
        return held.listed(session, app, waiting_only=not every, limit=limit, after=after)

    return {"data": [_shape(one) for one in await at.database.read(work)]}


@router.get("/held/{app_id}/{held_id}")
async def show(app_id: str, held_id: str, at: At) -> Json:
    """Return a held reply."""
    one = await at.database.read(lambda session: held.find(session, app_id, held_id))
    if one is None:
        raise NotFound(f"There is no held reply {held_id!r}.", code="HELD_REPLY_NOT_FOUND")
    return _shape(one)


@router.post("/held/{app_id}/{held_id}/release")
async def let_go(app_id: str, held_id: str, at: At) -> Json:
    """Post a held reply."""
    await release(app_id, held_id, _BY, at)
    return await show(app_id, held_id, at)


@router.post("/held/{app_id}/{held_id}/drop")
async def drop(app_id: str, held_id: str, at: At) -> Json:
    """Let a held reply go; it is never posted."""
    now = at.clock.now()

    def work(session: Session) -> Json:
        one = hold.waiting(session, app_id, held_id)
        hold.drop(session, one, _BY, now)
        return _shape(one)

    return await at.database.write(work)


def _shape(one: HeldReply) -> Json:
    return {
        "app": one.app_id,
        "id": one.id,
        "state": one.state,
        "reason": one.reason,
        "sender": shown_address(one.sender),
        "conversationId": one.conversation_id,
        "userId": one.user_id,
        "text": one.text,
        "files": one.files or [],
        "proof": one.proof,
        "heldAt": one.held_at,
        "askedAt": one.asked_at,
        "endedAt": one.ended_at,
        "endedBy": one.ended_by,
        "messageId": one.message_id,
        "receiptId": one.receipt_id,
    }
