"""Conversations and who is in them."""

from typing import Any

from core.actions import (
    converse,
    describe,
    found_app,
    read,
)
from core.model.participant import Access, Notify
from core.model.shapes import participant_shape
from core.store.database import Session
from core.store.listing import page as page_of
from gateway.http.bodies.conversations import (
    ConversationBody,
    Listing,
    ParticipantBody,
    listing,
)
from gateway.http.needs import ForApp
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("conversations")
Json = dict[str, Any]


@router.get("/conversations")
async def page(app_id: ForApp, at: At, wanted: Listing) -> Json:
    """Return a page of conversations, by activity or creation."""

    def work(session: Session) -> list[Json]:
        found_app = page_of(session, app_id, listing(wanted))
        return describe.overviews(session, app_id, found_app, at.public_url)

    return {"data": await at.database.read(work)}


@router.put("/conversations/{conversation_id}")
async def put(app_id: ForApp, conversation_id: str, body: ConversationBody, at: At) -> Json:
    """Make a conversation or change one; participants are only ever added."""
    now = at.clock.now()

    await at.database.write(
        lambda session: converse.put(session, app_id, conversation_id, body.changes(), now)
    )
    return {}


@router.get("/conversations/{conversation_id}")
async def show(app_id: ForApp, conversation_id: str, at: At) -> Json:
    """Return a conversation."""

    def work(session: Session) -> Json:
        one = converse.existing(session, app_id, conversation_id)
        return describe.overviews(session, app_id, [one], at.public_url)[0]

    return await at.database.read(work)


@router.delete("/conversations/{conversation_id}")
async def end(app_id: ForApp, conversation_id: str, at: At) -> Json:
    """Delete a conversation with everything in it, for good."""
    now = at.clock.now()
    await at.database.write(lambda session: converse.end(session, app_id, conversation_id, now))
    return {}


@router.get("/conversations/{conversation_id}/participants/{user_id}")
async def participant(app_id: ForApp, conversation_id: str, user_id: str, at: At) -> Json:
    """Return what a participant may do and hear."""
    whose = (app_id, conversation_id, user_id)
    one = await at.database.read(lambda session: converse.participant(session, whose))
    return participant_shape(one.access, one.notify)


@router.put("/conversations/{conversation_id}/participants/{user_id}")
async def join(
    app_id: ForApp,
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

    def work(session: Session) -> None:
        converse.join(session, whose, access, notify, now)
        converse.mute(session, whose, given.muted_until, now)

    await at.database.write(work)
    return {}


@router.patch("/conversations/{conversation_id}/participants/{user_id}")
async def change(
    app_id: ForApp, conversation_id: str, user_id: str, body: ParticipantBody, at: At
) -> Json:
    """Change the given settings of a participant."""
    access = Access(body.access) if body.access else None
    notify = None if body.notify is None else _notify(body.notify)
    whose, now = (app_id, conversation_id, user_id), at.clock.now()

    def work(session: Session) -> None:
        converse.change(session, whose, access, notify, now)
        if "muted_until" in body.model_fields_set:
            converse.mute(session, whose, body.muted_until, now)

    await at.database.write(work)
    return {}


@router.delete("/conversations/{conversation_id}/participants/{user_id}")
async def leave(app_id: ForApp, conversation_id: str, user_id: str, at: At) -> Json:
    """Take a user out of a conversation."""
    whose, now = (app_id, conversation_id, user_id), at.clock.now()
    await at.database.write(lambda session: converse.leave(session, whose, now))
    return {}


@router.get("/conversations/{conversation_id}/participants/{user_id}/email")
async def reply_address(app_id: ForApp, conversation_id: str, user_id: str, at: At) -> Json:
    """Return the secret address at which this participant answers: who has it writes as them."""
    whose = (app_id, conversation_id, user_id)

    def work(session: Session) -> str:
        app = found_app.existing(session, app_id)
        return at.reply_address(app.number, converse.participant(session, whose))

    return {"emailAddress": await at.database.read(work)}


@router.delete("/conversations/{conversation_id}/participants/{user_id}/email")
async def revoke_address(app_id: ForApp, conversation_id: str, user_id: str, at: At) -> Json:
    """Make every address this participant was given lead nowhere; the next mail has a new one."""
    whose = (app_id, conversation_id, user_id)
    await at.database.write(lambda session: converse.revoke_address(session, whose))
    return {}


@router.post("/conversations/{conversation_id}/readBy/{user_id}")
async def read_by(app_id: ForApp, conversation_id: str, user_id: str, at: At) -> Json:
    """Mark a conversation as read by a user: the older form."""
    whose, now = (app_id, conversation_id, user_id), at.clock.now()
    await at.database.write(lambda session: read.mark_read(session, whose, None, now))
    return {}


def _notify(given: bool | str) -> Notify:  # noqa: FBT001  the API's own spelling
    if isinstance(given, str):
        return Notify.MENTIONS_ONLY
    return Notify.ALL if given else Notify.NOTHING
