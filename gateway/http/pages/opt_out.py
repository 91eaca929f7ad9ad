"""The opt-out page. GET shows it and changes nothing; POST acts at once (RFC 8058, 3.2).

No login, no cookies, no redirect. The token says who and which conversation; it was signed for
opting out alone, so the page carries another one for changing one's mind. Opting out works as
long as there is anything to opt out of; what the conversation is called is shown only to who may
read it, by a link that was not revoked.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse

from core.actions import opt_out
from core.address import Purpose
from core.model.member import Correspondent
from core.model.opt_out import EVERYTHING
from core.observe import Event, logger
from core.rules.admission import may_read_by
from core.store import apps, opt_outs, participants
from core.store.database import Session
from gateway.context import Context
from gateway.http.credentials import link_token, of_link
from gateway.http.needs import MayOptOut
from gateway.http.pages.page_language import Liked, words_for
from gateway.http.pages.templating import gone, page
from gateway.http.principal import LinkHolder
from gateway.http.request_context import At
from gateway.http.router import Router

router = Router("pages", in_schema=False)
ONE_CLICK = "one_click"  # how an opt-out came about: by the button of a mail program


@router.page("/u/{token}")
async def show(holder: MayOptOut, at: At, liked: Liked) -> HTMLResponse:
    """Show what one can opt out of. Scanners and previews open this, so nothing happens."""
    return await _page(holder, at, liked)


@router.post("/u/{token}")
async def act(
    holder: MayOptOut,
    at: At,
    liked: Liked,
    scope: Annotated[str, Form()] = "conversation",
    back: Annotated[str, Form()] = "",
    one_click: Annotated[str, Form(alias="List-Unsubscribe")] = "",
) -> HTMLResponse:
    """Opt out, or back in with the page's own token; saying it twice is fine.

    ``List-Unsubscribe`` is what a mail program sends for its reader (RFC 8058, 3.1): that it was
    so is kept, and changes nothing else.
    """
    if holder is None:
        return gone(words_for(liked))
    back_in = of_link(back, Purpose.OPT_IN, at.keys) if back else None
    if back and back_in != _who_may_opt_in(holder):
        return gone(words_for(liked))
    now, via = at.clock.now(), ONE_CLICK if one_click else "page"

    def work(session: Session) -> Correspondent | None:
        named = participants.named_by(session, holder.app_number, holder.reference)
        if named is None:
            return None
        who = (named.app_id, named.user_id)
        about = EVERYTHING if scope == "all" else named.conversation_id
        if back_in is not None:
            opt_out.opt_in(session, who, about, now)
        else:
            opt_out.opt_out(session, who, about, via, now)
        return named

    named = await at.database.write(work)
    if named is not None:
        whose = {"app": named.app_id, "user": named.user_id}
        logger().info(Event.OPTED_OUT, **whose, back=bool(back), via=via)
    return await _page(holder, at, liked)


async def _page(holder: LinkHolder | None, at: Context, liked: str) -> HTMLResponse:
    """Return the page as things stand."""
    if holder is None:
        return gone(words_for(liked))

    def work(session: Session) -> tuple[Correspondent | None, frozenset[str], str]:
        named = participants.named_by(session, holder.app_number, holder.reference)
        if named is None:
            return None, frozenset(), ""
        app = apps.find(session, named.app_id)
        scopes = opt_outs.scopes(session, named.app_id, named.user_id)
        return named, scopes, app.default_locale if app else ""

    named, scopes, default_locale = await at.database.read(work)
    if named is None:
        return gone(words_for(liked))
    return page(
        "opt_out",
        words_for(named.locale, default_locale, liked),
        subject=named.conversation_subject if may_read_by(named, holder.epoch) else None,
        out_of_this=named.conversation_id in scopes,
        out_of_all=EVERYTHING in scopes,
        back=link_token(_who_may_opt_in(holder), at.keys),
    )


def _who_may_opt_in(holder: LinkHolder) -> LinkHolder:
    """Return who may take back what this one may choose: the same person, about the same."""
    return replace(holder, may=Purpose.OPT_IN)
