"""Which outcome does a peer's final word make? Pure.

A 4yz reply defers and a 5yz reply fails (RFC 5321, 4.2.1), but for one thing: what is our own
fault, as a wrong password, a quota that is used up or a sender's domain without its records, never
fails mail. It waits until the operator has put it right, or until its lifetime ends.

Where it was said counts as much as what was said: before RCPT no peer can speak of a reader.
"""

from core.outcome import Accepted, Cause, Deferred, Failed, Outcome, PeerReply
from core.rules.bounces import Nothing, classify, consequence, is_our_fault, stops_the_lane

SERVICE_CLOSING = 421  # RFC 5321, 3.8: the peer hangs up after it, so nobody behind us need try
# RFC 1870, 6 and RFC 6531, 3.7.1: what MAIL says of this mail, and of no other.
_OF_THIS_MAIL = ("2.3", "3.4")
_OF_THE_SENDER = ("1.7", "1.8")


def judge(reply: PeerReply) -> Outcome:
    """Return the outcome of the reply that decided a mail's fate."""
    kind = reply.code // 100
    if kind == 2:
        return Accepted(reply)
    if kind not in {4, 5}:  # RFC 5321, 4.2: nothing else can be a final word
        return Deferred(Cause.OTHER, reply)
    cause = classify(reply)
    # "Too much at a time" is not for ever, whatever the code says.
    if kind == 5 and not is_our_fault(cause) and cause is not Cause.BUSY:
        return Failed(cause, reply)
    closing = reply.code == SERVICE_CLOSING and not _is_of_this_mailbox(reply)
    return Deferred(cause, reply, closing or stops_the_lane(cause))


def judge_mail_from(reply: PeerReply) -> Outcome:
    """Return the outcome of a refusal of MAIL FROM: it names us alone, so it is about us.

    But for one that is said of the size or the letters of this mail (RFC 1870, 6).
    """
    cause = classify(reply)
    if cause is Cause.CONTENT and _is_of_this_mail(reply):
        return judge(reply)
    about_us = _about_us(cause, reply)
    return Deferred(about_us, reply, reply.code == SERVICE_CLOSING or is_our_fault(about_us))


def judge_before_mail(reply: PeerReply) -> Deferred:
    """Return the outcome of a refusal to talk to us at all: it is said of no mail in particular."""
    return Deferred(_about_us(classify(reply), reply), reply, whole_lane=True)


def _about_us(cause: Cause, reply: PeerReply) -> Cause:
    """Return what a refusal tells of that cannot be about a reader or a mail."""
    if is_our_fault(cause):
        return cause
    if reply.code // 100 == 5:
        return Cause.RELAY_REFUSES  # RFC 5321, 3.1: 554 in place of a greeting
    return cause if isinstance(consequence(cause), Nothing) else Cause.BUSY


def _is_of_this_mailbox(reply: PeerReply) -> bool:
    """Tell whether a code speaks of the address or the mailbox (RFC 3463, 3.2 and 3.3), not of us.

    A peer may hang up for one mailbox's sake; the next mail is another's.
    """
    meaning = (reply.enhanced or "").partition(".")[2]
    return meaning.startswith(("1.", "2.")) and meaning not in _OF_THE_SENDER


def _is_of_this_mail(reply: PeerReply) -> bool:
    meaning = (reply.enhanced or "").partition(".")[2]
    return meaning in _OF_THIS_MAIL or meaning.startswith("6.") or "size" in reply.text.lower()
