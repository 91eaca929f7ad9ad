"""Mail for whoever runs this: postmaster@ and abuse@ of our domains, and <postmaster> alone.

RFC 5321, 4.5.1 demands that postmaster is reached, RFC 2142 names abuse. The mail is kept as a
receipt of no app and never read as a reply, and passed on to the operator's own address if there
is one. The trap: these are the two addresses that anybody can guess, so a day has room for so much
of it; what is over that is put off, not refused.

Another is that anybody may send a mail ahead under headers of their own: a copy from another
author, about something else, or one that goes no further, is another mail.

The last trap is a loop: the operator's address may lead back here, answer by itself or bounce.
What a machine sent of its own accord, and what is or was ours, is kept and goes no further.
"""

from dataclasses import dataclass
from functools import partial

from core import domain_name
from core.actions.pass_on import pass_on
from core.email_address import is_mailbox
from core.model.day_budget import BudgetOf, Spent
from core.rules.day_limit import DAY_LIMITS, DayLimits, day_of
from core.store import day_budgets, for_operator, receipts
from core.store.database import Session
from core.verdict import Accept, Defer, Reason, Verdict
from gateway.context import Context
from gateway.mail.offer import Offer, judged_key
from gateway.mailboxes.mail_budget import OPERATOR, DaySpent, MailBudget, put_off
from gateway.mailboxes.receipt import receipt_of
from gateway.reading import Ask, Depth, Reading, unread

_ROLES = frozenset({"postmaster", "abuse"})
_SHOWN = 200
_HEAD = Ask(Depth.HEAD)
_POISON = unread("processes have died of it")


@dataclass(frozen=True, slots=True)
class Onward:
    """Where mail for the operator is passed on to, and the domain in our Message-IDs."""

    address: str
    mail_domain: str


def is_for_operator(recipient: str, domains: frozenset[str]) -> bool:
    """Whether a recipient is one of the operator's (RFC 5321, 4.1.1.3: in any case of letters)."""
    local, at, domain = recipient.rpartition("@")
    if not at:
        return domain.lower() == "postmaster"
    return local.lower() in _ROLES and domain_name.comparable(domain) in domains


async def receive(offer: Offer, at: Context, *, poison: bool) -> Verdict:
    """Keep a mail for the operator and pass it on; unread if processes have died of it."""
    full = await refused(at)
    if full is not None:
        return full
    await at.readers.prepare(offer)
    reading = _POISON if poison else await at.readers.read(offer, _HEAD)
    onward = Onward(at.operator, at.mail_domain) if at.operator else None
    keeping = partial(keep, offer=offer, reading=reading, onward=onward, limits=at.day_limits)
    verdict = await at.database.write(keeping)
    at.nudge()
    if isinstance(verdict, Accept):
        return verdict
    spent = Spent(day_of(offer.now))
    return await put_off(at.database, OPERATOR, BudgetOf.OPERATOR, spent)


async def refused(at: Context) -> Defer | None:
    """Return why no mail is taken for the operator any more today, None while there is room."""
    account = BudgetOf.OPERATOR
    spent = await at.database.glance(partial(day_budgets.spent, whose=OPERATOR, account=account))
    is_spent = at.day_limits.operator.is_spent(spent, at.clock.now())
    return await put_off(at.database, OPERATOR, account, spent) if is_spent else None


def keep(
    session: Session,
    offer: Offer,
    reading: Reading,
    onward: Onward | None = None,
    limits: DayLimits = DAY_LIMITS,
) -> Verdict:
    """Keep a mail for the operator, once, while the day has room, and pass it on."""
    verdict = Accept(Reason.KEPT_FOR_OPERATOR)
    receipt = receipt_of(offer, None, None if reading.unsafe else reading.head, verdict)
    receipt.recipient = offer.recipient  # no secret is in it
    judged = (reading.stays, reading.head.named_authors, reading.head.subject)
    receipt.dedupe_key = judged_key(receipt.dedupe_key, *judged)
    known = receipts.known(session, for_operator.NO_APP, receipt.dedupe_key)
    if known is not None:
        return Accept(Reason.DUPLICATE, known.id)
    try:
        MailBudget(offer, limits).take(session, OPERATOR, BudgetOf.OPERATOR)
    except DaySpent:  # nothing was written
        return Defer(Reason.OPERATOR_BUSY)
    why_not = reading.stays if onward else "no address"
    receipt.detail = f"not passed on: {why_not}" if why_not else "passed on"
    receipt.evidence = _told(reading)
    receipts.record(session, receipt)
    if onward is not None and not why_not:
        pass_on(session, receipt, onward.address, onward.mail_domain, offer.now)
    return Accept(verdict.reason, receipt.id)


def _told(reading: Reading) -> dict[str, str]:
    """Return what is told of a mail in lists: by whom, about what."""
    if reading.unsafe:
        return {}
    head = reading.head
    author = head.author if head.author and is_mailbox(head.author) else ""
    return {"author": author, "subject": head.subject[:_SHOWN]}
