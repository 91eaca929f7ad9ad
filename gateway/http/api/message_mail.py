"""The mail that a message came by: what was folded of it, and posting that after all."""

import asyncio
from typing import Any

from gateway.http.bodies.message_mail import RepostBody, mail_shape
from gateway.http.needs import ForApp
from gateway.http.request_context import At
from gateway.http.router import Router
from gateway.release import message_mail

router = Router("messages")
Json = dict[str, Any]
_PATH = "/conversations/{conversation_id}/messages/{message_id}/mail"


@router.get(_PATH)
async def show(app_id: ForApp, conversation_id: str, message_id: str, at: At) -> Json:
    """Return what the mail of a message says: what was kept of it, what was folded and why."""
    found = await message_mail.read((app_id, conversation_id), message_id, at)
    return await asyncio.to_thread(mail_shape, found)  # a stranger chose how long it is


@router.post(_PATH)
async def repost(
    app_id: ForApp, conversation_id: str, message_id: str, body: RepostBody, at: At
) -> Json:
    """Post lines that were folded after all, as an edit of the message that webhooks tell of."""
    where = (app_id, conversation_id)
    message = await message_mail.repost(where, message_id, body.wanted(), body.fingerprint, at)
    return {"id": message.id, "text": message.text, "editedAt": message.edited_at}
