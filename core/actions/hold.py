"""Keep a reply back until a person says whose it is, and do what they say.

The owner of the address is asked by mail, once; the operator may decide at any time. Every
answer may be given twice and counts once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.actions.queue import queue
from core.actions.revoke import revoke
from core.email_address import comparable
from core.errors import InvalidRequest, NotFound
from core.files.keep import NamedFile
from core.ids import new_id, new_reference
from core.lookalike import resembled
from core.model.held import AuthorProof, HeldReply, HeldState
from core.model.member import Correspondent
from core.model.opt_out import EVERYTHING
from core.model.receipt import Receipt
from core.model.user import User
from core.moment import Moment
from core.rules.admission import may_read
from core.rules.bounds import ALIASES, require
from core.rules.questions import may_ask
from core.store import held, opt_outs, participants, users
from core.store.database import Session
from core.verdict import Reason

_ANOTHER_COPY = "another copy"  # beside "owner" and "operator": by whom it was ended


@dataclass(frozen=True, slots=True)
class Doubt:
    """Whose mail it claims to be, why that is not believed, and all that it says."""

    sender: str
    reason: Reason
    text: str
    files: Sequence[NamedFile] = ()
    proof: AuthorProof = AuthorProof.UNCHECKED


def listing(files: Sequence[NamedFile]) -> list[dict[str, Any]]:
    """Return what a held reply keeps of its files."""
    return [
        {
            "filename": one.filename,
            "contentType": one.content_type,
            "size": len(one.octets),
            "sha256": one.sha256,
        }
        for one in files
    ]


def hold(
    session: Session,
    receipt: Receipt,
    named: Correspondent,
    doubt: Doubt,
    mail_domain: str,
    now: Moment,
) -> HeldReply:
    """Hold the mail of a receipt, and ask the address's owner if they may be asked."""
    one = HeldReply(
        app_id=named.app_id,
        id=new_id("hld", now),
        receipt_id=receipt.id,
        conversation_id=named.conversation_id,
        user_id=named.user_id,
        sender=doubt.sender[:320],
        reason=doubt.reason.value,
        text=doubt.text,
        files=listing(doubt.files),
        proof=doubt.proof.value,
        reference=new_reference(),
        held_at=now,
    )
    whose = (named.app_id, named.conversation_id, named.user_id)
    address = _where_to_ask(session, named, now)
    if address is not None and may_ask(doubt.reason, held.last_asked(session, *whose), now):
        one.asked_at = now
        _ask(session, one, address, mail_domain, now)
    held.add(session, one)
    session.flush()
    return one


def waiting(session: Session, app_id: str, held_id: str) -> HeldReply:
    """Return a reply that waits, locked. Raise NotFound, or InvalidRequest if it was decided."""
    one = held.lock(session, app_id, held_id)
    if one is None:
        raise NotFound(f"There is no held reply {held_id!r}.", code="HELD_REPLY_NOT_FOUND")
    if one.state is not HeldState.WAITING:
        raise InvalidRequest(f"{held_id} was {one.state} already.", code="ALREADY_DECIDED")
    return one


def posted(session: Session, one: HeldReply, by: str, message_id: str, now: Moment) -> None:
    """Note that it was posted after all."""
    _end(session, one, HeldState.POSTED, by, now)
    one.message_id = message_id


def drop(session: Session, one: HeldReply, by: str, now: Moment) -> None:
    """Let it go: it is never posted."""
    _end(session, one, HeldState.DROPPED, by, now)


def overtaken(session: Session, one: HeldReply, message_id: str | None, now: Moment) -> None:
    """End its waiting because another copy of the same mail was taken; as this message, if any."""
    if message_id is None:
        drop(session, one, _ANOTHER_COPY, now)
    else:
        posted(session, one, _ANOTHER_COPY, message_id, now)


def shown_anew(session: Session, one: HeldReply, text: str, files: Sequence[NamedFile]) -> None:
    """Keep what is to be shown of a reply of which only a part was: it is asked about again."""
    one.text, one.files = text, listing(files)
    session.add(one)


def require_room(session: Session, one: HeldReply) -> None:
    """Raise InvalidRequest if one more address to write from is more than may be kept."""
    _with_sender(session, one)


def claim_sender(session: Session, one: HeldReply) -> None:
    """Note that its sender's address is the user's own. Raise InvalidRequest if it may not be.

    The address is only believed when it writes; notifications still go where the app says. What
    else waits from there is not let go: nobody was shown it.
    """
    if not one.may_be_claimed or looks_like_own(session, one) is not None:
        raise InvalidRequest("This address was not shown to be its sender's.", code="UNPROVEN")
    user, aliases = _with_sender(session, one)
    if user is not None and aliases != (user.aliases or []):  # else it is known: nothing is written
        user.aliases = aliases
        session.add(user)


def _with_sender(session: Session, one: HeldReply) -> tuple[User | None, list[str]]:
    """Return the user, and where they write from beside their own address, the sender's included.

    Raise InvalidRequest if that is more than may be kept.
    """
    user = users.find(session, one.app_id, one.user_id)
    aliases = list((user.aliases if user else None) or ())
    known = {comparable(address) for address in (*((user.email if user else None) or ()), *aliases)}
    if comparable(one.sender) in known | {""}:
        return user, aliases
    require(ALIASES, len(aliases) + 1)
    return user, [*aliases, one.sender]


def looks_like_own(session: Session, one: HeldReply) -> str | None:
    """Return the user's own address that the sender's only looks like, None if it does not."""
    user = users.find(session, one.app_id, one.user_id)
    return resembled(one.sender, [*(user.email or ()), *(user.aliases or ())]) if user else None


def others_from_there(session: Session, one: HeldReply) -> list[HeldReply]:
    """Return what else waits in the same user's name from the same address, oldest first.

    Only where the user is, and may read: it is listed with its words.
    """
    waits, sender = held.waiting_of(session, one.app_id, one.user_id), comparable(one.sender)
    theirs = [two for two in waits if comparable(two.sender) == sender and two.id != one.id]
    there = {two.conversation_id for two in theirs}
    open_ = {where for where in there if _may_read(session, (one.app_id, where, one.user_id))}
    return [two for two in theirs if two.conversation_id in open_]


def _may_read(session: Session, whose: tuple[str, str, str]) -> bool:
    named = participants.correspondent(session, *whose)
    return named is not None and may_read(named)


def disown(session: Session, one: HeldReply, by: str, now: Moment) -> None:
    """Revoke the address it was written to: nothing sent there is taken any more.

    The next notification brings a new one. All that waits at the old address is dropped.
    """
    whose = (one.app_id, one.conversation_id, one.user_id)
    participant = participants.find(session, *whose)
    if participant is not None:
        revoke(participant)
        session.add(participant)
    for other in held.waiting_of(session, one.app_id, one.user_id):
        if other.conversation_id == one.conversation_id:
            drop(session, other, by, now)


def _end(session: Session, one: HeldReply, state: HeldState, by: str, now: Moment) -> None:
    one.state, one.ended_by, one.ended_at = state, by, now
    session.add(one)


def _where_to_ask(session: Session, named: Correspondent, now: Moment) -> str | None:
    """Return an address of the owner that we may write to."""
    user = users.find(session, named.app_id, named.user_id)
    addresses = (user.email or []) if user else []
    if EVERYTHING in opt_outs.scopes(session, named.app_id, named.user_id):
        return None
    bad = opt_outs.suppressed(session, named.app_id, addresses, now)
    return next((one for one in addresses if comparable(one) not in bad), None)


def _ask(session: Session, one: HeldReply, address: str, mail_domain: str, now: Moment) -> None:
    queue(
        session,
        address,
        mail_domain,
        now,
        app_id=one.app_id,
        notification_id="",
        held_id=one.id,
        conversation_id=one.conversation_id,
        user_id=one.user_id,
    )
