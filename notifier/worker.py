"""The loop: wake by nudge or by time, claim what is due, hand it to the trip, go on.

Four pools work side by side: what crowds are owed is noted, bursts are decided, deliveries
delivered, webhooks told. Beside them the claims of workers that died are freed, and what need not
be kept is forgotten.
"""

import asyncio
from dataclasses import replace
from functools import partial

from core.actions.decide import BurstClaim
from core.actions.forget import forget
from core.actions.sweep import sweep
from core.moment import Moment
from core.nudge import Nudge
from core.observe import Event, logger
from core.store import deliveries, fan_outs, pending, waits, webhooks
from core.store.engine.due import Work
from notifier.context import NotifierContext
from notifier.dispatch import decide, deliver
from notifier.fan_out import FanOutClaim, note
from notifier.queue import lane_book
from notifier.queue.backlog import BurstGate
from notifier.queue.claimed import DeliveryClaim
from notifier.queue.gates import FairGate, Gate, LaneGate
from notifier.queue.pool import Pace, Pool, breathe_after
from notifier.webhooks import StreamClaim, tell

_CLEANING_SECONDS = 3_600.0
_CLEANING_AGAIN_SECONDS = 60.0

_SLOTS_A_PLACE = 2
_WAITING_A_SLOT = 2  # deliveries that may wait, however slowly they leave
_FAN_OUTS_AT_ONCE = 2  # each is one transaction after the other
_STREAMS_AT_ONCE = 8  # what its endpoint may not have goes back, so not many


async def work(name: str, at: NotifierContext, pace: Pace, nudge: Nudge) -> None:
    """Work until cancelled. ``name`` is this worker's, unlike any other's."""
    await at.database.enlist(name, at.clock.now())

    async def on_burst(claim: BurstClaim) -> None:
        await decide(claim, at)
        nudge()

    def pool(queue: Work, speed: Pace) -> Pool:
        return Pool(name, at, queue, speed, nudge)

    # While one parcel is on its way, another is written, or what became of it is.
    places = sum(channel.at_once for channel in at.channels.values())
    parcels = replace(pace, slots=min(pace.slots, places * _SLOTS_A_PLACE))
    bursts = BurstGate(at, parcels.slots * _WAITING_A_SLOT)

    calls = replace(pace, slots=at.shares.slots, batch=_STREAMS_AT_ONCE)
    noted = partial(note, at=at, nudge=nudge)
    crowds = replace(pace, slots=_FAN_OUTS_AT_ONCE)
    async with asyncio.TaskGroup() as tasks:
        for running in (
            pool(fan_outs.WORK, crowds).run(lambda row, _: FanOutClaim(*row), noted, Gate()),
            pool(pending.WORK, pace).run(lambda row, _: BurstClaim(*row), on_burst, bursts),
            pool(deliveries.WORK, parcels).run(
                DeliveryClaim.of, partial(deliver, at=at), LaneGate(at)
            ),
            pool(webhooks.WORK, calls).run(
                lambda row, _: StreamClaim(*row),
                partial(tell, at=at, lease=pace.lease),
                FairGate(at.shares),
            ),
        ):
            tasks.create_task(running)
        tasks.create_task(_follow_lanes(at, pace, nudge))
        tasks.create_task(_reap(at, pace, nudge))
        tasks.create_task(_clean(at))


async def _follow_lanes(at: NotifierContext, pace: Pace, nudge: Nudge) -> None:
    """Hear how other processes, or somebody by hand, left the lanes."""
    introduced = False
    while True:
        try:
            if not introduced:
                await lane_book.introduce(at)
                introduced = True
            if await lane_book.look(at):
                nudge()
        except Exception as error:  # noqa: BLE001  whatever it is, the loop goes on
            await breathe_after(error, "lanes", pace.poll_seconds)
        await asyncio.sleep(pace.poll_seconds)


async def _reap(at: NotifierContext, pace: Pace, nudge: Nudge) -> None:
    """Free the claims of workers that have died, and what a clock that was set back would hold.

    The clock may have been set while nobody worked, so the first look is for that too.
    """
    before: Moment | None = None
    while True:
        await asyncio.sleep(pace.poll_seconds)
        now = at.clock.now()
        try:
            freed = await at.database.reap(now)
            if before is None or now < before:
                freed += await at.database.write(partial(waits.clock_set_back, now=now))
            before = now
            if freed:
                nudge()
        except Exception as error:  # noqa: BLE001  whatever it is, the loop goes on
            await breathe_after(error, "reaper", pace.poll_seconds)


async def _clean(at: NotifierContext) -> None:
    """Forget, every hour, what need not be kept."""
    while True:
        now = at.clock.now()
        try:
            gone = await forget(at.database, at.keeping, now)
            gone["files"] = await sweep(at.database, at.files, now)
        except Exception as error:  # noqa: BLE001  as above
            await breathe_after(error, "housekeeping", _CLEANING_AGAIN_SECONDS)
            continue
        if any(gone.values()):
            logger().info(Event.FORGOTTEN, **gone)
        await asyncio.sleep(_CLEANING_SECONDS)
