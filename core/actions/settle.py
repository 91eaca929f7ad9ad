"""What became of a delivery: an outcome at once, a report later."""

from core.actions import suppress
from core.actions.opt_out import opt_out
from core.actions.tell_mail import tell_mail
from core.model.change import ChangeKind
from core.model.delivery import Attempt, Delivery, State
from core.model.opt_out import EVERYTHING
from core.moment import Moment
from core.outcome import Accepted, Cause, Deferred, Failed, Outcome, PeerReply, Uncertain
from core.rules.anothers_words import without_addresses
from core.rules.lifecycle import after
from core.rules.look_again import Why
from core.rules.waiting import HeldBack
from core.store import deliveries
from core.store.database import Session
from core.store.rows import fresh

_MAY_HAVE_ARRIVED = frozenset({State.ACCEPTED, State.TRANSMITTING, State.UNCERTAIN})
_NOT_ARRIVED = frozenset({State.FAILED, State.EXPIRED, State.CANCELLED, State.BOUNCED})


def settle(
    session: Session, claimed: Delivery, outcome: Outcome, retry_at: Moment | None, now: Moment
) -> State | None:
    """Write an outcome down and where the delivery goes; None if the claim is no longer ours."""
    then = after(outcome, retry_at, now, claimed.crashes)
    end = {
        "to": then.state,
        "why": then.reason,
        "at": then.next_attempt_at,
        "end": now if then.next_attempt_at is None else None,
        "crashed": 1 if isinstance(outcome, Uncertain) else 0,
        "tried": 0 if isinstance(outcome, Deferred) and outcome.whole_lane else 1,
    }
    if not deliveries.complete(session, claimed, end, keep_octets=then.keep_octets):
        return None
    deliveries.add_attempt(session, _attempt(claimed, outcome, now))
    if then.next_attempt_at is None and isinstance(outcome, Failed | Deferred):
        told = _told(outcome.cause, outcome.reply)
        tell_mail(session, claimed, ChangeKind.NOTIFICATION_BOUNCED, now, reason=told)
        suppress.blame(session, claimed, outcome.cause, told, now)
    if then.state is State.ACCEPTED:
        tell_mail(session, claimed, ChangeKind.NOTIFICATION_SENT, now)
    return then.state


def postpone(
    session: Session, claimed: Delivery, refusal: Deferred, retry_at: Moment | None, now: Moment
) -> State | None:
    """Let a delivery wait for what the relay said of another; None if the claim is not ours.

    It was not offered. Why it waits is written down once, however often it is put off.
    """
    if claimed.reason != refusal.cause.value or retry_at is None:
        return settle(session, claimed, _not_offered(refusal), retry_at, now)
    return put_off(session, claimed, retry_at)


def put_off(session: Session, claimed: Delivery, until: Moment) -> State | None:
    """Give a delivery back until its lane has room for it; None if the claim is not ours.

    Nothing was said of it and nothing happened to it: no attempt is written down.
    """
    end = {
        "to": State.QUEUED,
        "why": claimed.reason,
        "at": until,
        "end": None,
        "crashed": 0,
        "tried": 0,
    }
    return State.QUEUED if deliveries.complete(session, claimed, end, keep_octets=False) else None


def rest(session: Session, claimed: Delivery, rest: HeldBack) -> State | None:
    """Let a delivery wait for its reader's sake; None if the claim is not ours."""
    end = {"to": State.QUEUED, "why": rest.wait.value, "at": rest.until, "end": None}
    end |= {"crashed": 0, "tried": 0}
    return State.QUEUED if deliveries.complete(session, claimed, end, keep_octets=False) else None


def cancel(session: Session, claimed: Delivery, why: Why, now: Moment) -> bool:
    """End a delivery that must not leave after all; False if the claim is no longer ours."""
    end = {
        "to": State.CANCELLED,
        "why": why.value,
        "at": None,
        "end": now,
        "crashed": 0,
        "tried": 0,
    }
    if not deliveries.complete(session, claimed, end, keep_octets=False):
        return False
    tell_mail(session, claimed, ChangeKind.NOTIFICATION_CANCELLED, now, reason=why.value)
    return True


def mark_bounced_and_blame(session: Session, delivery: Delivery, why: Failed, now: Moment) -> bool:
    """Mark a delivery that a far server gave up, and hold it against its address (``suppress``).

    False if the delivery is known not to have arrived; its address is blamed all the same.
    """
    told = _told(why.cause, why.reply)
    news = mark_bounced(session, delivery, told, now)
    suppress.blame(session, delivery, why.cause, told, now)
    return news


def mark_bounced(session: Session, delivery: Delivery, detail: str, now: Moment) -> bool:
    """Mark a delivery that a far server sent back, and no more: its address is not blamed.

    False if that, or worse, is known already.
    """
    if delivery.state in _NOT_ARRIVED:
        return False
    _end_claim(delivery)
    delivery.state, delivery.reason = State.BOUNCED, detail[:500]
    delivery.next_attempt_at, delivery.raw = None, None
    delivery.ended_at = delivery.ended_at or now
    session.add(delivery)
    session.flush()
    tell_mail(session, delivery, ChangeKind.NOTIFICATION_BOUNCED, now, reason=delivery.reason)
    return True


def mark_delivered(session: Session, delivery: Delivery, now: Moment) -> bool:
    """Mark a delivery that a far server says it has put into the mailbox; False if that is no news.

    It ends whatever was uncertain of it. One that is known not to have arrived stays as it is: the
    report may be of a copy, or of where it was passed on to.
    """
    if delivery.state not in _MAY_HAVE_ARRIVED:
        return False
    _end_claim(delivery)
    delivery.state, delivery.reason = State.DELIVERED, None
    delivery.next_attempt_at, delivery.raw = None, None
    delivery.ended_at = now
    session.add(delivery)
    session.flush()
    tell_mail(session, delivery, ChangeKind.NOTIFICATION_DELIVERED, now)
    return True


def delayed(session: Session, delivery: Delivery, why: Deferred) -> bool:
    """Note that a far server still tries: the delivery stands where it stood, and says so."""
    if delivery.state is not State.ACCEPTED:
        return False
    delivery.reason = f"delayed: {_told(why.cause, why.reply)}"[:500]
    session.add(delivery)
    return True


def complained(session: Session, delivery: Delivery, detail: str, now: Moment) -> None:
    """Write no more to who called a delivery junk: neither as this user nor at this address."""
    who, kind = (delivery.app_id, delivery.user_id), ChangeKind.NOTIFICATION_BOUNCED
    news = opt_out(session, who, EVERYTHING, suppress.COMPLAINT, now)
    if news and delivery.state not in _NOT_ARRIVED:  # what was sent back was told already
        told = f"{suppress.COMPLAINT}: {detail}"[:500]
        tell_mail(session, delivery, kind, now, reason=told)
    suppress.suppress(session, delivery, (suppress.COMPLAINT, None), detail, now)


def _end_claim(delivery: Delivery) -> None:
    """Let no worker write what it thinks of a delivery: the report is faster, and knows more."""
    if delivery.state is State.TRANSMITTING or delivery.claimed_by is not None:
        delivery.attempts += 1
    delivery.claimed_by = None


def _not_offered(refusal: Deferred) -> Deferred:
    """Return what a delivery is told that waits behind another's refusal: nobody's address."""
    said = refusal.reply or PeerReply(0, None, "")
    words = without_addresses(said.text)
    text = f"not offered, for the relay said of another mail: {words}"[:500]
    return Deferred(refusal.cause, PeerReply(said.code, said.enhanced, text), whole_lane=True)


def _told(cause: Cause, reply: PeerReply | None) -> str:
    """Write down a refusal; the cause's name comes first, where it is read again."""
    said = (reply.code or "", reply.enhanced or "", reply.text) if reply else ()
    words = " ".join(str(part) for part in said if part)
    return f"{cause.value}: {words}"[:500] if words else cause.value


def _attempt(claimed: Delivery, outcome: Outcome, now: Moment) -> Attempt:
    reply: PeerReply | None = None
    cause: str | None = None
    text: str | None = None
    match outcome:
        case Accepted(reply):
            pass
        case Deferred(found, reply) | Failed(found, reply):
            cause = found.value
        case Uncertain(text):
            pass
    return fresh(
        Attempt,
        app_id=claimed.app_id,
        delivery_id=claimed.id,
        number=claimed.attempts,
        outcome=type(outcome).__name__.lower(),
        cause=cause,
        code=reply.code if reply else None,
        enhanced=reply.enhanced if reply else None,
        text=reply.text if reply else text,
        ended_at=now,
        relay=claimed.relay,
    )
