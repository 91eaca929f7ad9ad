"""Conversations and who is in them."""

import json
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from core.actions import converse, describe, explain, found, read
from core.errors import InvalidRequest
from core.model.participant import Access, Notify
from core.model.shapes import participant_shape
from core.store.database import Session
from core.store.listing import ConversationQuery
from core.store.listing import page as page_of
from gateway.http.body import ConversationBody, Moment, ParticipantBody
from gateway.http.house import At
from gateway.http.router import Router
from gateway.http.security import App as Authorized

router = Router("conversations")
Json = dict[str, Any]


class Paging(BaseModel):
    """How a list of conversations is asked for (talkjs-spec, 2.2)."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    limit: int = Field(10, ge=1, le=100)
    starting_after: str | None = None
    last_message_after: Moment | None = None
    last_message_before: Moment | None = None
    order_by: Literal["lastActivity", "createdAt"] = "lastActivity"
    order_direction: Literal["ASC", "DESC"] = "DESC"
    filter: str | None = None


Listing = Annotated[Paging, Query()]


def listing(paging: Paging) -> ConversationQuery:
    """Return what is wanted; the filter is decoded until it parses (some clients do it twice)."""
    return ConversationQuery(
        limit=paging.limit,
        after=paging.starting_after,
        last_message_after=paging.last_message_after,
        last_message_before=paging.last_message_before,
        by_creation=paging.order_by == "createdAt",
        ascending=paging.order_direction == "ASC",
        custom=_custom_filter(paging.filter),
    )


def _custom_filter(text: str | None) -> dict[str, str] | None:
    for _ in range(3):
        if text is None:
            return None
        try:
            custom = json.loads(text).get("custom", {})
        except (ValueError, AttributeError, RecursionError):
            text = unquote(text)
            continue
        if isinstance(custom, dict) and all(isinstance(one, str) for one in custom.values()):
            return custom
        break
    raise InvalidRequest('filter: must be JSON such as {"custom": {"orderId": "8841"}}')


@router.get("/conversations")
async def page(app_id: Authorized, at: At, wanted: Listing) -> Json:
    """Return a page of conversations, by activity or creation."""

    def work(session: Session) -> list[Json]:
        found = page_of(session, app_id, listing(wanted))
        return describe.overviews(session, app_id, found, at.public_url)

    return {"data": await at.database.read(work)}


@router.put("/conversations/{conversation_id}")
async def put(app_id: Authorized, conversation_id: str, body: ConversationBody, at: At) -> Json:
    """Make a conversation or change one; participants are only ever added."""
    now = at.clock.now()

    await at.database.write(
        lambda session: converse.put(session, app_id, conversation_id, body.changes(), now)
    )
    return {}


@router.get("/conversations/{conversation_id}")
async def show(app_id: Authorized, conversation_id: str, at: At) -> Json:
    """Return a conversation."""

    def work(session: Session) -> Json:
        one = converse.existing(session, app_id, conversation_id)
        return describe.overviews(session, app_id, [one], at.public_url)[0]

    return await at.database.read(work)


@router.delete("/conversations/{conversation_id}")
async def end(app_id: Authorized, conversation_id: str, at: At) -> Json:
    """Delete a conversation with everything in it, for good."""
    now = at.clock.now()
    await at.database.write(lambda session: converse.end(session, app_id, conversation_id, now))
    return {}


@router.get("/conversations/{conversation_id}/participants/{user_id}")
async def participant(app_id: Authorized, conversation_id: str, user_id: str, at: At) -> Json:
    """Return what a participant may do and hear."""
    whose = (app_id, conversation_id, user_id)
    one = await at.database.read(lambda session: converse.participant(session, whose))
    return participant_shape(one.access, one.notify)


@router.put("/conversations/{conversation_id}/participants/{user_id}")
async def join(
    app_id: Authorized,
    conversation_id: str,
    user_id: str,
    at: At,
    body: ParticipantBody | None = None,
) -> Json:
    """Put a user into a conversation; what is not given falls back to its default."""
    given = body or ParticipantBody()
    access = Access(given.access or Access.READ_WRITE)
    notify = _notify(True if given.notify is None else given.notify)
    whose, now = (app_id, conversation_id, user_id), at.clock.now()
    await at.database.write(lambda session: converse.join(session, whose, access, notify, now))
    return {}


@router.patch("/conversations/{conversation_id}/participants/{user_id}")
async def change(
    app_id: Authorized, conversation_id: str, user_id: str, body: ParticipantBody, at: At
) -> Json:
    """Change the given settings of a participant."""
    access = Access(body.access) if body.access else None
    notify = None if body.notify is None else _notify(body.notify)
    whose = (app_id, conversation_id, user_id)
    await at.database.write(lambda session: converse.change(session, whose, access, notify))
    return {}


@router.delete("/conversations/{conversation_id}/participants/{user_id}")
async def leave(app_id: Authorized, conversation_id: str, user_id: str, at: At) -> Json:
    """Take a user out of a conversation."""
    whose, now = (app_id, conversation_id, user_id), at.clock.now()
    await at.database.write(lambda session: converse.leave(session, whose, now))
    return {}


@router.get("/conversations/{conversation_id}/participants/{user_id}/email")
async def reply_address(app_id: Authorized, conversation_id: str, user_id: str, at: At) -> Json:
    """Return the secret address at which this participant answers: who has it writes as them."""
    whose = (app_id, conversation_id, user_id)

    def work(session: Session) -> str:
        app = found.existing(session, app_id)
        return at.reply_address(app.number, converse.participant(session, whose))

    return {"emailAddress": await at.database.read(work)}


@router.delete("/conversations/{conversation_id}/participants/{user_id}/email")
async def revoke_address(app_id: Authorized, conversation_id: str, user_id: str, at: At) -> Json:
    """Make every address this participant was given lead nowhere; the next mail has a new one."""
    whose = (app_id, conversation_id, user_id)
    await at.database.write(lambda session: converse.revoke_address(session, whose))
    return {}


@router.get("/conversations/{conversation_id}/participants/{user_id}/explain")
async def why(app_id: Authorized, conversation_id: str, user_id: str, at: At) -> Json:
    """Say why this participant did or did not get a mail."""
    whose, now = (app_id, conversation_id, user_id), at.clock.now()
    return await at.database.read(lambda session: explain.explain(session, whose, now))


@router.post("/conversations/{conversation_id}/readBy/{user_id}")
async def read_by(app_id: Authorized, conversation_id: str, user_id: str, at: At) -> Json:
    """Mark a conversation as read by a user: the older form."""
    whose, now = (app_id, conversation_id, user_id), at.clock.now()
    await at.database.write(lambda session: read.mark_read(session, whose, None, now))
    return {}


def _notify(given: bool | str) -> Notify:  # noqa: FBT001  the API's own spelling
    if isinstance(given, str):
        return Notify.MENTIONS_ONLY
    return Notify.ALL if given else Notify.NOTHING
