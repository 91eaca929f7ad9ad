"""Kept mails, read again, and posted where nobody has looked yet. On the admin socket alone."""

from typing import Any

from gateway.http.house import At
from gateway.http.router import Router
from gateway.isolation.in_child import Apart
from gateway.release import replay

router = Router("admin", prefix="/admin/receipts")
Json = dict[str, Any]

_BY = "operator"


@router.post("/{app_id}/{receipt_id}/replay")
async def read_again(app_id: str, receipt_id: str, at: At) -> Json:
    """Return what a mail says today, line by line; nothing is posted."""
    return _shape(await replay.replay(app_id, receipt_id, at))


@router.post("/{app_id}/{receipt_id}/post")
async def post(app_id: str, receipt_id: str, at: At) -> Json:
    """Post a mail that was set aside unread."""
    return {"messageId": await replay.post(app_id, receipt_id, _BY, at)}


def _shape(said: Apart) -> Json:
    reply = said.reply
    return {
        "author": said.author,
        "text": reply.text,
        "kind": reply.kind,
        "confidence": round(reply.confidence, 3),
        "source": reply.source,
        "fallback": reply.fallback,
        "lines": [
            {"text": cut.text, "kept": cut.kept, "rule": cut.rule, "reason": cut.reason}
            for cut in reply.cuts
        ],
        "files": [
            {"filename": one.filename, "contentType": one.content_type, "size": len(one.octets)}
            for one in said.files
        ],
    }
