"""What does a mail to a bounce address tell of the delivery that the address names?

The token proves the delivery; of the mail only what became of the delivery is believed, never whom
it names. Read before the transaction, since reading takes longer than writing:

    bounce      the far server gave up: the delivery bounced, and its address answers for it
    delay       somebody still tries: noted with the delivery
    complaint   its reader does not want such mail: no more of it
    other       it arrived, or was read: recorded

What is no report (an out-of-office, a person who answered to the reverse-path) marks nothing: it is
taken, recorded and put aside, as answering a machine makes it write again.
"""

from dataclasses import dataclass
from typing import Any

from core.actions import settle
from core.address import Token
from core.ids import NO_APP_NUMBER
from core.model.delivery import Delivery
from core.outcome import Cause, Deferred, Failed
from core.store import deliveries, for_operator, receipts
from core.store.database import Session
from core.verdict import Accept, Discard, Reason, Reject, Verdict
from gateway.mail import guard, machine
from gateway.mail.offer import Offer, receipt_of
from gateway.mail.parse import Mail, parse
from gateway.mail.reports import read_report
from gateway.mail.reports.report import Report, ReportKind

_REASONS = {
    ReportKind.BOUNCE: Reason.BOUNCE_RECORDED,
    ReportKind.COMPLAINT: Reason.COMPLAINT_RECORDED,
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a mail to a bounce address is: a report, or what it is instead."""

    mail: Mail | None
    report: Report | None
    verdict: Accept | Discard

    @property
    def evidence(self) -> dict[str, Any] | None:
        """What the receipt keeps: no address, but for one in a server's own words."""
        if self.report is None:
            return None
        return {
            "kind": self.report.kind.value,
            "cause": self.report.cause.value if self.report.cause else None,
            "action": self.report.action,
            "code": self.report.reply.code or None,
            "enhanced": self.report.reply.enhanced,
            "text": self.report.reply.text,
            "shape": self.report.shape,
        }


def look(offer: Offer) -> Found:
    """Read a mail to a bounce address, without asking the database."""
    if guard.inspect(offer.raw) is not None:
        return Found(None, None, Discard(Reason.TOO_COMPLEX))
    mail = parse(offer.raw)
    report = read_report(mail, offer.envelope.reverse_path)
    if report is not None:
        return Found(mail, report, Accept(_REASONS.get(report.kind, Reason.REPORT_RECORDED)))
    by_machine = machine.judge(mail, offer.envelope)
    if by_machine is not None:
        return Found(mail, None, Discard(by_machine.reason, by_machine.rule))
    return Found(mail, None, Discard(Reason.NO_REPORT))


def reported(session: Session, offer: Offer, token: Token, found: Found) -> Verdict:
    """Do what a report asks for, once: the same report again changes nothing."""
    delivery = _named(session, token)
    if delivery is None:
        return Reject(Reason.UNKNOWN_ADDRESS)
    receipt = receipt_of(offer, None, found.mail, found.verdict)
    receipt.app_id = delivery.app_id
    receipt.conversation_id, receipt.user_id = delivery.conversation_id, delivery.user_id
    receipt.evidence = found.evidence and {**found.evidence, "delivery": delivery.id}
    if not receipts.record(session, receipt):
        known = receipts.known(session, receipt.app_id, receipt.dedupe_key)
        return Accept(Reason.DUPLICATE, known.id if known else None)
    if found.report is None:
        return found.verdict
    _settle(session, delivery, found.report, offer)
    return Accept(found.verdict.reason, receipt.id)


def _named(session: Session, token: Token) -> Delivery | None:
    """Return the delivery a bounce token names: an app's, or one to the operator."""
    if token.app_number == NO_APP_NUMBER:
        return for_operator.named_by(session, token.reference)
    return deliveries.named_by(session, token.app_number, token.reference)


def _settle(session: Session, delivery: Delivery, report: Report, offer: Offer) -> None:
    if delivery.receipt_id is not None:  # the operator's own address is theirs to mend
        if report.kind is ReportKind.BOUNCE:
            settle.bounced(session, delivery, report.summary, offer.now)
        return
    cause = report.cause or Cause.OTHER
    match report.kind:
        case ReportKind.BOUNCE:
            settle.sent_back(session, delivery, Failed(cause, report.reply), offer.now)
        case ReportKind.DELAY:
            settle.delayed(session, delivery, Deferred(cause, report.reply))
        case ReportKind.COMPLAINT:
            settle.complained(session, delivery, report.summary, offer.now)
        case ReportKind.DELIVERED | ReportKind.RELAYED | ReportKind.OTHER:
            pass
