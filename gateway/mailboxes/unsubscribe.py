"""A mail to an opt-out address: no more mail about this conversation, or about any.

It is what a mail client sends for whoever presses its unsubscribe button (RFC 2369, 3.2), so it
needs no words, and no proof but the token. Which of the two it asks for is told by its subject.

The trap is the body, where anybody may write a line that looks like a subject: only what stands
above the first empty line is a header field (RFC 5322, 2.1).
"""

import re
from functools import partial

from core.actions import opt_out
from core.address import Token
from core.model.opt_out import EVERYTHING
from core.store import participants
from core.store.database import Session
from core.verdict import Accept, Reason, Reject, Verdict
from gateway.context import Context
from gateway.mail.offer import Offer
from gateway.mailboxes.mail_budget import MailBudget
from gateway.mailboxes.receipt import receipt_of

_LONGEST_HEAD = 256 * 1024
_ALL = re.compile(rb"(?:\A|\r\n)subject:[^\r\n]{0,200}all messages", re.IGNORECASE)


async def receive(offer: Offer, token: Token, at: Context) -> Verdict:
    """Opt out whom an address names."""
    budget = MailBudget(offer, at.day_limits)
    verdict = await at.database.write(partial(opted_out, budget=budget, token=token))
    budget.log()
    return verdict


def opted_out(session: Session, budget: MailBudget, token: Token) -> Verdict:
    """Opt out whom the token names, whatever the mail says, whoever sent it, however many came."""
    offer = budget.offer
    named = participants.named_by(session, token.app_number, token.reference)
    if named is None:
        return Reject(Reason.UNKNOWN_ADDRESS)
    verdict = Accept(Reason.OPTED_OUT)
    budget.record(session, receipt_of(offer, named, None, verdict))
    who = (named.app_id, named.user_id)
    scope = EVERYTHING if _asks_for_all(offer.raw) else named.conversation_id
    opt_out.opt_out(session, who, scope, "mailto", offer.now)
    return verdict


def _asks_for_all(raw: bytes) -> bool:
    """Tell whether a mail's subject asks for no more mail at all."""
    head = b"\r\n" + raw[:_LONGEST_HEAD]
    end = head.find(b"\r\n\r\n")
    return _ALL.search(head, 0, end if end >= 0 else len(head)) is not None
