"""Queue a mail of ours, whatever it is about: a delivery that is due at once; or retry one.

Its Message-ID and its reference are made here, so that what comes back can name it.
"""

from core.errors import InvalidRequest, NotFound
from core.ids import new_id, new_reference
from core.model.delivery import EMAIL, Delivery, State
from core.moment import Moment
from core.rules.mail_lane import lane_of
from core.rules.suppression_words import change, sentence
from core.store import deliveries, opt_outs
from core.store.database import Session
from core.store.rows import fresh


def queue(session: Session, address: str, mail_domain: str, now: Moment, **about: str) -> None:
    """Queue a mail to an address; the columns of ``about`` say whose it is, and of what."""
    id_ = new_id("dlv", now)
    lane = lane_of(about.get("channel", EMAIL), address)
    one = fresh(
        Delivery,
        id=id_,
        lane=lane,
        address=address,
        next_attempt_at=now,
        reference=new_reference(),
        message_id=f"<{id_}@{mail_domain}>",
        created_at=now,
        **about,
    )
    deliveries.add(session, one)


def retry(session: Session, app_id: str, delivery_id: str, now: Moment) -> Delivery:
    """Make a delivery due at once, also one that has ended without being accepted.

    Raise NotFound, or InvalidRequest if it arrived or may be arriving: it would arrive twice; and
    if its address is suppressed: it would not leave.
    """
    one = existing(session, app_id, delivery_id)
    if one.state in {State.ACCEPTED, State.DELIVERED, State.TRANSMITTING}:
        raise InvalidRequest(f"{delivery_id} is {one.state}; it is not sent again.")
    hindering = opt_outs.suppressions(session, app_id, [one.address], now)
    if hindering:
        told = " ".join(f"{sentence(each, now)} {change(each)}" for each in hindering)
        raise InvalidRequest(f"{delivery_id} would not leave. {told}", code="SUPPRESSED")
    deliveries.retry_now(session, one, now)
    session.flush()
    return one


def existing(session: Session, app_id: str, delivery_id: str) -> Delivery:
    """Return a delivery, or raise NotFound."""
    one = deliveries.find(session, app_id, delivery_id)
    if one is None:
        raise NotFound(f"There is no delivery {delivery_id!r}.", code="DELIVERY_NOT_FOUND")
    return one
