"""Queue a mail of ours, whatever it is about: a delivery that is due at once.

Its Message-ID and its reference are made here, so that what comes back can name it.
"""

from core.ids import new_id, new_reference
from core.model.base import fresh
from core.model.delivery import Delivery
from core.moment import Moment
from core.store import deliveries
from core.store.database import Session


def queue(session: Session, address: str, mail_domain: str, now: Moment, **about: str) -> None:
    """Queue a mail to an address; the columns of ``about`` say whose it is, and of what."""
    id_ = new_id("dlv", now)
    one = fresh(
        Delivery,
        id=id_,
        address=address,
        next_attempt_at=now,
        reference=new_reference(),
        message_id=f"<{id_}@{mail_domain}>",
        created_at=now,
        **about,
    )
    deliveries.add(session, one)
