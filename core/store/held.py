"""Held replies: what waits for a person's word."""

from collections.abc import Sequence

from sqlalchemy import tuple_
from sqlmodel import Session, col, func, select

from core.model.app import App
from core.model.held import HeldReply, HeldState
from core.model.member import Correspondent
from core.model.receipt import Receipt
from core.moment import Moment

_SAME_PLACE = (  # by what a held reply is found: its receipt's id has no index
    (col(HeldReply.receipt_id) == Receipt.id)
    & (col(HeldReply.conversation_id) == Receipt.conversation_id)
    & (col(HeldReply.user_id) == Receipt.user_id)
)


def add(session: Session, held: HeldReply) -> None:
    """Keep a reply back."""
    session.add(held)


def find(session: Session, app_id: str, held_id: str) -> HeldReply | None:
    """Return a held reply."""
    return session.get(HeldReply, (app_id, held_id))


def by_id(session: Session, held_id: str) -> HeldReply | None:
    """Return a held reply of whichever app."""
    return session.exec(select(HeldReply).where(HeldReply.id == held_id)).first()


def lock(session: Session, app_id: str, held_id: str) -> HeldReply | None:
    """Return a held reply as it is now, so that nobody else decides on it meanwhile."""
    whose = (app_id, held_id)
    return session.get(HeldReply, whose, with_for_update=True, populate_existing=True)


def lock_of_receipt(
    session: Session, whose: tuple[str, str, str], receipt_id: str
) -> HeldReply | None:
    """Return the held reply of a receipt of (app, conversation, user), locked, as it is now."""
    app_id, conversation_id, user_id = whose
    statement = select(HeldReply).where(
        HeldReply.app_id == app_id,
        HeldReply.conversation_id == conversation_id,
        HeldReply.user_id == user_id,
        HeldReply.receipt_id == receipt_id,
    )
    locked = statement.with_for_update().execution_options(populate_existing=True)
    return session.exec(locked).first()


def claimed(
    session: Session, app_id: str, receipt_ids: Sequence[str]
) -> dict[str, tuple[str, str | None]]:
    """Return whose the held mails of these receipts say they are, and their AuthorProof."""
    statement = (
        select(HeldReply.receipt_id, HeldReply.sender, HeldReply.proof)
        .join(Receipt, (col(Receipt.app_id) == HeldReply.app_id) & _SAME_PLACE)
        .where(HeldReply.app_id == app_id, col(Receipt.id).in_(receipt_ids))
    )
    return {receipt: (sender, proof) for receipt, sender, proof in session.exec(statement)}


def named_by(session: Session, app_number: int, reference: int) -> HeldReply | None:
    """Return the held reply a proven link names."""
    statement = (
        select(HeldReply)
        .join(App, col(App.app_id) == HeldReply.app_id)
        .where(App.number == app_number, HeldReply.reference == reference)
    )
    return session.exec(statement).one_or_none()


def last_asked(session: Session, app_id: str, conversation_id: str, user_id: str) -> Moment | None:
    """Return when the owner of an address was last asked about any reply to it."""
    statement = select(func.max(HeldReply.asked_at)).where(
        HeldReply.app_id == app_id,
        HeldReply.conversation_id == conversation_id,
        HeldReply.user_id == user_id,
    )
    return session.exec(statement).one()


def waiting_of(session: Session, app_id: str, user_id: str) -> list[HeldReply]:
    """Return what waits in a user's name, oldest first."""
    statement = select(HeldReply).where(
        HeldReply.app_id == app_id,
        HeldReply.user_id == user_id,
        HeldReply.state == HeldState.WAITING,
    )
    return list(session.exec(statement.order_by(col(HeldReply.held_at), col(HeldReply.id))))


def count_waiting(session: Session, named: Correspondent) -> int:
    """Return how many replies wait at one address."""
    statement = select(func.count()).where(
        HeldReply.app_id == named.app_id,
        HeldReply.user_id == named.user_id,
        HeldReply.conversation_id == named.conversation_id,
        HeldReply.state == HeldState.WAITING,
    )
    return session.exec(statement).one()


def listed(
    session: Session,
    app_id: str | None,
    *,
    waiting_only: bool,
    limit: int,
    after: HeldReply | None = None,
) -> list[HeldReply]:
    """Return held replies, the newest first; those held before ``after``, if it is given."""
    newest_first = (col(HeldReply.held_at).desc(), col(HeldReply.id).desc())
    statement = select(HeldReply).order_by(*newest_first).limit(limit)
    if after is not None:
        place = tuple_(col(HeldReply.held_at), col(HeldReply.id))
        statement = statement.where(place < tuple_(after.held_at, after.id))
    if app_id is not None:
        statement = statement.where(HeldReply.app_id == app_id)
    if waiting_only:
        statement = statement.where(HeldReply.state == HeldState.WAITING)
    return list(session.exec(statement))


def older_than(session: Session, moment: Moment, limit: int) -> list[HeldReply]:
    """Return replies that have waited since before a moment."""
    statement = (
        select(HeldReply)
        .where(HeldReply.state == HeldState.WAITING, HeldReply.held_at < moment)
        .order_by(col(HeldReply.held_at))
        .limit(limit)
    )
    return list(session.exec(statement))
