"""One mail from offer to verdict: the page to read first on the way in.

    admit    RCPT   token genuine? somebody there? may they write?
    receive  DATA   safe to read? read it. a report? an opt-out? a machine's? theirs? what did
                    they write? then one transaction: receipt, message, what is owed

Nothing is decided twice in two ways: what RCPT asked, the transaction asks again, because a
participant may have left in between. Whatever is answered 250 is on disk before it is said. An
exception from here is a surprise, and the handler answers it 451.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from core.actions import hold, opt_out, settle
from core.actions.say import Words, say
from core.address import Keyring, Purpose, Token, read_local_part
from core.clock import Clock
from core.errors import InvalidRequest
from core.model.member import Correspondent
from core.model.opt_out import EVERYTHING
from core.rules import admission
from core.store import deliveries, participants, receipts
from core.store.database import Database, Session
from core.verdict import Accept, Discard, Hold, Reason, Reject, Verdict
from gateway.mail import guard, machine
from gateway.mail.envelope import Envelope
from gateway.mail.keep import Offer, receipt_of
from gateway.mail.parse import Mail, parse
from gateway.quote.bench import sent_from
from gateway.quote.extract import extract
from gateway.quote.reply import Kind, Reply
from gateway.said import said, text_of

_DIGESTS = 5

_Read = tuple[Mail, Reply, Correspondent]


@dataclass(frozen=True, slots=True)
class Reception:
    """What receiving needs: where things are kept, whose addresses are ours, the time."""

    database: Database
    keys: Keyring
    domains: frozenset[str]
    clock: Clock
    nudge: Callable[[], None]
    raw_days: int = 30
    largest_file: int = 25 * 1024 * 1024
    mail_domain: str = "localhost"


async def admit(recipient: str, at: Reception) -> Verdict:
    """Answer RCPT: whether the address is ours, alive, and its owner may write."""
    token = _token_of(recipient, at)
    if isinstance(token, Reject):
        return token
    if token.purpose is Purpose.REPLY:
        refusal = await at.database.glance(partial(_refusal, token=token))
        if refusal is not None:
            return Reject(refusal)
    return Accept(Reason.POSTED)


async def receive(envelope: Envelope, recipient: str, raw: bytes, at: Reception) -> Verdict:
    """Answer DATA for one recipient."""
    token = _token_of(recipient, at)
    if isinstance(token, Reject):
        return token
    offer = Offer(envelope, recipient, raw, at.clock.now(), at.raw_days)
    match token.purpose:
        case Purpose.BOUNCE:
            return await at.database.write(partial(_bounced, offer=offer, token=token))
        case Purpose.OPT_OUT:
            return await at.database.write(partial(_opted_out, offer=offer, token=token))
        case _:
            return await _reply(offer, token, at)


async def _reply(offer: Offer, token: Token, at: Reception) -> Verdict:
    """Answer a mail to a reply address."""
    if guard.inspect(offer.raw) is not None:
        return Reject(Reason.TOO_COMPLEX)
    mail = parse(offer.raw)
    named, sent = await at.database.glance(partial(_whose, token=token))
    refusal = admission.address_alive(token, named)
    if named is None or refusal is not None:
        return Reject(refusal or Reason.UNKNOWN_ADDRESS)
    by_machine = machine.judge(mail, offer.envelope)
    if by_machine is not None and not by_machine.hold:
        verdict = Discard(by_machine.reason, by_machine.rule)
        return await at.database.write(
            partial(_record, offer=offer, named=named, mail=mail, verdict=verdict)
        )
    refusal = admission.may_write(named)
    if refusal is not None:
        return Reject(refusal)
    doubt = by_machine.reason if by_machine else admission.is_theirs(named, mail.author)
    reply = extract(mail.body, *(sent_from(digest) for digest in sent))
    return await _post(offer, (mail, reply, named), doubt, at)


async def _post(offer: Offer, read: _Read, doubt: Reason | None, at: Reception) -> Verdict:
    """Post what they wrote, do what it asks for, or hold it if it may not be theirs."""
    mail, reply, named = read
    if reply.kind is Kind.OPT_OUT_WORD and doubt is None:
        return await at.database.write(partial(_muted, offer=offer, mail=mail, named=named))
    words = said(mail, reply, named, at.largest_file, offer.now)
    if words is None:
        return Reject(Reason.NOTHING_TO_SAY)
    keep = (
        partial(_receive_and_say, offer=offer, read=read, words=words)
        if doubt is None
        else partial(_hold, offer=offer, read=read, why=doubt, at=at)
    )
    try:
        verdict = await at.database.write(keep)
    except InvalidRequest:  # left or lost the right to write since RCPT
        return Reject(Reason.NO_ACCESS)
    at.nudge()
    return verdict


def _token_of(recipient: str, at: Reception) -> Token | Reject:
    """Return what an address of ours proves, without asking the database."""
    local, _, domain = recipient.rpartition("@")
    if domain.lower() not in at.domains:
        return Reject(Reason.RELAY_DENIED)
    token = read_local_part(local, at.keys)
    return token if token is not None else Reject(Reason.UNKNOWN_ADDRESS)


def _refusal(session: Session, token: Token) -> Reason | None:
    """Return why the participant a token names may not write, or None."""
    named = participants.named_by(session, token.app_number, token.reference)
    dead = admission.address_alive(token, named)
    return dead if dead is not None or named is None else admission.may_write(named)


def _whose(session: Session, token: Token) -> tuple[Correspondent | None, list[dict[str, str]]]:
    """Return whom a token names, and what we last sent them of this conversation."""
    named = participants.named_by(session, token.app_number, token.reference)
    if named is None:
        return None, []
    whose = (named.app_id, named.conversation_id, named.user_id)
    return named, deliveries.traces(session, *whose, _DIGESTS)


def _receive_and_say(session: Session, offer: Offer, read: _Read, words: Words) -> Verdict:
    """Keep the mail and post the message, once: the same mail again changes nothing."""
    mail, reply, named = read
    receipt = receipt_of(offer, named, mail, Accept(Reason.POSTED, message_id=words.message_id))
    receipt.evidence = _evidence(reply)
    if not receipts.record(session, receipt):
        known = receipts.known(session, named.app_id, receipt.dedupe_key)
        return Accept(Reason.DUPLICATE, known.id if known else None)
    message = say(session, words, offer.now)
    return Accept(Reason.POSTED, receipt.id, message.id)


def _hold(session: Session, offer: Offer, read: _Read, why: Reason, at: Reception) -> Verdict:
    """Keep the mail, unposted, and ask the address's owner whose it is."""
    mail, reply, named = read
    verdict = Hold(why)
    receipt = receipt_of(offer, named, mail, verdict)
    receipt.evidence = _evidence(reply)
    if not receipts.record(session, receipt):
        return Accept(Reason.DUPLICATE)
    doubt = hold.Doubt(mail.author or ", ".join(mail.authors), why, text_of(reply))
    hold.hold(session, receipt, named, doubt, at.mail_domain, offer.now)
    return verdict


def _evidence(reply: Reply) -> dict[str, Any]:
    """Return what the receipt keeps of how the mail was read."""
    return {
        "kind": reply.kind.value,
        "confidence": round(reply.confidence, 3),
        "fallback": reply.fallback.value,
        "folded": sorted({str(cut.rule) for cut in reply.cuts if not cut.kept}),
    }


def _record(
    session: Session, offer: Offer, named: Correspondent, mail: Mail, verdict: Verdict
) -> Verdict:
    """Keep a mail that is not posted, and why."""
    receipts.record(session, receipt_of(offer, named, mail, verdict))
    return verdict


def _muted(session: Session, offer: Offer, mail: Mail, named: Correspondent) -> Verdict:
    """Do what a bare "stop" asks for: no more mail about this conversation."""
    verdict = Accept(Reason.OPTED_OUT)
    receipts.record(session, receipt_of(offer, named, mail, verdict))
    who = (named.app_id, named.user_id)
    opt_out.opt_out(session, who, named.conversation_id, "reply", offer.now)
    return verdict


def _opted_out(session: Session, offer: Offer, token: Token) -> Verdict:
    """Opt out whom the token names, whatever the mail says and whoever sent it."""
    named = participants.named_by(session, token.app_number, token.reference)
    if named is None:
        return Reject(Reason.UNKNOWN_ADDRESS)
    verdict = Accept(Reason.OPTED_OUT)
    receipts.record(session, receipt_of(offer, named, None, verdict))
    who = (named.app_id, named.user_id)
    scope = EVERYTHING if b"all message" in offer.raw[:2000].lower() else named.conversation_id
    opt_out.opt_out(session, who, scope, "mailto", offer.now)
    return verdict


def _bounced(session: Session, offer: Offer, token: Token) -> Verdict:
    """Mark the delivery a bounce token names; the mail's own claims are not believed."""
    delivery = deliveries.named_by(session, token.app_number, token.reference)
    if delivery is None:
        return Reject(Reason.UNKNOWN_ADDRESS)
    detail = "reported by " + (offer.envelope.helo or offer.envelope.peer or "a far server")
    settle.bounced(session, delivery, detail, offer.now)
    receipt = receipt_of(offer, None, None, Accept(Reason.BOUNCE_RECORDED))
    receipt.app_id = delivery.app_id
    receipt.conversation_id, receipt.user_id = delivery.conversation_id, delivery.user_id
    receipts.record(session, receipt)
    return Accept(Reason.BOUNCE_RECORDED, receipt.id)
