"""What became of a delivery: an outcome at once, a report later."""

from core.actions.announce import NOTIFICATION_BOUNCED, NOTIFICATION_SENT, announce
from core.model.base import fresh
from core.model.delivery import Attempt, Delivery, State
from core.model.shapes import user_shape
from core.moment import Moment
from core.outcome import Accepted, Deferred, Failed, Outcome, PeerReply, Uncertain
from core.rules.lifecycle import after
from core.rules.look_again import Why
from core.store import deliveries, users, webhooks
from core.store.database import Session


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
    }
    if not deliveries.complete(session, claimed, end, keep_octets=then.keep_octets):
        return None
    deliveries.add_attempt(session, _attempt(claimed, outcome, now))
    if then.state is State.ACCEPTED:
        _announce(session, claimed, NOTIFICATION_SENT, now)
    return then.state


def cancel(session: Session, claimed: Delivery, why: Why, now: Moment) -> bool:
    """End a delivery that must not leave after all; False if the claim is no longer ours."""
    end = {"to": State.CANCELLED, "why": why.value, "at": None, "end": now, "crashed": 0}
    return deliveries.complete(session, claimed, end, keep_octets=False)


def bounced(session: Session, delivery: Delivery, detail: str, now: Moment) -> bool:
    """Note that a far server sent a delivery back; False if that is known already."""
    if delivery.state is State.BOUNCED:
        return False
    delivery.state, delivery.reason = State.BOUNCED, detail[:500]
    delivery.next_attempt_at, delivery.raw = None, None
    delivery.ended_at = delivery.ended_at or now
    session.add(delivery)
    session.flush()
    _announce(session, delivery, NOTIFICATION_BOUNCED, now)
    return True


def _announce(session: Session, delivery: Delivery, event: str, now: Moment) -> None:
    if delivery.held_id is not None:  # a question is between us and its reader
        return
    if not webhooks.anyone_listens(session, delivery.app_id):
        return
    recipient = users.find(session, delivery.app_id, delivery.user_id)
    told = {
        "notificationId": delivery.notification_id,
        "channel": delivery.channel.value,
        "address": delivery.address,
        "recipient": user_shape(recipient) if recipient else None,
        "conversationId": delivery.conversation_id,
    }
    if event == NOTIFICATION_BOUNCED:
        told["reason"] = delivery.reason
    announce(session, (delivery.app_id, delivery.conversation_id), (event, told), now)


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
    )
