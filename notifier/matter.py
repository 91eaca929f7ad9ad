"""What is a delivery about, now that it came due? And must it still leave?

All of it is read at once; what is decided and written later looks here and asks nothing again.
"""

from dataclasses import dataclass

from core.model.burst import Burst
from core.model.delivery import Delivery
from core.model.held import HeldReply
from core.model.receipt import Receipt
from core.moment import Moment
from core.rules.look_again import Why, still_owed
from core.rules.questions import still_asked
from core.store import bursts, deliveries, held, receipts
from core.store.database import Session

_LATEST_REFERENCES = 10


@dataclass(frozen=True, slots=True)
class DeliveryClaim:
    """A delivery that is ours until a moment: its key and its fence."""

    app_id: str
    delivery_id: str
    fence: int
    until: Moment


@dataclass(frozen=True, slots=True)
class Matter:
    """A claimed delivery and what it is about, as of now: a burst, or a reply that is held.

    Or a mail for the operator, which is about nothing of an app's.
    """

    delivery: Delivery
    burst: Burst | None
    references: tuple[str, ...] = ()
    held: HeldReply | None = None
    came: Receipt | None = None


def look_up(session: Session, claim: DeliveryClaim, now: Moment) -> Matter | None:
    """Read a delivery and everything its digest is made of."""
    found = deliveries.claimed(session, claim.app_id, claim.delivery_id)
    if found is None:
        return None
    delivery, decided = found
    if delivery.receipt_id is not None:
        came = receipts.find(session, delivery.app_id, delivery.receipt_id)
        return Matter(delivery, None, came=came)
    whose = (delivery.app_id, delivery.conversation_id, delivery.user_id)
    if delivery.held_id is not None:
        asked = held.find(session, delivery.app_id, delivery.held_id)
        return Matter(delivery, bursts.load(session, whose, (0, 0), now), held=asked)
    if decided is None:
        return Matter(delivery, None)
    burst = bursts.load(session, whose, (decided.first_seq, decided.last_seq), now)
    earlier = deliveries.message_ids(session, *whose, _LATEST_REFERENCES)
    return Matter(delivery, burst, tuple(earlier))


def last_look(matter: Matter, now: Moment) -> Why | None:
    """Return why a delivery must not leave after all. Octets that may be out are not recalled."""
    if matter.delivery.raw is not None:
        return None
    if matter.delivery.receipt_id is not None:
        return None if matter.came is not None and matter.came.raw else Why.MAIL_GONE
    if matter.burst is None:
        return Why.NO_ACCESS
    if matter.held is not None:
        return still_asked(matter.held, matter.burst, matter.delivery.address)
    return still_owed(matter.burst, matter.delivery.address, now)
