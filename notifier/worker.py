"""The loop: wake by nudge or by time, claim what is due, hand it to the trip, go on.

Three crews work side by side: bursts are decided, deliveries delivered, webhooks told. Beside
them the claims of workers that died are freed, and what need not be kept is forgotten.
"""

import asyncio
from dataclasses import replace

from core.actions.decide import BurstClaim
from core.actions.forget import forget
from core.actions.sweep import sweep
from core.moment import Moment
from core.observe import Event, logger
from core.store import deliveries, pending, webhooks
from notifier.crew import Crew, Pace, breathe_after
from notifier.desk import Desk
from notifier.dispatch import decide, deliver
from notifier.doors import Door, FairDoor, LaneDoor, Row
from notifier.hooks import StreamClaim, Switchboard, tell
from notifier.matter import DeliveryClaim
from notifier.nudge import Nudge

_HOUSE_SECONDS = 3_600.0
_HOUSE_AGAIN_SECONDS = 60.0

_HANDS_A_PLACE = 2
_STREAMS_AT_ONCE = 8  # what its endpoint may not have goes back, so not many


async def work(name: str, desk: Desk, switchboard: Switchboard, pace: Pace, nudge: Nudge) -> None:
    """Work until cancelled. ``name`` is this worker's, unlike any other's."""
    await desk.database.enlist(name, desk.clock.now())

    async def on_burst(row: Row, _until: Moment) -> None:
        await decide(BurstClaim(*row), desk)
        nudge()

    places = asyncio.Semaphore(desk.transport.at_once)

    async def on_delivery(row: Row, until: Moment) -> None:
        await deliver(DeliveryClaim(row[0], row[1], row[2], until), desk, places)

    async def on_stream(row: Row, _until: Moment) -> None:
        await tell(StreamClaim(*row), switchboard, pace.lease)

    shares = switchboard.shares
    # While one mail is on its way, another is written, or what became of it is.
    lines = replace(pace, hands=min(pace.hands, desk.transport.at_once * _HANDS_A_PLACE))
    calls = replace(pace, hands=shares.hands, batch=_STREAMS_AT_ONCE)
    async with asyncio.TaskGroup() as crews:
        for queue, handle, speed, door in (
            (pending.WORK, on_burst, pace, Door()),
            (deliveries.WORK, on_delivery, lines, LaneDoor(desk)),
            (webhooks.WORK, on_stream, calls, FairDoor(shares)),
        ):
            crew = Crew(name, desk, queue, speed, nudge)
            crews.create_task(crew.run(handle, door))
        crews.create_task(_reap(desk, pace, nudge))
        crews.create_task(_keep_house(desk))


async def _reap(desk: Desk, pace: Pace, nudge: Nudge) -> None:
    """Free the claims of workers that have died."""
    while True:
        await asyncio.sleep(pace.poll_seconds)
        try:
            if await desk.database.reap(desk.clock.now()):
                nudge()
        except Exception as error:  # noqa: BLE001  whatever it is, the loop goes on
            await breathe_after(error, "reaper", pace.poll_seconds)


async def _keep_house(desk: Desk) -> None:
    """Forget, every hour, what need not be kept."""
    while True:
        now = desk.clock.now()
        try:
            gone = await forget(desk.database, desk.keeping, now)
            gone["files"] = await sweep(desk.database, desk.files, now)
        except Exception as error:  # noqa: BLE001  as above
            await breathe_after(error, "house", _HOUSE_AGAIN_SECONDS)
            continue
        if any(gone.values()):
            logger().info(Event.FORGOTTEN, **gone)
        await asyncio.sleep(_HOUSE_SECONDS)
