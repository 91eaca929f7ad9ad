"""The loop: wake by nudge or by time, claim what is due, hand it to the trip, go on.

Three crews work side by side: bursts are decided, deliveries delivered, webhooks told. Each
claims no more than it has hands for, and the way out has room for: a claim that only waits runs
out. The nudge is a hint; the poll is the guarantee; what fails is tried again. A claim
whose handling failed is left to its lease; one that failed because the database was away is
given back when it is there again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from core.actions.decide import Claim as BurstClaim
from core.actions.forget import forget
from core.actions.sweep import sweep
from core.config.ways_out import LEASE_MARGIN_SECONDS
from core.errors import StoreUnavailable
from core.moment import SECOND, Millis, Moment
from core.observe import Event, logger
from core.store import claims, deliveries, due, pending, webhooks
from core.store.database import Session
from notifier.desk import Desk
from notifier.dispatch import decide, deliver
from notifier.hooks import StreamClaim, Switchboard, tell
from notifier.matter import Claim
from notifier.scheduling.shares import Shares

_RESWEEP = 20
_HOUSE_SECONDS = 3_600.0
_HOUSE_AGAIN_SECONDS = 60.0
_MARK_SLACK: Millis = 2 * SECOND
_GATHER_SECONDS = 0.005  # a claim costs the same for one row as for ten: let some gather

_HANDS_A_PLACE = 2
_STREAMS_AT_ONCE = 8  # what its endpoint may not have goes back, so not many

_Row = tuple[Any, ...]
Handle = Callable[[_Row, Moment], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast to work: hands at once, rows a claim, seconds between looks, lease in seconds."""

    hands: int = 20
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

    async def on_burst(row: _Row, _until: Moment) -> None:
        await decide(BurstClaim(*row), desk)
        nudge()

    places = asyncio.Semaphore(desk.transport.at_once)

    async def on_delivery(row: _Row, until: Moment) -> None:
        await deliver(Claim(row[0], row[1], row[2], until), desk, places)

    async def on_stream(row: _Row, _until: Moment) -> None:
        await tell(StreamClaim(*row), switchboard, pace.lease)

    shares = switchboard.shares
    # While one mail is on its way, another is written, or what became of it is.
    lines = replace(pace, hands=min(pace.hands, desk.transport.at_once * _HANDS_A_PLACE))
    calls = replace(pace, hands=shares.hands, batch=_STREAMS_AT_ONCE)
    async with asyncio.TaskGroup() as crews:
        for queue, handle, speed, door in (
            (pending.WORK, on_burst, pace, _Door()),
            (deliveries.WORK, on_delivery, lines, _LaneDoor(desk)),
            (webhooks.WORK, on_stream, calls, _FairDoor(shares)),
        ):
            crew = _Crew(name, desk, queue, speed, nudge)
            crews.create_task(crew.run(handle, door))
        crews.create_task(_reap(desk, pace, nudge))
        crews.create_task(_keep_house(desk))


class _Door:
    """Who may be worked for now: anybody."""

    def is_open(self) -> bool:
        """Tell whether there is work to be claimed at all."""
        return True

    def closed(self) -> tuple[str, ...]:
        """Return the owners whose rows are passed over."""
        return ()

    def enter(self, row: _Row) -> bool:
        """Let a claimed row be worked on; what may not goes back."""
        return True

    def leave(self, row: _Row) -> bool:
        """Note that a row was worked on; True if another may be waiting for that."""
        return False


class _LaneDoor(_Door):
    """No mails while the way to the relay is closed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def is_open(self) -> bool:
        return self._desk.lane.is_open(self._desk.clock.now())


class _FairDoor(_Door):
    """Not too many calls for one endpoint. Its id is the second of a row's keys."""

    def __init__(self, shares: Shares) -> None:
        self._shares = shares

    def closed(self) -> tuple[str, ...]:
        return self._shares.closed()

    def enter(self, row: _Row) -> bool:
        return self._shares.take(row[1])

    def leave(self, row: _Row) -> bool:
        return self._shares.give_back(row[1])


class _Crew:
    """So many hands for one kind of work."""

    def __init__(self, name: str, desk: Desk, queue: due.Work, pace: Pace, nudge: Nudge) -> None:
        self._name, self._desk, self._queue = name, desk, queue
        self._pace, self._nudge = pace, nudge
        self._busy: set[asyncio.Task[None]] = set()
        self._in_hand: set[_Row] = set()
        self._stranded: list[_Row] = []
        self._in_doubt = False  # whether a claim was granted whose answer never came
        self._mark = 0
        self._looks = 0

    async def run(self, handle: Handle, door: _Door) -> None:
        """Claim and handle, for ever; on cancellation let what is under way be."""
        try:
            while True:
                heard = self._nudge.calls
                until = self._desk.clock.now() + self._pace.working
                rows = await self._claim(door.closed()) if door.is_open() else []
                for row in rows:
                    if door.enter(row):
                        self._begin(handle(row, until), row, door)
                    else:
                        self._stranded.append(row)
                if len(self._busy) >= self._pace.hands:
                    await asyncio.wait(self._busy, return_when=asyncio.FIRST_COMPLETED)
                elif not rows:
                    await self._nudge.wait(self._pace.poll_seconds, heard)
                await asyncio.sleep(_GATHER_SECONDS)
        finally:
            if self._busy:
                await asyncio.wait(self._busy, timeout=10)

    async def _claim(self, closed: tuple[str, ...]) -> list[_Row]:
        """Claim what there are hands for, above the low-water mark but for every now and then."""
        now = self._desk.clock.now()
        self._looks += 1
        above = 0 if self._looks % _RESWEEP == 1 else self._mark
        room = min(self._pace.batch, self._pace.hands - len(self._busy))
        taking = due.Taking(self._name, now, self._pace.lease, room, above, closed)
        stranded = tuple(self._stranded)

        def take(session: Session) -> list[_Row]:
            lost = claims.held_by(session, self._queue, self._name) if self._in_doubt else []
            for row in (*stranded, *(row for row in lost if row not in self._in_hand)):
                due.give_back(session, self._queue, row, now)
            return due.claim(session, self._queue, taking)

        try:
            rows = await self._desk.database.write(take)
        except Exception as error:  # noqa: BLE001  whatever it is, the loop goes on
            self._in_doubt = True
            await _after(error, self._queue.table, self._pace.poll_seconds)
            return []
        self._in_doubt = False
        del self._stranded[: len(stranded)]
        if not rows and above == 0 and not closed:
            self._mark = now - _MARK_SLACK
        return rows

    def _begin(self, work: Awaitable[object], row: _Row, door: _Door) -> None:
        """Put a hand to a row."""
        task = asyncio.create_task(self._one(work, row))
        self._busy.add(task)
        self._in_hand.add(row)
        task.add_done_callback(self._busy.discard)
        task.add_done_callback(lambda _: self._in_hand.discard(row))
        task.add_done_callback(lambda _: self._nudge() if door.leave(row) else None)

    async def _one(self, work: Awaitable[object], row: _Row) -> None:
        try:
            await work
        except StoreUnavailable:
            logger().warning(Event.WORKER_FAILED, queue=self._queue.table, row=row[:-1])
            self._stranded.append(row)
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
        except Exception as error:  # noqa: BLE001  as above
            await _after(error, "reaper", pace.poll_seconds)


async def _keep_house(desk: Desk) -> None:
    """Forget, every hour, what need not be kept."""
    while True:
        now = desk.clock.now()
        try:
            gone = await forget(desk.database, desk.keeping, now)
            gone["files"] = await sweep(desk.database, desk.files, now)
        except Exception as error:  # noqa: BLE001  as above
            await _after(error, "house", _HOUSE_AGAIN_SECONDS)
            continue
        if any(gone.values()):
            logger().info(Event.FORGOTTEN, **gone)
        await asyncio.sleep(_HOUSE_SECONDS)


async def _after(error: Exception, queue: str, seconds: float) -> None:
    """Say what went wrong in the loop, and breathe: nothing that fails here ends the process."""
    level = logger().warning if isinstance(error, StoreUnavailable) else logger().error
    level(Event.WORKER_FAILED, queue=queue, exc_info=error)
    await asyncio.sleep(seconds)
