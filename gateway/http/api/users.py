"""Users, their sessions, and their conversations."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import Query
from pydantic import TypeAdapter, ValidationError

from core.actions import describe, look, people, read
from core.actions import erase as erasing
from core.errors import InvalidRequest
from core.model.session import UserSession
from core.model.shapes import user_shape
from core.moment import SECOND
from core.rules.block_memory import marks_of
from core.store import sessions, users
from core.store.database import Session
from core.store.listing import page as page_of
from core.store.sessions import UserSessionQuery
from gateway.http.bodies.base import Id, few
from gateway.http.bodies.conversations import Listing, listing
from gateway.http.bodies.users import PresencesBody, ReadBody, SessionBody, UserBody
from gateway.http.needs import ForApp
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("users")
Json = dict[str, Any]
_BATCH = 100
_ID = TypeAdapter(Id)


@router.get("/users")
async def page(
    app_id: ForApp,
    at: At,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    starting_after: Annotated[str | None, Query(alias="startingAfter")] = None,
    is_online: Annotated[bool | None, Query(alias="isOnline")] = None,
) -> Json:
    """Return a page of users, by id: all of them, or those with or without a live session."""
    now = at.clock.now()
    found = await at.database.read(
        lambda session: users.page(
            session, app_id, limit, starting_after, online=is_online, now=now
        )
    )
    return {"data": [user_shape(user) for user in found]}


@router.put("/users")
async def put_several(
    app_id: ForApp, bodies: Annotated[dict[str, dict[str, Any]], few(_BATCH)], at: At
) -> Json:
    """Make or change up to 100 users: all of them, or none."""
    parsed, wrong = {}, []
    for user_id, given in bodies.items():
        try:
            parsed[_ID.validate_python(user_id)] = UserBody.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            wrong.append(f"{user_id}: {'.'.join(map(str, first['loc']))}: {first['msg']}")
    if wrong:
        raise InvalidRequest(*wrong)
    now = at.clock.now()

    def work(session: Session) -> None:
        for user_id, body in parsed.items():
            people.put_user(session, app_id, user_id, body.changes(), now)

    await at.database.write(work)
    return {}


@router.put("/users/{user_id}")
async def put(app_id: ForApp, user_id: str, body: UserBody, at: At) -> Json:
    """Make a user or change the given fields of one; null resets a field."""
    now = at.clock.now()
    await at.database.write(
        lambda session: people.put_user(session, app_id, user_id, body.changes(), now)
    )
    return {}


@router.get("/users/{user_id}")
async def show(app_id: ForApp, user_id: str, at: At) -> Json:
    """Return a user."""
    return user_shape(
        await at.database.read(lambda session: people.existing(session, app_id, user_id))
    )


@router.delete("/users/{user_id}")
async def erase(app_id: ForApp, user_id: str, at: At) -> Json:
    """Erase a person for good: who they were, what they said, what they were sent."""
    one = await at.database.read(lambda session: people.existing(session, app_id, user_id))
    addresses = (*(one.email or ()), *(one.aliases or ()))
    marks = marks_of(at.keys.keys.values(), app_id, user_id, addresses)
    await erasing.erase(at.database, app_id, user_id, at.clock.now(), marks)
    return {}


@router.get("/users/{user_id}/conversations")
async def theirs(
    app_id: ForApp,
    user_id: str,
    at: At,
    wanted: Listing,
    unreads_only: Annotated[bool, Query(alias="unreadsOnly")] = False,  # noqa: FBT002  a query
) -> Json:
    """Return a page of a user's conversations, with what they have not read."""

    def work(session: Session) -> list[Json]:
        people.existing(session, app_id, user_id)
        asked = replace(listing(wanted), of_user=user_id, unread_only=unreads_only)
        found = page_of(session, app_id, asked)
        return describe.inbox(session, (app_id, user_id), found, at.public_url)

    return {"data": await at.database.read(work)}


@router.patch("/users/{user_id}/conversations/{conversation_id}")
async def mark(app_id: ForApp, user_id: str, conversation_id: str, body: ReadBody, at: At) -> Json:
    """Mark a conversation as read by a user, until a moment or their own last message."""
    now, until = at.clock.now(), body.read_until
    whose = (app_id, conversation_id, user_id)
    await at.database.write(lambda session: read.mark_read(session, whose, until, now))
    return {}


@router.put("/users/{user_id}/sessions/{session_id}")
async def tell(app_id: ForApp, user_id: str, session_id: str, body: SessionBody, at: At) -> Json:
    """Tell what an open page of a user shows, and for how long to believe it."""
    now = at.clock.now()
    told = UserSession(
        app_id=app_id,
        user_id=user_id,
        id=session_id,
        selected_conversation_id=body.selected_conversation_id,
        has_focus=body.has_focus,
        is_typing=body.is_typing,
        active_at=None if body.idle_seconds is None else now - body.idle_seconds * SECOND,
        told_at=now,
        expires_at=look.end_of(body.ttl, now),
    )
    await at.database.write(lambda session: look.look(session, told))
    return {"expiresAt": told.expires_at}


@router.get("/users/{user_id}/sessions")
async def open_pages(app_id: ForApp, user_id: str, at: At) -> Json:
    """Return a user's live sessions."""
    now = at.clock.now()
    live = await at.database.read(lambda session: sessions.of_user(session, app_id, user_id, now))
    return {
        "data": [
            {
                "id": one.id,
                "selectedConversationId": one.selected_conversation_id,
                "hasFocus": one.has_focus,
                "isTyping": one.is_typing,
                "activeAt": one.active_at,
                "expiresAt": one.expires_at,
            }
            for one in live
        ]
    }


@router.post("/presences")
async def presences(app_id: ForApp, body: PresencesBody, at: At) -> Json:
    """Return who is online, with what their pages show; each session is a page that is seen."""
    wanted, now = UserSessionQuery(**body.changes()), at.clock.now()
    live = await at.database.read(lambda session: sessions.live(session, app_id, wanted, now))
    online: dict[str, Json] = {}
    for one in live:
        page = {
            "selectedConversationId": one.selected_conversation_id,
            "hasFocus": one.has_focus,
            "isTyping": one.is_typing,
        }
        online.setdefault(one.user_id, {"widgets": []})["widgets"].append(page)
    return {"data": online}


@router.delete("/users/{user_id}/sessions/{session_id}")
async def close(app_id: ForApp, user_id: str, session_id: str, at: At) -> Json:
    """Say that an open page was closed."""
    now = at.clock.now()
    await at.database.write(lambda session: look.leave(session, app_id, user_id, session_id, now))
    return {}
