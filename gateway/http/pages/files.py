"""Files by signed links, for people who read a mail."""

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from core.address import Purpose
from core.store import messages
from gateway.http.api.messages import file_response
from gateway.http.house import At

router = APIRouter(tags=["pages"], include_in_schema=False)


@router.get("/f/{token}")
@router.get("/f/{token}/{filename}")
async def file(token: str, at: At) -> Response:
    """Return the file a signed link names."""
    proven = at.keys.read(Purpose.FILE, token)
    found = None
    if proven is not None:
        found = await at.database.read(
            lambda session: messages.file_of_link(session, proven.app_number, proven.reference)
        )
    if found is None:
        return PlainTextResponse("This link leads nowhere.\n", status_code=404)
    return file_response(found.filename, found.octets)
