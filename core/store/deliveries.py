"""Deliveries and their attempts."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, insert, tuple_, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from core.model.app import App
from core.model.delivery import BY_HAND, Attempt, Delivery, State
from core.model.notification import Notification
from core.model.participant import Participant
from core.moment import Moment
from core.store.engine import due_looks
from core.store.engine.dialect import shard_for, table_of
from core.store.engine.due import Work
from core.store.engine.lookup import JoinedLookup
from core.store.engine.prepared import Prepared
from core.store.rows import bare, row_of

WORK = Work("delivery", ("app_id", "id"), "next_attempt_at", "attempts", by_app="delivery_by_app")

_D = table_of(Delivery)
_ADD = Prepared(insert(_D))
_N = table_of(Notification)
_CLAIMED = JoinedLookup(
    (Delivery, Notification),
    lambda chosen: chosen.select_from(
        _D.outerjoin(_N, (_N.c.app_id == _D.c.app_id) & (_N.c.id == _D.c.notification_id))
    ).where(_D.c.app_id == bindparam("a"), _D.c.id == bindparam("d")),
)
_MINE = (
    (_D.c.app_id == bindparam("a"))
    & (_D.c.id == bindparam("d"))
    & (_D.c.attempts == bindparam("n"))
)
_TRANSMITTING = Prepared(
    update(_D)
    .where(_MINE)
    .values(
        state=State.TRANSMITTING,
        raw=bindparam("octets"),
        trace=bindparam("said", type_=_D.c.trace.type),
        relay=bindparam("by"),
        crashes=_D.c.crashes + bindparam("crashed"),
    )
)
_COMPLETING = (
    update(_D)
    .where(_MINE)
    .values(
        state=bindparam("to", type_=_D.c.state.type),
        reason=bindparam("why"),
        next_attempt_at=bindparam("at"),
        ended_at=bindparam("end"),
        crashes=_D.c.crashes + bindparam("crashed"),
        tries=_D.c.tries + bindparam("tried"),
        claimed_by=None,
    )
)
_COMPLETE = Prepared(_COMPLETING)
_COMPLETE_AND_DROP = Prepared(_COMPLETING.values(raw=None))
_ATTEMPT = Prepared(insert(table_of(Attempt)))
_SOON = Prepared(
    update(_D)
    .where(_D.c.app_id == bindparam("a"), _D.c.id == bindparam("d"))
    .where(_D.c.state == State.QUEUED, _D.c.claimed_by.is_(None))
    .where(_D.c.next_attempt_at > bindparam("at"))
    .values(next_attempt_at=bindparam("at"))
)
_TOLD = (
    (_D.c.app_id == bindparam("a"))
    & (_D.c.conversation_id == bindparam("c"))
    & (_D.c.user_id == bindparam("u"))
    & _D.c.held_id.is_(None)
)
_MESSAGE_IDS = Prepared(
    core_select(_D.c.message_id)
    .where(_TOLD, (_D.c.state == State.ACCEPTED) | (_D.c.state == State.DELIVERED))
    .order_by(_D.c.created_at.desc())
    .limit(bindparam("most"))
)


def add(session: Session, delivery: Delivery) -> None:
    """Queue a delivery."""
    shard = shard_for(session, delivery.app_id, delivery.address)
    _ADD.run(session, row_of(delivery) | {"shard": shard})


def find(session: Session, app_id: str, delivery_id: str) -> Delivery | None:
    """Return a delivery."""
    return session.get(Delivery, (app_id, delivery_id))


def claimed(
    session: Session, app_id: str, delivery_id: str
) -> tuple[Delivery, Notification | None] | None:
    """Return a delivery and the decision it is of, as they are now, to be looked at only."""
    found = _CLAIMED.one(session, {"a": app_id, "d": delivery_id})
    return None if found is None else (found[0], found[1])


def transmitting(
    session: Session, claimed: Delivery, raw: bytes, trace: dict[str, Any] | None
) -> bool:
    """Say that the octets are about to leave; False if the claim is no longer ours.

    ``claimed.relay`` says to whom: what may be out stays with them. A row that was found
    transmitting has seen a crash, and counts it.
    """
    given = {
        "a": claimed.app_id,
        "d": claimed.id,
        "n": claimed.attempts,
        "octets": raw,
        "said": trace,
        "by": claimed.relay,
        "crashed": 1 if claimed.state is State.TRANSMITTING else 0,
    }
    return _TRANSMITTING.run(session, given) == 1


def given_to(one: Delivery, relay: str) -> Delivery:
    """Return a delivery, to be looked at only, as given to this relay."""
    columns = {name: value for name, value in vars(one).items() if not name.startswith("_")}
    return bare(Delivery, columns | {"relay": relay})


def complete(
    session: Session, claimed: Delivery, end: dict[str, Any], *, keep_octets: bool
) -> bool:
    """Write where a claimed delivery goes (to, why, at, end, crashed); False if it isn't ours.

    ``tried`` of 0 says that it was not answered for itself.
    """
    given = {"a": claimed.app_id, "d": claimed.id, "n": claimed.attempts, "tried": 1}
    statement = _COMPLETE if keep_octets else _COMPLETE_AND_DROP
    return statement.run(session, given | end) == 1


def add_attempt(session: Session, attempt: Attempt) -> None:
    """Keep what became of one try."""
    _ATTEMPT.run(session, row_of(attempt))


def named_by(session: Session, app_number: int, reference: int) -> Delivery | None:
    """Return the delivery a proven bounce token names."""
    statement = (
        select(Delivery)
        .join(App, col(App.app_id) == Delivery.app_id)
        .where(App.number == app_number, Delivery.reference == reference)
    )
    return session.exec(statement).one_or_none()


def waiting(
    session: Session, now: Moment, most: int, lanes: due_looks.Lanes = due_looks.ALL
) -> int:
    """Return how many deliveries are due that nobody has claimed, counted up to ``most``."""
    return due_looks.count_due(session, WORK, now, most, lanes)


def waiting_beside(
    session: Session, now: Moment, most: int, full: Collection[str]
) -> tuple[int, list[str]]:
    """Return how many wait in all but these lanes, and in which of these ``most`` or more wait."""
    one_lane = {name: due_looks.Lanes((name,), inside=True) for name in full}
    behind = [name for name in full if waiting(session, now, most, one_lane[name]) >= most]
    return waiting(session, now, most, due_looks.Lanes(tuple(full))), behind


def message_ids(
    session: Session, app_id: str, conversation_id: str, user_id: str, limit: int
) -> list[str]:
    """Return the Message-IDs this user was last sent about this conversation, oldest first."""
    given = {"a": app_id, "c": conversation_id, "u": user_id, "most": limit}
    return [str(row[0]) for row in _MESSAGE_IDS.rows(session, given)][::-1]


def of_notifications(
    session: Session, app_id: str, notification_ids: Collection[str]
) -> list[Delivery]:
    """Return the deliveries of notifications, oldest first."""
    statement = select(Delivery).where(
        Delivery.app_id == app_id, col(Delivery.notification_id).in_(notification_ids)
    )
    return list(session.exec(statement.order_by(col(Delivery.created_at), col(Delivery.id))))


def beside(session: Session, one: Delivery) -> list[Delivery]:
    """Return the deliveries of the same digest, or of the same question, this one included."""
    statement = select(Delivery).where(
        Delivery.app_id == one.app_id,
        Delivery.notification_id == one.notification_id,
        Delivery.conversation_id == one.conversation_id,
        Delivery.user_id == one.user_id,
        col(Delivery.held_id) == one.held_id if one.held_id else col(Delivery.held_id).is_(None),
    )
    return list(session.exec(statement))


def queued_for(session: Session, app_id: str, user_id: str) -> list[Delivery]:
    """Return a user's deliveries that wait.

    By way of the user's conversations, since only so there is an index.
    """
    statement = (
        select(Delivery)
        .join(
            Participant,
            (col(Participant.app_id) == Delivery.app_id)
            & (col(Participant.conversation_id) == Delivery.conversation_id)
            & (col(Participant.user_id) == Delivery.user_id),
        )
        .where(Participant.app_id == app_id, Participant.user_id == user_id)
        .where(Delivery.state == State.QUEUED, col(Delivery.next_attempt_at).is_not(None))
    )
    return list(session.exec(statement))


def digests_waiting(session: Session, whose: tuple[str, str, str]) -> list[Delivery]:
    """Return what was decided on for (app, conversation, user) and waits; no reminder, no question.

    What may be out is none of it, nor what somebody works on.
    """
    app_id, conversation_id, user_id = whose
    statement = (
        select(Delivery)
        .join(
            Notification,
            (col(Notification.app_id) == Delivery.app_id)
            & (col(Notification.id) == Delivery.notification_id),
        )
        .where(Delivery.app_id == app_id, Delivery.conversation_id == conversation_id)
        .where(Delivery.user_id == user_id, Delivery.state == State.QUEUED)
        .where(col(Delivery.claimed_by).is_(None), col(Delivery.raw).is_(None))
        .where(col(Delivery.held_id).is_(None), col(Notification.reminder).is_(None))
    )
    return list(session.exec(statement))


def due_soon(session: Session, one: Delivery, now: Moment) -> bool:
    """Make a delivery due that waits and that nobody works on; False if it is not so."""
    return _SOON.run(session, {"a": one.app_id, "d": one.id, "at": now}) == 1


def attempts(session: Session, app_id: str, delivery_ids: Collection[str]) -> list[Attempt]:
    """Return the attempts at deliveries, oldest first."""
    statement = select(Attempt).where(
        Attempt.app_id == app_id, col(Attempt.delivery_id).in_(delivery_ids)
    )
    return list(session.exec(statement.order_by(col(Attempt.ended_at), col(Attempt.number))))


def listed(
    session: Session,
    app_id: str | None,
    *,
    waiting_only: bool,
    limit: int,
    after: tuple[Moment, str] | None = None,
) -> list[Delivery]:
    """Return deliveries: those that wait by due time, or the newest of all.

    ``after``: those behind this moment, as they are ordered, and at it behind this id.
    """
    statement = select(Delivery).limit(limit)
    if app_id is not None:
        statement = statement.where(Delivery.app_id == app_id)
    if waiting_only:
        statement = statement.where(col(Delivery.next_attempt_at).is_not(None))
        due = (col(Delivery.next_attempt_at), col(Delivery.id))
        if after is not None:
            statement = statement.where(tuple_(*due) > tuple_(*after))
        return list(session.exec(statement.order_by(*due)))
    made = (col(Delivery.created_at), col(Delivery.id))
    if after is not None:
        statement = statement.where(tuple_(*made) < tuple_(*after))
    return list(session.exec(statement.order_by(*(one.desc() for one in made))))


def retry_now(session: Session, delivery: Delivery, now: Moment) -> None:
    """Make a delivery due at once, also one that has failed."""
    delivery.state, delivery.reason = State.QUEUED, BY_HAND
    delivery.next_attempt_at = now
    delivery.ended_at = None
    delivery.claimed_by = None
    session.add(delivery)
