"""Which outcome does a peer's final word make? Pure.

A 4yz reply defers and a 5yz reply fails (RFC 5321, 4.2.1), but for one thing: what is our own
fault, as a wrong password or a sender's domain without its records, never fails mail. It waits
until the operator has put it right, or until its lifetime ends.
"""

from core.outcome import Accepted, Cause, Deferred, Failed, Outcome, PeerReply
from core.rules.bounces import classify, is_our_fault, stops_the_lane

SERVICE_CLOSING = 421  # RFC 5321, 3.8: the peer hangs up after it, so nobody behind us need try


def judge(reply: PeerReply) -> Outcome:
    """Return the outcome of the reply that decided a mail's fate."""
    kind = reply.code // 100
    if kind == 2:
        return Accepted(reply)
    if kind not in {4, 5}:  # RFC 5321, 4.2: nothing else can be a final word
        return Deferred(Cause.OTHER, reply)
    cause = classify(reply)
    if kind == 5 and not is_our_fault(cause):
        return Failed(cause, reply)
    return Deferred(cause, reply, reply.code == SERVICE_CLOSING or stops_the_lane(cause))


def judge_before_mail(reply: PeerReply) -> Deferred:
    """Return the outcome of a refusal to talk to us at all: it is said of no mail in particular."""
    cause = classify(reply)
    if reply.code // 100 == 5 and not is_our_fault(cause):
        cause = Cause.RELAY_REFUSES  # RFC 5321, 3.1: 554 in place of a greeting
    return Deferred(cause, reply, whole_lane=True)
