"""Deliveries that came to nothing: what is counted against an address."""

from sqlmodel import Session, col, select

from core.model.delivery import Delivery, State
from core.model.participant import Participant
from core.moment import Moment

_LOST = (State.BOUNCED, State.FAILED, State.EXPIRED)


def lost(
    session: Session, whose: tuple[str, str], address: str, since: Moment
) -> list[tuple[Moment, str]]:
    """Return when deliveries to an address of (app, user) were made that came to nothing, and why.

    By way of the user's conversations, since only so there is an index.
    """
    app_id, user_id = whose
    statement = (
        select(Delivery.created_at, Delivery.reason)
        .join(
            Participant,
            (col(Participant.app_id) == Delivery.app_id)
            & (col(Participant.conversation_id) == Delivery.conversation_id)
            & (col(Participant.user_id) == Delivery.user_id),
        )
        .where(Participant.app_id == app_id, Participant.user_id == user_id)
        .where(Delivery.address == address, col(Delivery.state).in_(_LOST))
        .where(col(Delivery.created_at) > since)
    )
    return [(at, why or "") for at, why in session.exec(statement)]
