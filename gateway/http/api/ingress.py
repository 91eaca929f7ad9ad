"""Mail that a back end hands in: ``POST …/mail``, for one whose mail provider posts by HTTP."""

from fastapi import Request, Response

from gateway.http.needs import ForApp
from gateway.http.request_context import At
from gateway.http.rfc822 import RFC822, octets_of, told
from gateway.http.router import Router
from gateway.ingress import WholeMail, receive_whole

router = Router("mail")


@router.post("/mail", openapi_extra=RFC822)
async def receive(
    app_id: ForApp, request: Request, at: At, recipient: str, sender: str | None = None
) -> Response:
    """Take a mail to one of this app's addresses, and answer as a mail server would."""
    raw = await octets_of(request)
    return told(await receive_whole(WholeMail(raw, recipient, sender, app_id), at))
