"""Suppressions: which there are of an app, and those that go with a person."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, or_, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from core.email_address import comparable, kept_forms
from core.model.participant import Participant
from core.model.pending import Pending
from core.model.suppression import BY_HAND, Suppression
from core.moment import Moment
from core.store import users
from core.store.engine.dialect import flushed, table_of

_X = table_of(Suppression)


@dataclass(frozen=True, slots=True)
class SuppressionQuery:
    """Which page is asked for: of one address or ``@domain``, of one cause; also what is over."""

    limit: int
    after: str | None = None
    address: str | None = None
    cause: str | None = None
    every: bool = False


def page(session: Session, app_id: str, wanted: SuppressionQuery, now: Moment) -> list[Suppression]:
    """Return a page of an app's suppressions, by address."""
    statement = select(Suppression).where(Suppression.app_id == app_id)
    if not wanted.every:
        statement = statement.where(or_(_X.c.expires_at.is_(None), _X.c.expires_at > now))
    if wanted.cause is not None:
        statement = statement.where(Suppression.cause == wanted.cause)
    if wanted.address is not None and wanted.address.startswith("@"):
        domain = comparable(f"x{wanted.address}")[1:]
        statement = statement.where(_X.c.address.endswith(domain, autoescape=True))
    elif wanted.address is not None:
        statement = statement.where(_X.c.address.in_(kept_forms(wanted.address)))
    if wanted.after is not None:
        statement = statement.where(_X.c.address > wanted.after)
    return list(session.exec(statement.order_by(col(Suppression.address)).limit(wanted.limit)))


def find(session: Session, app_id: str, address: str, now: Moment) -> Suppression | None:
    """Return what is known of a mailbox, in whichever form it is kept; if all is over, that.

    An old form may be in force where the one that is kept today is over.
    """
    known = _known(session, app_id, address)
    return next((one for one in known if one.in_force(now)), next(iter(known), None))


def owed(session: Session, app_id: str, user_id: str, most: int) -> list[Pending]:
    """Return what a user is owed, soonest first. By way of their conversations: an index."""
    theirs = and_(
        col(Participant.app_id) == Pending.app_id,
        col(Participant.conversation_id) == Pending.conversation_id,
        col(Participant.user_id) == Pending.user_id,
    )
    statement = select(Pending).join(Participant, theirs)
    statement = statement.where(Participant.app_id == app_id, Participant.user_id == user_id)
    return list(session.exec(statement.order_by(col(Pending.due_at)).limit(most)))


def note_whose(session: Session, app_id: str, user_id: str, addresses: Collection[str]) -> None:
    """Note whose addresses were, that are theirs no more: so they go when the person is erased."""
    for address in addresses:
        for known in _known(session, app_id, address):
            if known.user_id is None:
                known.user_id = user_id
                session.add(known)


def drop_of_person(session: Session, app_id: str, user_id: str) -> None:
    """Forget what is known from a person's mails, at whatever address.

    What was said by hand of an address that is somebody else's now stays, without their name.
    """
    _drop(session, (app_id, user_id), _X.c.user_id == user_id)


def drop_of_addresses(session: Session, whose: tuple[str, str], addresses: Collection[str]) -> None:
    """Forget what is known of (app, user)'s addresses, however they are spelled.

    What is known from the mails of others stays, and what was said by hand of an address that is
    somebody else's now.
    """
    forms = {form for one in addresses for form in kept_forms(one)}
    theirs = or_(_X.c.user_id.is_(None), _X.c.user_id == whose[1])
    _drop(session, whose, and_(_X.c.address.in_(sorted(forms)), theirs))


def _drop(session: Session, whose: tuple[str, str], which: ColumnElement[bool]) -> None:
    """Forget these; those by hand only if their address is nobody else's."""
    app_id, user_id = whose
    which, connection = and_(_X.c.app_id == app_id, which), flushed(session)
    by_hand = connection.scalars(core_select(_X.c.address).where(which, _X.c.cause == BY_HAND))
    kept = [
        address
        for address in by_hand.all()
        if any(one.id != user_id for one in users.with_address(session, app_id, address, 2))
    ]
    connection.execute(delete(_X).where(which, _X.c.address.not_in(kept)))
    if kept:
        connection.execute(update(_X).where(which).values(user_id=None))


def _known(session: Session, app_id: str, address: str) -> list[Suppression]:
    """Return all that is known of a mailbox, the form that is kept today first."""
    forms = dict.fromkeys((comparable(address), *sorted(kept_forms(address))))
    known = (session.get(Suppression, (app_id, form)) for form in forms)
    return [one for one in known if one is not None]
