"""Files by signed links, for people who read a mail. A link works for some days and one file.

No login: the link is the key, as in a mail everything is, while the person it was sent to may read
the conversation. Opening it changes nothing. One that
has expired says so, since whoever holds it has proven that it was theirs; every other leads
nowhere, whatever is wrong with it.
"""

from fastapi import Response
from fastapi.responses import PlainTextResponse

from core.store import attachments
from gateway.http.download import download
from gateway.http.needs import MayFetch
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("pages", in_schema=False)
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
}


@router.get("/f/{token}")
@router.get("/f/{token}/{filename}")
async def file(holder: MayFetch, at: At) -> Response:
    """Return the file a signed link names."""
    if holder is None:
        return _told("This link leads nowhere.", 404)
    if not holder.holds(at.clock.now()):
        return _told("This link has expired. Open the conversation to see the file.", 410)
    named = (holder.app_number, holder.reference, holder.reader)
    found = await at.database.read(lambda session: attachments.of_link(session, *named))
    response = await download(found, at.files) if found is not None else None
    return response or _told("This file is no longer kept.", 404)


def _told(sentence: str, status: int) -> PlainTextResponse:
    return PlainTextResponse(f"{sentence}\n", status_code=status, headers=_HEADERS)
