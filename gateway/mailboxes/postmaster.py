"""Mail for whoever runs this: postmaster@ and abuse@ of our domains, and <postmaster> alone.

RFC 5321, 4.5.1 demands that postmaster is reached, RFC 2142 names abuse. The mail is kept as a
receipt of no app and never read as a reply, and passed on to the operator's own address if there
is one. The trap: these are the two addresses that anybody can guess, so a day has room for so much
of it; what is over that is put off, not refused.

The other trap is a loop: the operator's address may lead back here, answer by itself or bounce.
What a machine sent of its own accord, and what is or was ours, is kept and goes no further.
"""

from dataclasses import dataclass

from core.actions.pass_on import pass_on
from core.mailbox import is_mailbox
from core.moment import DAY
from core.store import for_operator, receipts
from core.store.database import Session
from core.verdict import Accept, Defer, Reason, Verdict
from gateway.mail import guard
from gateway.mail.envelope import Envelope
from gateway.mail.machine import origin
from gateway.mail.machine.evidence import gather
from gateway.mail.offer import Offer, receipt_of
from gateway.mail.parse import Mail, parse

_ROLES = frozenset({"postmaster", "abuse"})
_MAILS_A_DAY = 200
_OCTETS_A_DAY = 30 * 1024 * 1024
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Onward:
    """Where mail for the operator is passed on to, and the domain in our Message-IDs."""

    address: str
    mail_domain: str


def is_for_operator(recipient: str, domains: frozenset[str]) -> bool:
    """Whether a recipient is one of the operator's (RFC 5321, 4.1.1.3: in any case of letters)."""
    local, at, domain = recipient.lower().rpartition("@")
    return (local in _ROLES and domain in domains) if at else domain == "postmaster"


def look(offer: Offer) -> Mail | None:
    """Read a mail as far as its receipt needs; None if it had better not be read."""
    return None if guard.inspect(offer.raw) is not None else parse(offer.raw)


def stays(mail: Mail | None, envelope: Envelope) -> str | None:
    """Return why a mail is kept and not passed on, or None."""
    if mail is None:
        return "unread"
    evidence = gather(mail, envelope)
    if origin.our_own(evidence) or origin.too_many_hops(evidence):
        return "loop"
    if not envelope.reverse_path or origin.auto_submitted(evidence):
        return "automatic"
    return None


def has_room(session: Session, offer: Offer) -> bool:
    """Tell whether the day has room for one more."""
    load = for_operator.since(session, offer.now - DAY)
    return load.mails < _MAILS_A_DAY and load.octets + len(offer.raw) <= _OCTETS_A_DAY


def keep(
    session: Session, offer: Offer, mail: Mail | None, onward: Onward | None = None
) -> Verdict:
    """Keep a mail for the operator, once, while the day has room, and pass it on."""
    verdict = Accept(Reason.KEPT_FOR_OPERATOR)
    receipt = receipt_of(offer, None, mail, verdict)
    receipt.recipient = offer.recipient  # no secret is in it
    known = receipts.known(session, for_operator.NO_APP, receipt.dedupe_key)
    if known is not None:
        return Accept(Reason.DUPLICATE, known.id)
    if not has_room(session, offer):
        return Defer(Reason.OPERATOR_BUSY)
    why_not = stays(mail, offer.envelope) if onward else "no address"
    receipt.detail = f"not passed on: {why_not}" if why_not else "passed on"
    receipt.evidence = _told(mail)
    receipts.record(session, receipt)
    if onward is not None and why_not is None:
        pass_on(session, receipt, onward.address, onward.mail_domain, offer.now)
    return Accept(verdict.reason, receipt.id)


def _told(mail: Mail | None) -> dict[str, str]:
    """Return what is told of a mail in lists: by whom, about what."""
    if mail is None:
        return {}
    author = mail.author if mail.author and is_mailbox(mail.author) else ""
    return {"author": author, "subject": mail.header("subject")[:_SHOWN]}
