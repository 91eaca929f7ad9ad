"""Mail for the operator: what came to postmaster@ and abuse@."""

import base64
from typing import Annotated, Any

from fastapi import Query

from core.errors import NotFound
from core.model.delivery import Delivery
from core.model.receipt import Receipt
from core.store import for_operator, receipts
from core.store.database import Session
from gateway.http.needs import OPERATOR_ONLY
from gateway.http.request_context import At
from gateway.http.router import Router
from gateway.mailboxes.receipt import octets_of

router = Router("admin", prefix="/admin/operator", needs=OPERATOR_ONLY)
Json = dict[str, Any]


@router.get("/mails")
async def page(at: At, limit: Annotated[int, Query(ge=1, le=1000)] = 30) -> Json:
    """Return the newest mails for the operator, and whether each was passed on."""

    def work(session: Session) -> list[Json]:
        found = for_operator.listed(session, limit)
        sent = for_operator.passed_on(session, [one.id for one in found])
        return [_shape(one, sent.get(one.id)) for one in found]

    return {"data": await at.database.read(work)}


@router.get("/mails/{receipt_id}")
async def show(receipt_id: str, at: At) -> Json:
    """Return what is kept of a mail for the operator."""

    def work(session: Session) -> Json:
        one = _found(session, receipt_id)
        return _shape(one, for_operator.passed_on(session, [one.id]).get(one.id))

    return await at.database.read(work)


@router.get("/mails/{receipt_id}/raw")
async def raw(receipt_id: str, at: At) -> Json:
    """Return the octets of a mail, in base64, as they came in."""
    one: Receipt = await at.database.read(lambda session: _found(session, receipt_id))
    return {"id": one.id, "raw": base64.b64encode(octets_of(one)).decode()}


def _found(session: Session, receipt_id: str) -> Receipt:
    one = receipts.find(session, for_operator.NO_APP, receipt_id)
    if one is None:
        raise NotFound(f"There is no receipt {receipt_id!r}.", code="RECEIPT_NOT_FOUND")
    return one


def _shape(one: Receipt, sent: Delivery | None) -> Json:
    known = one.evidence or {}
    return {
        "id": one.id,
        "receivedAt": one.received_at,
        "recipient": one.recipient,
        "reversePath": one.reverse_path,
        "peer": one.peer,
        "author": known.get("author", ""),
        "subject": known.get("subject", ""),
        "mailMessageId": one.mail_message_id,
        "size": one.size,
        "detail": one.detail,
        "delivery": {"id": sent.id, "state": sent.state, "reason": sent.reason} if sent else None,
    }
