"""Mail for whoever runs this: postmaster@ and abuse@ of our domains, and <postmaster> alone.

RFC 5321, 4.5.1 demands that postmaster is reached, RFC 2142 names abuse. The mail is kept as a
receipt of no app and never read as a reply. The trap: these are the two addresses that anybody
can guess, so a day has room for so much of it; what is over that is put off, not refused.
"""

from core.moment import DAY
from core.store import for_operator, receipts
from core.store.database import Session
from core.verdict import Accept, Defer, Reason, Verdict
from gateway.mail import guard
from gateway.mail.keep import Offer, receipt_of
from gateway.mail.parse import Mail, parse

_ROLES = frozenset({"postmaster", "abuse"})
_MAILS_A_DAY = 200
_OCTETS_A_DAY = 30 * 1024 * 1024


def is_for_operator(recipient: str, domains: frozenset[str]) -> bool:
    """Whether a recipient is one of the operator's (RFC 5321, 4.1.1.3: in any case of letters)."""
    local, at, domain = recipient.lower().rpartition("@")
    return (local in _ROLES and domain in domains) if at else domain == "postmaster"


def look(offer: Offer) -> Mail | None:
    """Read a mail as far as its receipt needs; None if it had better not be read."""
    return None if guard.inspect(offer.raw) is not None else parse(offer.raw)


def keep(session: Session, offer: Offer, mail: Mail | None) -> Verdict:
    """Keep a mail for the operator, once, while the day has room."""
    verdict = Accept(Reason.KEPT_FOR_OPERATOR)
    receipt = receipt_of(offer, None, mail, verdict)
    receipt.recipient = offer.recipient  # no secret is in it
    known = receipts.known(session, for_operator.NO_APP, receipt.dedupe_key)
    if known is not None:
        return Accept(Reason.DUPLICATE, known.id)
    load = for_operator.since(session, offer.now - DAY)
    if load.mails >= _MAILS_A_DAY or load.octets + receipt.size > _OCTETS_A_DAY:
        return Defer(Reason.OPERATOR_BUSY)
    receipts.record(session, receipt)
    return Accept(verdict.reason, receipt.id)
