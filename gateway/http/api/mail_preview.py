"""A mail as it would be sent: shown, or sent to one address as a test."""

from functools import partial
from typing import Any

from core.actions.preview_mail import refuse_suppressed, wish_for
from core.errors import NotAllowed
from core.mail_preview import MailPreviews, PreviewWish
from core.store.database import Session
from gateway.context import Context
from gateway.http.bodies.mail_preview import PreviewBody, TestBody, preview_shape, test_shape
from gateway.http.needs import ForApp
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("mail")
Json = dict[str, Any]


@router.post("/mail/preview")
async def preview(app_id: ForApp, body: PreviewBody, at: At) -> Json:
    """Show the mail somebody would get now, or one that is made up. Nothing is sent or kept."""
    about, now = body.about(), at.clock.now()
    wish = await at.database.read(partial(wish_for, app_id=app_id, about=about, now=now))
    return preview_shape(await _previews(at).preview(wish), about)


@router.post("/mail/test")
async def send_test(app_id: ForApp, body: TestBody, at: At) -> Json:
    """Send one mail to an address, marked as a test, and tell what the relay said."""
    about, now = body.about(), at.clock.now()

    def work(session: Session) -> PreviewWish:
        refuse_suppressed(session, app_id, body.to, now)
        return wish_for(session, app_id, about, now)

    wish = await at.database.read(work)
    return test_shape(await _previews(at).send_test(wish, body.to), body.to)


def _previews(at: Context) -> MailPreviews:
    """Return what writes mails in this process, or raise NotAllowed where nothing does."""
    if at.previews is None:
        raise NotAllowed("This process writes no mails.", code="NO_PREVIEWS")
    return at.previews
