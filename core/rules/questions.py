"""May the owner of an address be asked about a reply that is held?

Only the owner is ever asked, never whoever sent the mail, and at most once a day for each of
their conversations: whoever has got hold of an address must not be able to make us write. What a
machine has surely made is not asked about: its answer to the question would be the next mail. What
only its subject tells is, for it may be a person's; a machine that answers the question is not
asked about again that day.
"""

from core.model.burst import Burst
from core.model.held import HeldReply, HeldState
from core.model.opt_out import EVERYTHING
from core.moment import DAY, Moment
from core.rules.look_again import Why, bad_address
from core.verdict import Reason

_WORTH_ASKING = frozenset(
    {
        Reason.SENDER_MISMATCH,
        Reason.SENDER_UNPROVEN,
        Reason.MAILING_LIST,
        Reason.AUTO_REPLY_SUBJECT,
        Reason.READ_RECEIPT,
    }
)
_PAUSE = DAY


def may_ask(reason: Reason, last_asked_at: Moment | None, now: Moment) -> bool:
    """Say whether to ask the owner about a reply held for this reason."""
    if reason not in _WORTH_ASKING:
        return False
    return last_asked_at is None or now - last_asked_at >= _PAUSE


def still_asked(held: HeldReply, burst: Burst, address: str) -> Why | None:
    """Return why a question that is about to leave must not, or None: the last look."""
    if held.state is not HeldState.WAITING:
        return Why.NOTHING_LEFT
    if EVERYTHING in burst.opted_out:
        return Why.OPTED_OUT
    return bad_address(burst, address)
