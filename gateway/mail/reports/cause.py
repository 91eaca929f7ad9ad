"""Why did it fail? Codes that can mean one thing only, then the words, then what is left.

The trap: an address is suppressed for what is said of it, so nothing temporary and nothing that is
our own doing may pass for "there is nobody here" (``core/rules/bounces.py``).
"""

from core.outcome import Cause, PeerReply
from core.rules.bounces import classify
from core.rules.refusal_wording import known_cause
from gateway.mail.reports.wording import wording

_OF_THE_ADDRESS = frozenset({Cause.INVALID_RECIPIENT, Cause.INACTIVE})
_OUR_LIMITS = frozenset({Cause.SENDER_QUOTA, Cause.SENDER_RATE})
_SPARE = frozenset({Cause.SENDER_REPUTATION, Cause.CONTENT, Cause.QUOTA})


def cause_of(reply: PeerReply, prose: str) -> Cause:
    """Return what a refusal tells of. The prose counts where the server's own words don't help."""
    exception = wording().exception(reply.enhanced or "", reply.text)
    if exception is not None:
        return exception
    told = known_cause(reply, permanent=True, weak=False)
    if told in _OUR_LIMITS:
        return told  # "sending quota exceeded" has the words of a full mailbox, and is none
    in_words = _worded(reply, reply.text)
    by_code = _coded(reply)
    if by_code in _OF_THE_ADDRESS and in_words in _SPARE:
        return in_words  # "5.1.1 blocked by a list": the code is the server's habit
    if by_code is not None or in_words is not None:
        return by_code or in_words or Cause.OTHER
    by_reply = classify(_bare(reply))
    return by_reply if by_reply is not Cause.OTHER else _worded(reply, prose) or by_reply


def _coded(reply: PeerReply) -> Cause | None:
    """Return what the enhanced code says alone, None if it leaves the matter open."""
    if reply.enhanced is None:
        return None
    found = classify(PeerReply(0, reply.enhanced, ""))
    return None if found is Cause.OTHER else found


def _bare(reply: PeerReply) -> PeerReply:
    """Return a reply whose code says no more than its class where the enhanced code is precise."""
    if reply.enhanced is None or reply.enhanced.endswith(".0.0"):
        return reply
    return PeerReply(reply.code // 100 * 100, reply.enhanced, reply.text)


def _worded(reply: PeerReply, text: str) -> Cause | None:
    cause = wording().cause(text)
    return None if cause in _OF_THE_ADDRESS and _temporary(reply) else cause


def _temporary(reply: PeerReply) -> bool:
    """Tell whether it was a 4yz reply, which says nothing for good of an address."""
    return reply.code // 100 == 4 or (reply.enhanced or "").startswith("4.")
