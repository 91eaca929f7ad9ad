"""The loop: wake by nudge or by time, claim what is due, hand it to the trip, go on.

Three crews work side by side: bursts are decided, deliveries delivered, webhooks told. Each
claims no more than it has hands for. The nudge is a hint; the poll is the guarantee. A claim
whose handling failed is left to its lease.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from core.actions.decide import Claim as BurstClaim
from core.actions.forget import forget
from core.actions.sweep import sweep
from core.errors import StoreUnavailable
from core.moment import SECOND, Millis
from core.observe import Event, logger
from core.store import deliveries, due, pending, webhooks
from core.store.database import Database
from notifier.dispatch import Claim, Desk, decide, deliver
from notifier.hooks import StreamClaim, Switchboard, tell

_RESWEEP = 20
_HOUSE_SECONDS = 3_600.0
_MARK_SLACK: Millis = 2 * SECOND
_GATHER_SECONDS = 0.005  # a claim costs the same for one row as for ten: let some gather

Handle = Callable[[tuple[Any, ...]], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast to work: hands at once, rows a claim, seconds between looks, lease in seconds."""

    hands: int = 20
    batch: int = 50
    poll_seconds: float = 1.0
    lease_seconds: int = 120


class Nudge:
    """Wakes every crew that sleeps, and counts, so that one who was busy knows it was called."""

    def __init__(self) -> None:
        """Begin with nobody asleep."""
        self.calls = 0
        self._sleepers: set[asyncio.Event] = set()

    def __call__(self) -> None:
        """Wake everyone."""
        self.calls += 1
        for sleeper in self._sleepers:
            sleeper.set()

    async def wait(self, seconds: float, heard: int) -> None:
        """Sleep until nudged, or so long; not at all if there were calls after those heard."""
        if self.calls != heard:
            return
        sleeper = asyncio.Event()
        self._sleepers.add(sleeper)
        try:
            async with asyncio.timeout(seconds):
                await sleeper.wait()
        except TimeoutError:
            pass
        finally:
            self._sleepers.discard(sleeper)


async def work(name: str, desk: Desk, switchboard: Switchboard, pace: Pace, nudge: Nudge) -> None:
    """Work until cancelled. ``name`` is this worker's, unlike any other's."""
    await desk.database.enlist(name, desk.clock.now())

    async def on_burst(row: tuple[Any, ...]) -> None:
        await decide(BurstClaim(*row), desk)
        nudge()

    async def on_delivery(row: tuple[Any, ...]) -> None:
        await deliver(Claim(*row), desk)

    async def on_stream(row: tuple[Any, ...]) -> None:
        await tell(StreamClaim(*row), switchboard)

    def lane_open() -> bool:
        return desk.lane.is_open(desk.clock.now())

    async with asyncio.TaskGroup() as crews:
        for queue, handle, ready in (
            (pending.WORK, on_burst, _always),
            (deliveries.WORK, on_delivery, lane_open),
            (webhooks.WORK, on_stream, _always),
        ):
            crew = _Crew(name, desk, queue, pace, nudge)
            crews.create_task(crew.run(handle, ready))
        crews.create_task(_reap(desk, pace, nudge))
        crews.create_task(_keep_house(desk))


def _always() -> bool:
    return True


class _Crew:
    """So many hands for one kind of work."""

    def __init__(self, name: str, desk: Desk, queue: due.Work, pace: Pace, nudge: Nudge) -> None:
        self._name, self._desk, self._queue = name, desk, queue
        self._pace, self._nudge = pace, nudge
        self._busy: set[asyncio.Task[None]] = set()
        self._mark = 0
        self._looks = 0

    async def run(self, handle: Handle, ready: Callable[[], bool]) -> None:
        """Claim and handle, for ever; on cancellation let what is under way be."""
        try:
            while True:
                heard = self._nudge.calls
                rows = await self._claim() if ready() else []
                for row in rows:
                    task = asyncio.create_task(self._one(handle, row))
                    self._busy.add(task)
                    task.add_done_callback(self._busy.discard)
                if len(self._busy) >= self._pace.hands:
                    await asyncio.wait(self._busy, return_when=asyncio.FIRST_COMPLETED)
                elif not rows:
                    await self._nudge.wait(self._pace.poll_seconds, heard)
                await asyncio.sleep(_GATHER_SECONDS)
        finally:
            if self._busy:
                await asyncio.wait(self._busy, timeout=10)

    async def _claim(self) -> list[tuple[Any, ...]]:
        """Claim what there are hands for, above the low-water mark but for every now and then."""
        now = self._desk.clock.now()
        self._looks += 1
        above = 0 if self._looks % _RESWEEP == 1 else self._mark
        room = min(self._pace.batch, self._pace.hands - len(self._busy))
        lease = self._pace.lease_seconds * SECOND
        taking = due.Taking(self._name, now, lease, room, above)
        try:
            rows = await self._desk.database.write(
                lambda session: due.claim(session, self._queue, taking)
            )
        except StoreUnavailable:
            logger().warning(Event.WORKER_FAILED, queue=self._queue.table, exc_info=True)
            return []
        if not rows and above == 0:
            self._mark = now - _MARK_SLACK
        return rows

    async def _one(self, handle: Handle, row: tuple[Any, ...]) -> None:
        try:
            await handle(row)
        except Exception:  # noqa: BLE001  the last line of defence: the lease brings it back
            logger().error(
                Event.WORKER_FAILED, queue=self._queue.table, row=row[:-1], exc_info=True
            )


async def _reap(desk: Desk, pace: Pace, nudge: Nudge) -> None:
    """Free the claims of workers that have died."""
    while True:
        await asyncio.sleep(pace.poll_seconds)
        try:
            if await desk.database.reap(desk.clock.now()):
                nudge()
        except StoreUnavailable:
            logger().warning(Event.WORKER_FAILED, queue="reaper", exc_info=True)


async def _keep_house(desk: Desk) -> None:
    """Forget, every hour, what need not be kept."""
    while True:
        now = desk.clock.now()
        try:
            gone = await desk.database.write(lambda session: forget(session, desk.raw_days, now))  # noqa: B023
            gone["files"] = await sweep(desk.database, desk.files, now)
        except StoreUnavailable:
            logger().warning(Event.WORKER_FAILED, queue="house", exc_info=True)
        else:
            if any(gone.values()):
                logger().info(Event.FORGOTTEN, **gone)
        await asyncio.sleep(_HOUSE_SECONDS)


def queues() -> tuple[due.Work, ...]:
    """Return every queue, for those who look at them."""
    return (pending.WORK, deliveries.WORK, webhooks.WORK)


async def idle(database: Database) -> bool:
    """Tell whether nothing at all is owed."""
    for queue in queues():
        if await database.read(lambda session, queue=queue: due.next_due(session, queue)):  # type: ignore[misc]
            return False
    return True
