"""Held replies: what waits for a person's word."""

from sqlmodel import Session, col, func, select

from core.model.app import App
from core.model.held import HeldReply, HeldState
from core.moment import Moment


def add(session: Session, held: HeldReply) -> None:
    """Keep a reply back."""
    session.add(held)


def find(session: Session, app_id: str, held_id: str) -> HeldReply | None:
    """Return a held reply."""
    return session.get(HeldReply, (app_id, held_id))


def lock(session: Session, app_id: str, held_id: str) -> HeldReply | None:
    """Return a held reply as it is now, so that nobody else decides on it meanwhile."""
    whose = (app_id, held_id)
    return session.get(HeldReply, whose, with_for_update=True, populate_existing=True)


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


def listed(
    session: Session, app_id: str | None, *, waiting_only: bool, limit: int
) -> list[HeldReply]:
    """Return held replies, the newest first."""
    statement = select(HeldReply).order_by(col(HeldReply.held_at).desc()).limit(limit)
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
