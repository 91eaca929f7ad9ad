"""Digests that are due: decided on, and queued."""

from collections.abc import Callable, Iterable
from typing import Any

from core.actions import converse, decide, found_app, say
from core.model.app import App
from core.model.participant import Access, Notify
from core.model.user import User
from core.moment import MINUTE, Moment
from core.store import deliveries, pending
from core.store.database import Session
from tests.support.people import APP, ROOM, a_conversation, says


def owe_mails(
    session: Session,
    people: Iterable[str],
    now: Moment,
    before_due: Callable[[], None] = lambda: None,
) -> None:
    """Let Ann say something that these people miss, and a mail be due to each of them.

    ``before_due``: what happens before it is decided on.
    """
    names = tuple(people)
    said_at = now - 2 * MINUTE
    a_conversation(session, "ann", *names)
    says(session, "ann", now=said_at)
    before_due()
    for name in names:
        debt = pending.find(session, APP, ROOM, name)
        assert debt is not None
        claim = decide.BurstClaim(APP, ROOM, name, debt.attempts)
        decide.decide(session, claim, "reply.test", now)


def addresses(session: Session) -> dict[str, tuple[str, str | None]]:
    """Return where each delivery of the app stands, and why, by its address."""
    found: list[Any] = deliveries.listed(session, APP, waiting_only=False, limit=99)
    return {one.address: (one.state.value, one.reason) for one in found}


def owe_app(session: Session, app_id: str, number: int, many: int, said_at: Moment) -> None:
    """Found an app, in so many conversations of which somebody misses a message."""
    app = App(app_id=app_id, number=number, name=app_id.title(), created_at=said_at)
    found_app.found_app(session, app, said_at)
    for n in range(many):
        for name in (f"ann{n}", f"bo{n}"):
            email = [f"{name}@{app_id}.test"]
            user = User(app_id=app_id, id=name, name=name, email=email, created_at=said_at)
            session.add(user)
        session.flush()
        converse.put(session, app_id, f"c{n}", {}, said_at)
        for name in (f"ann{n}", f"bo{n}"):
            whose = (app_id, f"c{n}", name)
            converse.join(session, whose, Access.READ_WRITE, Notify.ALL, said_at)
        say.say(session, say.Words(app_id, f"c{n}", f"ann{n}", "Hello"), said_at)
