"""The page behind the question "was it you?". GET shows the reply, POST does what is chosen.

No login, no cookies: the token was sent to the owner's own mailbox and is good for this one
reply. Choosing twice is fine; the page then says how things stand. Who has left, or may no longer
read, is shown nothing.

Whoever says yes answers for what they were shown: all of it, files and what eyes do not see
included. The page's form names what it shows (``shown``): if that is not what waits by now, it does
nothing. What waits changes only for replies of before 0018; whoever names nothing decides on it.
"""

import hashlib
import json
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import Form
from fastapi.responses import HTMLResponse

from core.actions import hold
from core.address import Purpose, Token
from core.errors import InvalidRequest
from core.lookalike import shown_address
from core.model.held import AuthorProof, HeldReply, HeldState
from core.moment import Moment
from core.observe import Event, logger
from core.rules.admission import may_read
from core.store import apps, conversations, held, participants
from core.store.database import Session
from core.verdict import Reason
from gateway.context import Context
from gateway.http.needs import MayDecide
from gateway.http.pages.templating import gone, page
from gateway.http.principal import LinkHolder
from gateway.http.request_context import At
from gateway.http.router import Router
from gateway.release.held import NOT_ALL_SHOWN, release

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
# What its sender's domain says of it, by what was found.
_PROOF = {
    AuthorProof.PROVEN: "We asked the domain of that address: it did send this.",
    AuthorProof.AUTHOR_ONLY: "The domain of that address signed this once, but it may be an old "
    "mail or one to somebody else, sent again or changed by another person.",
    AuthorProof.DISOWNED: "We asked the domain of that address: it did not send this.",
    AuthorProof.UNPUBLISHED: "The domain of that address does not say which mail is its own, so "
    "anybody may have written it.",
    AuthorProof.UNANSWERED: "The domain of that address could not be asked, so anybody may have "
    "written it.",
    AuthorProof.UNCHECKED: "The domain of that address was not asked, so anybody may have "
    "written it.",
}
_EXCERPT = 100
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
async def act(
    holder: MayDecide,
    at: At,
    do: Annotated[str, Form()],
    shown: Annotated[str, Form()] = "",
) -> HTMLResponse:
    """Post it, post it and believe its address from now on, or revoke the address it came to.

    ``shown``: what the form's page showed; nothing is done if something else waits by now.
    """
    one = await _named(holder, at)
    if one is None:
        return gone()
    fits = not shown or shown == _fingerprint(one)
    own = await at.database.read(partial(hold.looks_like_own, one=one))
    offered = _offered(one, own)
    if one.state is HeldState.WAITING and do in offered and fits:
        try:
            await _do(one, do, at)
        except InvalidRequest as error:  # gone, not allowed any more, or decided meanwhile
            if error.code == NOT_ALL_SHOWN:
                return await _page(await _named(holder, at) or one, at, do)
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


async def _page(one: HeldReply, at: Context, first: str) -> HTMLResponse:
    def look(session: Session) -> tuple[str | None, list[HeldReply], int, str | None]:
        found = conversations.find(session, one.app_id, one.conversation_id)
        app = apps.find(session, one.app_id)
        others = hold.others_from_there(session, one) if one.has_one_sender else []
        own = hold.looks_like_own(session, one)
        return found.subject if found else None, others, app.number if app else 0, own

    subject, others, number, own = await at.database.read(look)
    ordered = sorted(_offered(one, own), key=lambda name: name != first)
    return page(
        "held",
        said=_SAID.get(one.state),
        subject=subject or "",
        sender=shown_address(one.sender) or "an address that is not in the mail",
        resembles=shown_address(own) if own is not None else "",
        held_on=_day(one.held_at),
        because=_BECAUSE.get(one.reason, ""),
        proof=_PROOF[AuthorProof(one.proof or AuthorProof.UNCHECKED)],
        text=one.text,
        letters=f"{len(one.text):,}",
        lines=f"{one.text.count(chr(10)) + 1:,}",
        files=[_file(file) for file in one.files or ()],
        shown=_fingerprint(one),
        others=[_other(other, number, at) for other in others],
        choices=[{"name": name, "label": _CHOICES[name]} for name in ordered],
    )


def _offered(one: HeldReply, own: str | None) -> list[str]:
    """Return what may be chosen: an address is only one's own where it surely wrote this.

    ``own``: an address of theirs that the sender's looks like, and then it is never.
    """
    claimable = one.may_be_claimed and own is None
    return [name for name in _CHOICES if name != "mine" or claimable]


def _fingerprint(one: HeldReply) -> str:
    """Return what tells one thing shown from another: 16 hex digits of a SHA-256."""
    said = json.dumps([one.id, one.sender, one.text, one.files], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _file(one: dict[str, Any]) -> dict[str, str]:
    return {
        "name": one["filename"],
        "size": f"{one['size']:,}",
        "kind": one["contentType"],
    }


def _other(one: HeldReply, number: int, at: Context) -> dict[str, str]:
    """Return how another reply from the same address is listed: each is decided on its own page."""
    text = " ".join(one.text.split())
    return {
        "link": at.keys.sign(Token(Purpose.HELD, number, one.reference)),
        "held_on": _day(one.held_at),
        "text": text if len(text) <= _EXCERPT else text[:_EXCERPT] + "\u2026",
    }


def _day(moment: Moment) -> str:
    return f"{datetime.fromtimestamp(moment / 1000, UTC):%-d %B %Y, %H:%M} UTC"
