"""Messages, the reactions to them, and their files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Response

from core.actions import converse, describe, edit, say
from core.actions import react as reacting
from core.errors import InvalidRequest, NotFound
from core.model.message import MessageKind
from core.rules.bounds import CONTENT_OCTETS, CONTENT_TEXT, octets, require
from core.rules.patching import merged
from core.store import messages
from core.store.database import Session
from gateway.http import blocks
from gateway.http.bodies.base import few
from gateway.http.bodies.messages import EditBody, MessageBody
from gateway.http.download import download
from gateway.http.needs import ForApp
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("messages")
Json = dict[str, Any]
_AT_ONCE = 10
_NO_UPLOADS = "files cannot be sent through the API yet; link to them in the text"
_REACTION = "/conversations/{conversation_id}/messages/{message_id}/reactions/{emoji}/{user_id}"


@dataclass(frozen=True, slots=True)
class _Reaction:
    """The reaction that a path names."""

    conversation_id: str
    message_id: str
    emoji: str
    user_id: str


Reaction = Annotated[_Reaction, Depends()]


@router.post("/conversations/{conversation_id}/messages")
async def send(
    app_id: ForApp,
    conversation_id: str,
    bodies: Annotated[list[MessageBody], few(_AT_ONCE)],
    at: At,
) -> list[Json]:
    """Say up to ten things, all of them or none; the ids come in the same order."""
    if not bodies:
        raise InvalidRequest(f"Send 1 to {_AT_ONCE} messages at a time; these are none.")
    said = [_words(app_id, conversation_id, body) for body in bodies]
    now = at.clock.now()

    def work(session: Session) -> list[Json]:
        return [{"id": say.say(session, words, now).id} for words in said]

    ids = await at.database.write(work)
    at.nudge()
    return ids


@router.get("/conversations/{conversation_id}/messages")
async def page(
    app_id: ForApp,
    conversation_id: str,
    at: At,
    limit: Annotated[int, Query(ge=1, le=100)] = 10,
    starting_after: Annotated[str | None, Query(alias="startingAfter")] = None,
) -> Json:
    """Return a page of messages, newest first."""

    def work(session: Session) -> list[Json]:
        converse.existing(session, app_id, conversation_id)
        found = messages.page(session, app_id, conversation_id, limit, starting_after)
        return describe.several(session, app_id, found, at.public_url)

    return {"data": await at.database.read(work)}


@router.get("/conversations/{conversation_id}/messages/{message_id}")
async def show(app_id: ForApp, conversation_id: str, message_id: str, at: At) -> Json:
    """Return a message."""

    def work(session: Session) -> Json:
        one = edit.existing(session, (app_id, conversation_id), message_id)
        return describe.several(session, app_id, [one], at.public_url)[0]

    return await at.database.read(work)


@router.put("/conversations/{conversation_id}/messages/{message_id}")
@router.post("/conversations/{conversation_id}/messages/{message_id}", include_in_schema=False)
async def change(
    app_id: ForApp, conversation_id: str, message_id: str, body: EditBody, at: At
) -> Json:
    """Edit a message's text or custom fields (some clients do it by POST)."""
    now = at.clock.now()

    def work(session: Session) -> None:
        edit.existing(session, (app_id, conversation_id), message_id)
        edit.edit(session, app_id, message_id, body.changes(), now)

    await at.database.write(work)
    return {}


@router.delete("/conversations/{conversation_id}/messages/{message_id}")
async def delete(app_id: ForApp, conversation_id: str, message_id: str, at: At) -> Json:
    """Delete a message."""
    now = at.clock.now()

    def work(session: Session) -> None:
        edit.existing(session, (app_id, conversation_id), message_id)
        edit.delete(session, app_id, message_id, now)

    await at.database.write(work)
    return {}


@router.put(_REACTION)
async def react(app_id: ForApp, reaction: Reaction, at: At) -> Json:
    """React to a message as a user; the same again changes nothing."""
    return await _carry_out(reacting.react, app_id, reaction, at)


@router.delete(_REACTION)
async def unreact(app_id: ForApp, reaction: Reaction, at: At) -> Json:
    """Take a user's reaction back; nothing if there is none."""
    return await _carry_out(reacting.unreact, app_id, reaction, at)


@router.get("/files/{file_id}")
async def file(app_id: ForApp, file_id: str, at: At) -> Response:
    """Return a file that came with a message."""
    one = await at.database.read(lambda session: messages.file(session, app_id, file_id))
    if one is None:
        raise NotFound(f"There is no file {file_id!r}.", code="FILE_NOT_FOUND")
    response = await download(one, at.files)
    if response is None:
        raise NotFound(f"The file {file_id!r} is no longer kept.", code="FILE_NOT_FOUND")
    return response


async def _carry_out(verb: Callable[..., object], app_id: str, one: _Reaction, at: At) -> Json:
    now = at.clock.now()

    def work(session: Session) -> None:
        edit.existing(session, (app_id, one.conversation_id), one.message_id)
        verb(session, app_id, one.message_id, one.emoji, one.user_id, now)

    await at.database.write(work)
    at.nudge()
    return {}


def _words(app_id: str, conversation_id: str, body: MessageBody) -> say.Words:
    """Return what a body says, or raise InvalidRequest where it contradicts itself."""
    _refuse_nonsense(body)
    if body.critical and body.sender is None:
        raise InvalidRequest("critical: a SystemMessage notifies nobody")
    text = body.text if body.content is None else _plain(body.content)
    location = body.location or blocks.location(body.content or [])
    if not text and location is None:
        raise InvalidRequest("text: a message needs text, content or location")
    return say.Words(
        app_id=app_id,
        conversation_id=conversation_id,
        sender_id=body.sender,
        text=text,
        kind=MessageKind(body.type),
        content=body.content,
        location=location,
        mentions=frozenset(blocks.mentions(body.content or [])),
        custom=merged({}, body.custom or {}),
        referenced_message_id=body.referenced_message_id,
        idempotency_key=body.idempotency_key,
        critical=body.critical is True,
    )


def _plain(content: blocks.Blocks) -> str:
    """Return what content says, or raise InvalidRequest where that is more than a mail shows."""
    text = blocks.plain(content)
    require(CONTENT_TEXT, len(text))
    require(CONTENT_OCTETS, octets(content))
    return text


def _refuse_nonsense(body: MessageBody) -> None:
    """Raise InvalidRequest if a body contradicts itself, or says what would be lost."""
    if body.sender is not None and body.type != "UserMessage":
        raise InvalidRequest("sender: only a UserMessage has one")
    if body.sender is None and body.type == "UserMessage":
        raise InvalidRequest("sender: a UserMessage needs one")
    if body.text is not None and body.content is not None:
        raise InvalidRequest("text and content exclude each other")
    if body.attachment_token is not None:
        raise InvalidRequest(f"attachmentToken: {_NO_UPLOADS}")
    if blocks.has_file(body.content or []):
        raise InvalidRequest(f"content: {_NO_UPLOADS}")
