"""What is a claimed delivery about, now that it came due? And must it still leave?

All of it is read at once; what is decided and written later looks here and asks nothing again.

A claim is a lease with a fence: the row is ours until a moment, and every claim has a higher number
than the one before, so that what a worker writes whose lease has run out is refused.
"""

from dataclasses import dataclass, replace
from typing import Self

from core.model.burst import Burst
from core.model.delivery import BY_HAND, Delivery
from core.model.held import HeldReply
from core.model.notification import Notification
from core.model.receipt import Receipt
from core.model.role import Role
from core.moment import Moment
from core.rules.look_again import Why, quiet_now, still_owed
from core.rules.questions import still_asked
from core.rules.waiting import HeldBack, Wait
from core.store import bursts, deliveries, held, messages, receipts
from core.store.database import Session
from core.store.rows import fresh, row_of
from notifier.queue.gates import ClaimedRow
from notifier.rendering.identity import Identity
from notifier.rendering.view import OperatorMail, View, digest_view, question_view

_LATEST_REFERENCES = 10


@dataclass(frozen=True, slots=True)
class DeliveryClaim:
    """A delivery that is ours until a moment: its key and its fence."""

    app_id: str
    delivery_id: str
    fence: int
    until: Moment

    @classmethod
    def of(cls, row: ClaimedRow, until: Moment) -> Self:
        """Return the claim of a row as it was claimed: its keys and its fence."""
        app_id, delivery_id, fence = row
        return cls(app_id, delivery_id, fence, until)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claimed delivery and what it is about, as of now: a burst, or a reply that is held.

    Or a mail for the operator, which is about nothing of an app's.
    """

    delivery: Delivery
    burst: Burst | None
    references: tuple[str, ...] = ()
    held: HeldReply | None = None
    came: Receipt | None = None


def look_up(session: Session, claim: DeliveryClaim, now: Moment) -> Claimed | None:
    """Read a delivery and everything its digest is made of."""
    found = deliveries.claimed(session, claim.app_id, claim.delivery_id)
    if found is None:
        return None
    delivery, decided = found
    if delivery.receipt_id is not None:
        came = receipts.find(session, delivery.app_id, delivery.receipt_id)
        return Claimed(delivery, None, came=came)
    whose = (delivery.app_id, delivery.conversation_id, delivery.user_id)
    if delivery.held_id is not None:
        asked = held.find(session, delivery.app_id, delivery.held_id)
        return Claimed(delivery, bursts.load(session, whose, (0, 0), now), held=asked)
    if decided is None:
        return Claimed(delivery, None)
    burst = _burst(session, decided, now)
    earlier = deliveries.message_ids(session, *whose, _LATEST_REFERENCES)
    return Claimed(delivery, burst, tuple(earlier))


def _burst(session: Session, decided: Notification, now: Moment) -> Burst | None:
    """Return what a decision is about, as of now: of a reminder what is not answered yet.

    A reminder has the texts that the app gave in the place of the role's.
    """
    whose = (decided.app_id, decided.conversation_id, decided.user_id)
    texts = decided.reminder
    if texts is None:
        return bursts.load(session, whose, (decided.first_seq, decided.last_seq), now)
    answered = messages.last_of(session, *whose)
    since = max(decided.first_seq, answered + 1)
    burst = bursts.load(session, whose, (since, decided.last_seq), now, also_read=True)
    if burst is None or burst.role is None or not texts:
        return burst
    return replace(burst, role=fresh(Role, **row_of(burst.role) | texts))


def last_look(claimed: Claimed, now: Moment) -> Why | None:
    """Return why a delivery must not leave after all. Octets that may be out are not recalled."""
    if claimed.delivery.raw is not None:
        return None
    if claimed.delivery.receipt_id is not None:
        return None if claimed.came is not None and claimed.came.raw else Why.MAIL_GONE
    if claimed.burst is None:
        return Why.NO_ACCESS
    if claimed.held is not None:
        return still_asked(claimed.held, claimed.burst, claimed.delivery.address)
    return still_owed(claimed.burst, claimed.delivery.address, now)


def rests_until(claimed: Claimed, now: Moment) -> HeldBack | None:
    """Return until when a digest must not be tried, and why; None: it may.

    It was decided on before its reader's quiet hours, and the relay took it not at once. What
    somebody wants tried now is tried, and octets that may be out are not held back.
    """
    delivery = claimed.delivery
    if claimed.burst is None or delivery.held_id is not None or delivery.raw is not None:
        return None
    until = None if delivery.reason == BY_HAND else quiet_now(claimed.burst, now)
    return None if until is None else HeldBack(until, Wait.QUIET_HOURS)


def view_of(claimed: Claimed, identity: Identity) -> View | OperatorMail:
    """Return what a delivery says. Raise LookupError if nothing is left that it could be about."""
    delivery, burst = claimed.delivery, claimed.burst
    if claimed.came is not None:
        return OperatorMail(delivery, claimed.came)
    if burst is None:
        raise LookupError(delivery.id)  # last_look has refused it
    if claimed.held is not None:
        return question_view(claimed.held, burst, delivery, identity)
    return digest_view(burst, delivery, claimed.references, identity)
