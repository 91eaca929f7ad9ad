"""Mail that a mail server on this machine hands in: to any app, through a pipe and this socket."""

from typing import Any

from fastapi import Request, Response

from gateway.http.needs import OPERATOR_ONLY
from gateway.http.request_context import At
from gateway.http.rfc822 import RFC822, octets_of, told
from gateway.http.router import Router
from gateway.ingress import WholeMail, receive_whole

router = Router("admin", prefix="/admin", needs=OPERATOR_ONLY)
_LOCAL = "local"  # as SMTP calls a peer on this machine


@router.get("/mail")
async def limits(at: At) -> dict[str, Any]:
    """Return how large a mail may be."""
    return {"largest": at.largest}


@router.post("/mail", openapi_extra=RFC822)
async def receive_any(
    request: Request, at: At, recipient: str, sender: str | None = None
) -> Response:
    """Take a mail to any app's address, from a mail server on this machine."""
    raw = await octets_of(request)
    return told(await receive_whole(WholeMail(raw, recipient, sender, peer=_LOCAL), at))
