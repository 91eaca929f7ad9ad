"""Which apps does a pool claim of next? Looks who waits, as often as it matters.

That is while there is a backlog: a claim that came back full says so. Then the apps that have
something due are looked for at every poll, so many at a time, and claims name those that were
served least (``fair_turns``). Without one, a claim costs what it always did.
"""

from collections.abc import Callable, Sequence
from time import monotonic

from core.store.database import Database, Session
from core.store.engine import due_looks
from core.store.engine.due import Work
from notifier.queue.gates import ClaimedRow
from notifier.scheduling.fair_turns import FairTurns

_LOOKED_AT = 1_000  # apps a look: more are looked at in turn


class WhoseTurn:
    """The turns of one kind of work. What has no index by app is not shared by app."""

    def __init__(self, queue: Work, every: float, seconds: Callable[[], float] = monotonic) -> None:
        """Begin without a backlog. ``every``: so many seconds from look to look."""
        self._queue, self._every, self._seconds = queue, every, seconds
        self._turns = FairTurns()
        self._full = False
        self._looked = seconds() - every
        self._after = ""

    async def apps(self, database: Database, now: int) -> tuple[str, ...]:
        """Return the apps to claim of; empty: of anybody."""
        if not self._queue.by_app:
            return ()
        if self._full and self._seconds() - self._looked >= self._every:
            await self._look(database, now)
        return self._turns.next(self._seconds())

    def claimed(self, apps: Sequence[str], rows: Sequence[ClaimedRow], room: int) -> None:
        """Learn from a claim: who was served, and who has nothing left."""
        for app in {row[0] for row in rows}:
            self._turns.served(app, sum(row[0] == app for row in rows), self._seconds())
        full = len(rows) >= room
        if not apps:
            self._full = full
        elif not full:  # all of them were asked for what they have
            self._turns.emptied(apps)

    async def _look(self, database: Database, now: int) -> None:
        def work(session: Session) -> tuple[list[str], str | None]:
            return due_looks.apps_waiting(session, self._queue, now, self._after, _LOOKED_AT)

        waiting, further = await database.read(work)
        self._looked, self._after = self._seconds(), further or ""
        self._turns.seen(waiting)
