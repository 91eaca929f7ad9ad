"""What does a mail to a bounce address tell of the delivery that the address names?

The token proves the delivery; of the mail only what became of the delivery is believed, and nobody
is blamed because it names them. Read before the transaction, since reading takes longer than
writing:

    bounce      the far server gave up: the delivery bounced, and its address answers for it; but
                little where the fields for it name only an address elsewhere, to which its mail
                was passed on
    delay       somebody still tries: noted with the delivery
    complaint   its reader does not want such mail: no more of it
    delivered   it lies in the mailbox: known from now on, and told
    other       it was read, or handed to a system that reports nothing: recorded

What is no report (an out-of-office, a person who answered to the reverse-path) marks nothing: it is
taken, recorded and put aside, as answering a machine makes it write again.
"""

from functools import partial
from typing import Any

from core.actions import settle
from core.address import Token
from core.email_address import domain_of
from core.ids import NO_APP_NUMBER
from core.model.delivery import Delivery
from core.outcome import Cause, Deferred, Failed
from core.rules.bounces import Nothing, consequence
from core.store import deliveries, for_operator, receipts
from core.store.database import Session
from core.verdict import Accept, Reason, Reject, Verdict
from gateway.authentication.domains import aligned
from gateway.context import Context
from gateway.mail.offer import Offer, judged_key
from gateway.mail.reports.report import Report, ReportKind
from gateway.mailboxes import disposition
from gateway.mailboxes.alias_domains import are_aliases
from gateway.mailboxes.mail_budget import MailBudget
from gateway.mailboxes.receipt import receipt_of
from gateway.reading import Ask, Depth, Reading

_REPORT = Ask(Depth.REPORT)


async def receive(offer: Offer, token: Token, at: Context) -> Verdict:
    """Read a mail to a bounce address, and do what it asks for."""
    reading = await at.readers.read(offer, _REPORT)
    budget = MailBudget(offer, at.day_limits)
    settling = partial(settled, token=token, reading=reading, budget=budget)
    verdict = await at.database.write(settling)
    budget.log()
    return verdict


def settled(session: Session, token: Token, reading: Reading, budget: MailBudget) -> Verdict:
    """Do what a report asks for, once: the same report again changes nothing.

    It counts however little of it the day has room for.
    """
    offer = budget.offer
    delivery, verdict = _named(session, token), disposition.of_bounce(reading)
    if delivery is None:
        return Reject(Reason.UNKNOWN_ADDRESS)
    receipt = receipt_of(offer, None, None if reading.unsafe else reading.head, verdict)
    receipt.app_id = delivery.app_id
    receipt.conversation_id, receipt.user_id = delivery.conversation_id, delivery.user_id
    report = reading.report
    # A copy that was sent ahead under other headers, so that it tells nothing, is another mail.
    receipt.dedupe_key = judged_key(
        receipt.dedupe_key, verdict.reason, report.kind if report else ""
    )
    receipt.evidence = {**_evidence(report), "delivery": delivery.id} if report else None
    new = budget.record(session, receipt)
    if new is False:
        known = receipts.known(session, receipt.app_id, receipt.dedupe_key)
        return Accept(Reason.DUPLICATE, known.id if known else None)
    if report is None:
        return verdict
    _settle(session, delivery, report, offer)
    return Accept(verdict.reason, receipt.id if new else None)


def _evidence(report: Report) -> dict[str, Any]:
    """Return what the receipt keeps: no address, but for one in a server's own words."""
    return {
        "kind": report.kind.value,
        "cause": report.cause.value if report.cause else None,
        "action": report.action,
        "code": report.reply.code or None,
        "enhanced": report.reply.enhanced,
        "text": report.reply.text,
        "shape": report.shape,
    }


def _named(session: Session, token: Token) -> Delivery | None:
    """Return the delivery a bounce token names: an app's, or one to the operator."""
    if token.app_number == NO_APP_NUMBER:
        return for_operator.named_by(session, token.reference)
    return deliveries.named_by(session, token.app_number, token.reference)


def _cause(report: Report, address: str) -> Cause:
    """Return what a report says went wrong with an address of ours.

    The token says which delivery it is about. Who passes mail on keeps the token, and the far
    server names where it went then: that it is not had there says little of our address, whose
    reader may have kept a copy. Within one organization it is our address by its inner name. An
    address that only stands in the words may be anybody's, as of whoever helps.
    """
    cause = report.cause or Cause.OTHER
    ours = domain_of(address)
    elsewhere = report.recipients_stated and not any(
        _may_be_at(ours, domain_of(one)) for one in report.recipients
    )
    blames = not isinstance(consequence(cause), Nothing)
    return Cause.FORWARDED if blames and elsewhere else cause


def _may_be_at(ours: str, named: str) -> bool:
    """Tell whether our address may be the one at a domain that a report names."""
    return not named or aligned(ours, named) or are_aliases(ours, named)


def _settle(session: Session, delivery: Delivery, report: Report, offer: Offer) -> None:
    if delivery.receipt_id is not None:  # the operator's own address is theirs to mend
        if report.kind is ReportKind.BOUNCE:
            settle.mark_bounced(session, delivery, report.summary, offer.now)
        return
    cause = _cause(report, delivery.address)
    match report.kind:
        case ReportKind.BOUNCE:
            settle.mark_bounced_and_blame(session, delivery, Failed(cause, report.reply), offer.now)
        case ReportKind.DELAY:
            settle.delayed(session, delivery, Deferred(cause, report.reply))
        case ReportKind.COMPLAINT:
            settle.complained(session, delivery, report.summary, offer.now)
        case ReportKind.DELIVERED:
            settle.mark_delivered(session, delivery, offer.now)
        case ReportKind.RELAYED | ReportKind.OTHER:
            pass
