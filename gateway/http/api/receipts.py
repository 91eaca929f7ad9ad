"""Receipts: the mails we took, and what became of each. Never their octets."""

from typing import Annotated, Any

from fastapi import Query

from core.errors import NotFound
from core.model.receipt import Receipt
from core.store import receipts
from gateway.http.needs import ForApp
from gateway.http.request_context import At
from gateway.http.router import Router
from gateway.mailboxes.receipt import kept_of

router = Router("receipts")
Json = dict[str, Any]


@router.get("/receipts")
async def page(app_id: ForApp, at: At, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> Json:
    """Return the newest receipts."""
    found = await at.database.read(lambda session: receipts.listed(session, app_id, limit))
    return {"data": [_shape(one) for one in found]}


@router.get("/receipts/{receipt_id}")
async def show(app_id: ForApp, receipt_id: str, at: At) -> Json:
    """Return a receipt."""
    one = await at.database.read(lambda session: receipts.find(session, app_id, receipt_id))
    if one is None:
        raise NotFound(f"There is no receipt {receipt_id!r}.", code="RECEIPT_NOT_FOUND")
    return _shape(one)


def _shape(one: Receipt) -> Json:
    return {
        "id": one.id,
        "receivedAt": one.received_at,
        "conversationId": one.conversation_id,
        "userId": one.user_id,
        "verdict": one.verdict,
        "reason": one.reason,
        "detail": one.detail,
        "messageId": one.message_id,
        "mailMessageId": one.mail_message_id,
        "reversePath": one.reverse_path,
        "peer": one.peer,
        "size": one.size,
        "kept": kept_of(one),
        "evidence": one.evidence,
    }
