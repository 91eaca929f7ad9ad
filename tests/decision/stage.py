"""Rejoinder on a real database, with a clock that is moved and a worker that is always in time.

What came of a play is read here from the tables and the mails, as the oracle says it.
"""

import asyncio
import re
import secrets
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlmodel import select as sqlmodel_select

from core.actions import converse, found_app
from core.actions.decide import BurstClaim
from core.clock import SetClock
from core.model.app import App
from core.model.delivery import Delivery
from core.model.notification import Notification
from core.model.participant import Access, Notify
from core.model.pending import Pending
from core.model.role import Role
from core.model.user import User
from core.moment import MINUTE, SECOND, Moment
from core.store import deliveries, pending
from core.store.database import Session, open_database
from core.store.engine import due
from core.store.engine.dialect import flushed, table_of
from notifier.channels.email.in_memory_relay import Memory
from notifier.context import NotifierContext
from notifier.dispatch import decide, deliver
from notifier.queue.claimed import DeliveryClaim
from tests.decision.oracle import Told
from tests.support.notifying import a_context

T = TypeVar("T")
BEGIN: Moment = 1_774_731_600_000  # 2026-03-28 21:00 UTC: Berlin sets its clocks in that night
_P, _D = table_of(Pending), table_of(Delivery)
_SPOKEN = re.compile(rb"word(\d+)x")
_DUE = (
    select(func.min(_P.c.due_at)).scalar_subquery(),
    select(func.min(_D.c.next_attempt_at)).scalar_subquery(),
)


class Stage:
    """One app, its people and rooms, and the worker."""

    def __init__(self, url: str, roles: dict[str, tuple[int, int]]) -> None:
        """Open a database that has all tables, and found an app with these roles."""
        self._loop = asyncio.new_event_loop()
        self._database = open_database(url)
        self._relay = Memory()
        self._killed = False
        self.clock = SetClock(BEGIN)
        self.app = f"app{secrets.token_hex(5)}"
        self._at = self._context()
        self.write(partial(self._found, roles=roles))

    def close(self) -> None:
        """Let nothing be due any more, and let go."""
        self.write(_forget)
        self._run(self._at.webhook.close())
        self._run(self._database.close())
        self._loop.close()

    def write(self, work: Callable[[Session], T]) -> T:
        """Run work in a transaction."""
        return self._run(self._database.write(work))

    def people(self, names: list[str], rooms: list[str]) -> None:
        """Put everybody into every room."""

        def work(session: Session) -> None:
            for name in names:
                mail = [f"{name}@example.net"]
                session.add(User(app_id=self.app, id=name, name=name, email=mail, created_at=BEGIN))
            session.flush()
            for room in rooms:
                converse.put(session, self.app, room, {"subject": room}, BEGIN)
                for name in names:
                    whose = (self.app, room, name)
                    converse.join(session, whose, Access.READ_WRITE, Notify.ALL, BEGIN)

        self.write(work)

    def kill(self) -> None:
        """Let the next that claims anything die of it, and another begin with nothing in mind."""
        self._killed = True

    def wait(self, seconds: int) -> None:
        """Let time pass; the worker does each thing at the moment it is due."""
        until = self.clock.moment + seconds * SECOND
        while (then := self._next()) is not None and then <= until:
            self.clock.moment = max(self.clock.moment, then)
            self.work()
        self.clock.moment = until

    def work(self) -> None:
        """Do all that is due now."""
        while (then := self._next()) is not None and then <= self.clock.moment:
            for row in self._claim(pending.WORK):
                self._run(decide(BurstClaim(*row), self._at))
            for row in self._claim(deliveries.WORK):
                until = self.clock.moment + MINUTE
                self._run(deliver(DeliveryClaim.of(row, until), self._at))

    def told(self) -> list[Told]:
        """Return every decision there is, and what its mails say."""
        octets = {one.delivery_id: one.raw for one in self._relay.parcels}

        def work(session: Session) -> list[Told]:
            decided = session.exec(
                sqlmodel_select(Notification).where(Notification.app_id == self.app)
            ).all()
            made = session.exec(sqlmodel_select(Delivery).where(Delivery.app_id == self.app)).all()
            mails: dict[str, set[int]] = {}
            for one in made:
                raw = octets.get(one.id, b"").replace(b"=\r\n", b"")
                mails.setdefault(one.notification_id, set()).update(
                    int(number) for number in _SPOKEN.findall(raw)
                )
            return [
                Told(
                    (one.decided_at - BEGIN) // SECOND,
                    one.user_id,
                    one.conversation_id,
                    one.reason,
                    tuple(sorted(mails.get(one.id, ()))),
                )
                for one in decided
            ]

        return self._run(self._database.read(work))

    def _claim(self, queue: due.Work) -> list[tuple[Any, ...]]:
        """Claim what is due; a worker that dies with it leaves it to the next."""
        taking = due.Taking("w", self.clock.moment, MINUTE, 50)
        rows = self.write(lambda session: due.claim(session, queue, taking))
        if rows and self._killed:
            self._killed = False
            self._at = self._context()
            self.write(lambda session: due.release(session, queue, "w", self.clock.moment))
            return []
        return rows

    def _next(self) -> Moment | None:
        """Return when anything is due next."""
        found = self._run(self._database.read(lambda s: flushed(s).execute(select(*_DUE)).one()))
        return min((int(one) for one in found if one is not None), default=None)

    def _context(self) -> NotifierContext:
        return a_context(self._database, self.clock, self._relay)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def _found(self, session: Session, roles: dict[str, tuple[int, int]]) -> None:
        _forget(session)
        app = App(app_id=self.app, number=0, name="Shop", created_at=BEGIN)
        found_app.found_app(session, app, BEGIN)
        session.flush()
        for name, (timeout, most) in roles.items():
            session.merge(
                Role(app_id=self.app, name=name, timeout_seconds=timeout, max_wait_seconds=most)
            )


def _forget(session: Session) -> None:
    """Let nothing be due that is left of a play."""
    flushed(session).execute(_P.delete())
    flushed(session).execute(_D.delete())
