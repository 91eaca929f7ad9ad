"""A mail to an opt-out address: no more mail about this conversation, or about any.

It is what a mail client sends for whoever presses its unsubscribe button (RFC 2369, 3.2), so it
needs no words, and no proof but the token.
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

_HEADERS = 256 * 1024
_ALL = re.compile(rb"^subject:[^\r\n]{0,200}all messages", re.IGNORECASE | re.MULTILINE)


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
    scope = EVERYTHING if _ALL.search(offer.raw, 0, _HEADERS) else named.conversation_id
    opt_out.opt_out(session, who, scope, "mailto", offer.now)
    return verdict
