"""Kept mails: their octets, read again, and posted where nobody has looked yet."""

import base64
from typing import Any

from core.errors import NotFound
from core.model.receipt import Receipt
from core.store import receipts
from gateway.explained import explained
from gateway.http.needs import OPERATOR_ONLY
from gateway.http.request_context import At
from gateway.http.router import Router
from gateway.mailboxes.receipt import kept_of, octets_left
from gateway.release import replay

router = Router("admin", prefix="/admin/receipts", needs=OPERATOR_ONLY)
Json = dict[str, Any]

_BY = "operator"


@router.get("/{app_id}/{receipt_id}/raw")
async def raw(app_id: str, receipt_id: str, at: At) -> Json:
    """Return the octets of a mail, in base64, as they came in, or what is kept of them."""
    one: Receipt | None = await at.database.read(
        lambda session: receipts.find(session, app_id, receipt_id)
    )
    if one is None:
        raise NotFound(f"There is no receipt {receipt_id!r}.", code="RECEIPT_NOT_FOUND")
    octets = base64.b64encode(octets_left(one)).decode()
    return {"id": one.id, "raw": octets, "kept": kept_of(one)}


@router.post("/{app_id}/{receipt_id}/replay")
async def read_again(app_id: str, receipt_id: str, at: At) -> Json:
    """Return what a mail says today, line by line; nothing is posted."""
    reading, receipt = await replay.replay(app_id, receipt_id, at)
    return explained(reading, None if replay.came_as_reply(receipt) else receipt)


@router.post("/{app_id}/{receipt_id}/post")
async def post(app_id: str, receipt_id: str, at: At) -> Json:
    """Post a mail that was set aside unread."""
    return {"messageId": await replay.post(app_id, receipt_id, _BY, at)}
