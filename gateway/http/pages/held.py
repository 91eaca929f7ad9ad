"""The page behind the question "was it you?". GET shows the reply, POST does what is chosen.

No login, no cookies: the token was sent to the owner's own mailbox and is good for this one
reply. Choosing twice is fine; the page then says how things stand. Who has left, or may no longer
read, is shown nothing.

Whoever says yes answers for what they were shown: all of it, files and what eyes do not see
included. The page's form names what it shows (``shown``): if that is not what waits by now, it does
nothing. What waits changes only for replies of before 0018; whoever names nothing decides on it.
"""

from functools import partial
from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse

from core.actions import hold
from core.errors import InvalidRequest
from core.model.held import HeldReply, HeldState
from core.observe import Event, logger
from core.rules.admission import may_read
from core.store import held, participants
from core.store.database import Session
from gateway.context import Context
from gateway.http.needs import MayDecide
from gateway.http.pages.held_page import fingerprint, held_page, offered
from gateway.http.pages.page_language import Liked, words_for
from gateway.http.pages.templating import gone
from gateway.http.principal import LinkHolder
from gateway.http.request_context import At
from gateway.http.router import Router
from gateway.release.held import NOT_ALL_SHOWN, release

router = Router("pages", in_schema=False)

_BY = "owner"


@router.page("/h/{token}")
async def show(holder: MayDecide, at: At, liked: Liked, do: str = "") -> HTMLResponse:
    """Show the reply, and first the choice that the link was for."""
    return await _as_it_stands(holder, at, liked, do)


@router.post("/h/{token}")
async def act(
    holder: MayDecide,
    at: At,
    liked: Liked,
    do: Annotated[str, Form()],
    shown: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Post it, post it and believe its address from now on, or revoke the address it came to.

    ``shown``: what the form's page showed; nothing is done if something else waits by now.
    """
    one = await _named(holder, at)
    if one is None:
        return gone(words_for(liked))
    fits = not shown or shown == fingerprint(one)
    own = await at.database.read(partial(hold.looks_like_own, one=one))
    if one.state is HeldState.WAITING and do in offered(one, own) and fits:
        try:
            await _do(one, do, at)
        except InvalidRequest as error:  # gone, not allowed any more, or decided meanwhile
            why = "" if error.code == NOT_ALL_SHOWN else str(error)
            return await held_page(await _named(holder, at) or one, at, liked, do, why)
        logger().info(Event.HELD_DECIDED, app=one.app_id, held=one.id, choice=do, by=_BY)
    return await _as_it_stands(holder, at, liked, do)


async def _as_it_stands(
    holder: LinkHolder | None, at: Context, liked: str, do: str
) -> HTMLResponse:
    """Return the page of what a link names, or that it leads nowhere."""
    one = await _named(holder, at)
    if one is None:
        return gone(words_for(liked))
    return await held_page(one, at, liked, do)


async def _do(one: HeldReply, choice: str, at: Context) -> None:
    now = at.clock.now()
    app_id, held_id = one.app_id, one.id
    if choice == "post":
        await release(app_id, held_id, _BY, at)
        return
    if choice == "not_me":
        await at.database.write(
            lambda session: hold.disown(session, hold.waiting(session, app_id, held_id), _BY, now)
        )
        return
    await at.database.read(lambda session: hold.require_room(session, one))  # before it is posted
    await release(app_id, held_id, _BY, at)
    await at.database.write(lambda session: hold.claim_sender(session, one))


async def _named(holder: LinkHolder | None, at: Context) -> HeldReply | None:
    """Return the reply as it stands now, None if the link names none that its owner may read."""
    if holder is None:
        return None

    def work(session: Session) -> HeldReply | None:
        one = held.named_by(session, holder.app_number, holder.reference)
        whose = (one.app_id, one.conversation_id, one.user_id) if one else None
        owner = participants.correspondent(session, *whose) if whose else None
        return one if owner is not None and may_read(owner) else None

    return await at.database.read(work)
