"""The page behind the question "was it you?". GET shows the reply, POST does what is chosen.

No login, no cookies: the token was sent to the owner's own mailbox and is good for this one
reply. Choosing twice is fine; the page then says how things stand. Who has left, or may no longer
read, is shown nothing.
"""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Form
from fastapi.responses import HTMLResponse

from core.actions import hold
from core.errors import InvalidRequest
from core.model.held import HeldReply, HeldState
from core.observe import Event, logger
from core.rules.admission import may_read
from core.store import conversations, held, participants
from core.store.database import Session
from core.verdict import Reason
from gateway.context import Context
from gateway.http.needs import MayDecide
from gateway.http.pages.templating import gone, page
from gateway.http.principal import LinkHolder
from gateway.http.request_context import At
from gateway.http.router import Router
from gateway.release.held import release, release_all

router = Router("pages", in_schema=False)

_BY = "owner"
_CHOICES = {
    "post": "Yes, post it",
    "mine": "Yes, and this address is mine",
    "not_me": "No, that was not me",
}
# Why it waits, by its reason.
_BECAUSE = {
    Reason.AUTO_REPLY_SUBJECT.value: "its subject is one that automatic replies have.",
    Reason.READ_RECEIPT.value: "its subject is one that read receipts have.",
    Reason.SENDER_MISMATCH.value: "that address is not one we know as yours.",
    Reason.SENDER_UNPROVEN.value: "it could not be proven that it really comes from that address.",
    Reason.MAILING_LIST.value: "it came through a mailing list.",
}
_SAID = {
    HeldState.POSTED: "Your reply was posted",
    HeldState.DROPPED: "This reply will not be posted",
}


@router.get("/h/{token}")
async def show(holder: MayDecide, at: At, do: str = "") -> HTMLResponse:
    """Show the reply, and first the choice that the link was for."""
    one = await _named(holder, at)
    return await _page(one, at, do) if one is not None else gone()


@router.post("/h/{token}")
async def act(holder: MayDecide, at: At, do: Annotated[str, Form()]) -> HTMLResponse:
    """Post it, post it and believe its address from now on, or revoke the address it came to."""
    one = await _named(holder, at)
    if one is None:
        return gone()
    if one.state is HeldState.WAITING and do in _CHOICES and (do != "mine" or one.has_one_sender):
        try:
            await _do(one, do, at)
        except InvalidRequest as error:  # gone, not allowed any more, or decided meanwhile
            return page("held", said=f"It could not be posted: {error}")
        logger().info(Event.HELD_DECIDED, app=one.app_id, held=one.id, choice=do, by=_BY)
    one = await _named(holder, at)
    return await _page(one, at, do) if one is not None else gone()


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
    theirs = await at.database.write(
        lambda session: hold.claim_sender(session, hold.waiting(session, app_id, held_id))
    )
    await release_all(theirs, _BY, at)


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


async def _page(one: HeldReply, at: Context, first: str) -> HTMLResponse:
    def title(session: Session) -> str | None:
        found = conversations.find(session, one.app_id, one.conversation_id)
        return found.subject if found else None

    offered = [name for name in _CHOICES if name != "mine" or one.has_one_sender]
    ordered = sorted(offered, key=lambda name: name != first)
    return page(
        "held",
        said=_SAID.get(one.state),
        subject=await at.database.read(title),
        sender=one.sender or "an address that is not in the mail",
        held_on=f"{datetime.fromtimestamp(one.held_at / 1000, UTC):%-d %B %Y, %H:%M} UTC",
        because=_BECAUSE.get(one.reason, ""),
        text=one.text,
        choices=[{"name": name, "label": _CHOICES[name]} for name in ordered],
    )
