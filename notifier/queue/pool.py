"""So many slots for one kind of work: claim what is due, handle it, go on.

A pool claims no more than it has slots for, nor than its gate has room for: a claim that only
waits runs out. In a backlog the apps take turns (``whose_turn``). A claim is a lease,
and each has a higher fence than the one before. One whose handling failed is left to its lease; one
that failed because the database was away is given back when it is there again.

The trap: a claim may be granted whose answer never came, as when the connection breaks after the
commit. Then nobody works on those rows until the lease ends, so the next claim gives back what this
worker has and does not know of.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from core.config.ways_out import LEASE_MARGIN_SECONDS
from core.errors import StoreUnavailable
from core.moment import SECOND, Millis, Moment
from core.nudge import Nudge
from core.observe import Event, logger
from core.store.database import Session
from core.store.engine import due
from notifier.context import NotifierContext
from notifier.queue.gates import ClaimedRow, Gate, PassedOver
from notifier.queue.whose_turn import WhoseTurn

_RESWEEP = 20
_MARK_SLACK: Millis = 2 * SECOND
_GATHER_SECONDS = 0.005  # a claim costs the same for one row as for ten: let some gather

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast to work: slots, rows a claim, seconds between looks, lease in seconds."""

    slots: int = 20
    batch: int = 50
    poll_seconds: float = 1.0
    lease_seconds: int = 120

    @property
    def lease(self) -> Millis:
        """How long a claim lasts."""
        return self.lease_seconds * SECOND

    @property
    def working(self) -> Millis:
        """For how long of that there is work: the rest is for writing it down."""
        return self.lease - min(LEASE_MARGIN_SECONDS * SECOND, self.lease // 4)


class Pool:
    """So many slots for one kind of work."""

    def __init__(
        self, name: str, at: NotifierContext, queue: due.Work, pace: Pace, nudge: Nudge
    ) -> None:
        """Work as the worker of this name, on one kind of work, at this pace."""
        self._name, self._at, self._queue = name, at, queue
        self._pace, self._nudge = pace, nudge
        self._busy: set[asyncio.Task[None]] = set()
        self._in_hand: set[ClaimedRow] = set()
        self._stranded: list[ClaimedRow] = []
        self._in_doubt = False  # whether a claim was granted whose answer never came
        self._mark = 0
        self._looks = 0
        self._whose = WhoseTurn(queue, pace.poll_seconds)
        self._idle = False  # whether nobody has anything due that may be claimed

    async def run(
        self,
        claim: Callable[[ClaimedRow, Moment], C],
        handle: Callable[[C], Awaitable[object]],
        gate: Gate,
    ) -> None:
        """Claim and handle, for ever; on cancellation let what is under way be.

        ``claim`` makes of a row, which is ours until a moment, what is handled.
        """
        try:
            while True:
                heard = self._nudge.calls  # before the look: a call during it is not slept over
                until = self._at.clock.now() + self._pace.working
                self._idle = True
                rows = await self._claim(gate) if gate.is_open() else []
                for row in rows:
                    if gate.enter(row):
                        self._begin(handle(claim(row, until)), row, gate)
                    else:
                        self._stranded.append(row)
                if len(self._busy) >= self._pace.slots:
                    await asyncio.wait(self._busy, return_when=asyncio.FIRST_COMPLETED)
                elif self._idle:
                    await self._nudge.wait(min(self._pace.poll_seconds, gate.pause()), heard)
                await asyncio.sleep(_GATHER_SECONDS)
        finally:
            if self._busy:  # cutting a parcel off in the middle would leave it uncertain
                await asyncio.wait(self._busy, timeout=10)

    async def _claim(self, gate: Gate) -> list[ClaimedRow]:
        """Claim what there is room for, or breathe if the database cannot be asked."""
        try:
            room = min(
                self._pace.batch, self._pace.slots - len(self._busy), await gate.room(self._busy)
            )
            apps = await self._whose.apps(self._at.database, self._at.clock.now()) if room else ()
            rows = await self._take(room, apps, gate.closed()) if room or self._stranded else []
        except Exception as error:  # noqa: BLE001  whatever it is, the loop goes on
            await breathe_after(error, self._queue.table, self._pace.poll_seconds)
            return []
        if room:
            self._whose.claimed(apps, rows, room)
        self._idle = not rows and not apps
        return rows

    async def _take(self, room: int, apps: tuple[str, ...], closed: PassedOver) -> list[ClaimedRow]:
        """Claim so many rows, above the low-water mark but for every now and then."""
        now = self._at.clock.now()
        self._looks += 1
        # A row that was given back, or retried by hand, is due in the past, below the mark.
        above = 0 if self._looks % _RESWEEP == 1 else self._mark
        taking = due.Taking(self._name, now, self._pace.lease, room, above, closed, apps)
        stranded, in_doubt = tuple(self._stranded), self._in_doubt

        def take(session: Session) -> list[ClaimedRow]:
            lost = due.held_by(session, self._queue, self._name) if in_doubt else []
            for row in (*stranded, *(row for row in lost if row not in self._in_hand)):
                due.give_back(session, self._queue, row, now)
            return due.claim(session, self._queue, taking)

        self._in_doubt = True  # until its answer is there
        rows = await self._at.database.write(take)
        self._in_doubt = False
        del self._stranded[: len(stranded)]
        # Where some were passed over, an empty answer does not say that nothing older is due.
        if not rows and above == 0 and not taking.passed_over and not apps:
            self._mark = now - _MARK_SLACK
        return rows

    def _begin(self, work: Awaitable[object], row: ClaimedRow, gate: Gate) -> None:
        """Give a row a slot, until its work has ended."""
        task = asyncio.create_task(self._one(work, row))
        self._busy.add(task)
        self._in_hand.add(row)
        task.add_done_callback(self._busy.discard)
        task.add_done_callback(lambda _: self._in_hand.discard(row))
        task.add_done_callback(lambda _: self._nudge() if gate.leave(row) else None)

    async def _one(self, work: Awaitable[object], row: ClaimedRow) -> None:
        try:
            await work
        except StoreUnavailable:
            logger().warning(Event.WORKER_FAILED, queue=self._queue.table, row=row[:-1])
            self._stranded.append(row)
        except Exception:  # noqa: BLE001  the last line of defence: the lease brings it back
            logger().error(
                Event.WORKER_FAILED, queue=self._queue.table, row=row[:-1], exc_info=True
            )


async def breathe_after(error: Exception, queue: str, seconds: float) -> None:
    """Say what went wrong in the loop, and breathe: nothing that fails here ends the process."""
    level = logger().warning if isinstance(error, StoreUnavailable) else logger().error
    level(Event.WORKER_FAILED, queue=queue, exc_info=error)
    await asyncio.sleep(seconds)
