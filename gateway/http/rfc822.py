"""How does a mail come by HTTP, and how is its verdict told? As message/rfc822; as a status.

The octets come as they are. The body is read only once it is known who asks, and only as far as a
mail may be long.
"""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from core.errors import InvalidRequest
from core.verdict import Accept, Defer, Reason, Reject, Verdict
from gateway import answers
from gateway.answers.spoken import translation
from gateway.http.problems import details
from gateway.ingress import Answer

Json = dict[str, Any]

RFC822 = {
    "requestBody": {
        "required": True,
        "content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_STATUS = {
    Reason.UNKNOWN_ADDRESS: 404,
    Reason.RELAY_DENIED: 404,
    Reason.NO_ACCESS: 403,
    Reason.SENDER_MISMATCH: 403,
    Reason.TOO_BIG: 413,
}


async def octets_of(request: Request) -> bytes:
    """Return the body, which the application's edge bounds while it comes in."""
    kind = request.headers.get("content-type", "message/rfc822").partition(";")[0].strip().lower()
    if kind not in {"message/rfc822", "message/global", "application/octet-stream"}:
        raise InvalidRequest(f"Content-Type: a mail is message/rfc822, not {kind[:60]}")
    body = bytearray()  # not a list: what is freed of many small pieces is not given back
    async for chunk in request.stream():
        body += chunk
    return bytes(body)


def told(answer: Answer) -> Response:
    """Tell the verdict: 2xx the mail is ours, 4xx it is refused, 503 it is to be tried again."""
    verdict = answer.verdict
    row = answers.row_of(verdict)
    said: Json = {
        "verdict": type(verdict).__name__.lower(),
        "reason": verdict.reason.value,
        "instead": verdict.instead if isinstance(verdict, Reject) else None,
        "code": row.status.code,
        "enhanced": row.status.enhanced,
        "sentence": row.sentence,
        "translation": translation(verdict),
        "messageId": verdict.message_id if isinstance(verdict, Accept) else None,
        "receiptId": verdict.receipt_id if isinstance(verdict, Accept) else None,
    }
    if answer.reference:
        said["reference"] = answer.reference
    status = _status(verdict, temporary=row.status.temporary)
    if status == 200:
        return JSONResponse(said)
    problem = details(status, verdict.reason.value.upper(), [row.sentence])
    headers = {"Retry-After": "60"} if status == 503 else None
    return JSONResponse({**problem, **said}, status_code=status, headers=headers)


def _status(verdict: Verdict, *, temporary: bool) -> int:
    if isinstance(verdict, Defer) or temporary:
        return 503
    return _STATUS.get(verdict.reason, 422) if isinstance(verdict, Reject) else 200
