"""Opt-outs and suppressions: to whom we must not write."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from core.email_address import comparable, kept_forms
from core.model.opt_out import OptOut
from core.model.suppression import Suppression
from core.moment import Moment


def find(session: Session, app_id: str, user_id: str, scope: str) -> OptOut | None:
    """Return a choice of this scope: a conversation's id or ``*``."""
    return session.get(OptOut, (app_id, user_id, scope))


def scopes(session: Session, app_id: str, user_id: str) -> frozenset[str]:
    """Return what a user has opted out of: conversation ids, or ``*``."""
    statement = select(OptOut.conversation_id).where(
        OptOut.app_id == app_id, OptOut.user_id == user_id
    )
    return frozenset(session.exec(statement))


def of_user(session: Session, app_id: str, user_id: str) -> list[OptOut]:
    """Return a user's choices, the oldest first."""
    statement = select(OptOut).where(OptOut.app_id == app_id, OptOut.user_id == user_id)
    return list(session.exec(statement.order_by(col(OptOut.made_at), col(OptOut.conversation_id))))


def suppressed(
    session: Session, app_id: str, addresses: Iterable[str], now: Moment
) -> frozenset[str]:
    """Return those of the addresses (as they are compared) that we must not write to."""
    mailboxes = {form: comparable(one) for one in addresses for form in kept_forms(one)}
    if not mailboxes:
        return frozenset()
    statement = select(Suppression.address).where(
        Suppression.app_id == app_id,
        col(Suppression.address).in_(list(mailboxes)),
        col(Suppression.expires_at).is_(None) | (col(Suppression.expires_at) > now),
    )
    return frozenset(mailboxes[form] for form in session.exec(statement))


def suppression(session: Session, app_id: str, address: str) -> Suppression | None:
    """Return what is known of an address (as it is compared), also if its time is over."""
    return session.get(Suppression, (app_id, address))


def suppressions(
    session: Session, app_id: str, addresses: Iterable[str], now: Moment
) -> list[Suppression]:
    """Return what keeps us from writing to any of the addresses now, in their order."""
    forms = dict.fromkeys(form for one in addresses for form in sorted(kept_forms(one)))
    known = (suppression(session, app_id, form) for form in forms)
    return [one for one in known if one is not None and one.in_force(now)]


def suppress(session: Session, suppression: Suppression) -> None:
    """Remember that an address must not be written to."""
    session.merge(suppression)


def lift(session: Session, known: Suppression, by: str, now: Moment) -> None:
    """End a suppression now, and keep who did."""
    known.expires_at = known.lifted_at = now
    known.lifted_by = by
    session.add(known)
