"""Files by signed links, for people who read a mail. A link works for some days and one file.

No login: the link is the key, as in a mail everything is, while the person it was sent to may read
the conversation. Opening it changes nothing. One that
has expired says so, since whoever holds it has proven that it was theirs; every other leads
nowhere, whatever is wrong with it.
"""

from fastapi import Request, Response

from core.store import attachments
from gateway.context import Context
from gateway.http.download import download
from gateway.http.needs import MayFetch
from gateway.http.pages.page_language import Liked, words_for
from gateway.http.pages.templating import gone, notice
from gateway.http.principal import LinkHolder
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("pages", in_schema=False)


@router.page("/f/{token}")
@router.page("/f/{token}/{filename}")
async def file(request: Request, holder: MayFetch, at: At, liked: Liked) -> Response:
    """Return the file a signed link names."""
    if holder is None:
        return gone(words_for(liked))
    if not holder.holds(at.clock.now()):
        return await _told("file_expired", 410, holder, at, liked)
    named = (holder.app_number, holder.reference, holder.reader)
    found = await at.database.read(lambda session: attachments.of_link(session, *named))
    response = await download(found, at.files) if found is not None else None
    if response is None:
        return await _told("file_gone", 404, holder, at, liked)
    if request.method == "HEAD":  # its octets are not read to be thrown away
        return Response(headers=response.headers)
    return response


async def _told(phrase: str, status: int, holder: LinkHolder, at: Context, liked: str) -> Response:
    """Return why there is no file, in the language of whom the link was sent to."""
    named = (holder.app_number, holder.reference, holder.reader)
    locales = await at.database.read(lambda session: attachments.locales_of_link(session, *named))
    return notice(phrase, words_for(*(locales or ()), liked), status)
