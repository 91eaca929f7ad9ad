"""How the lanes stand, written down when it changes and looked up all the time.

What one process hears of a relay or a provider the others need not hear again, and a restart
forgets nothing. A change is written before the mail it was said of is settled; others see it with
their next look, at the latest a poll later. Whoever opens a lane by hand writes the same row.

The trap: two processes hear of one trouble. The later change stands (``changed_at``), so they agree
after a look; each may have sent a probe of its own by then.
"""

import re
from functools import partial

from core.model.delivery import Delivery
from core.model.lane_state import LaneState
from core.observe import Event, logger
from core.outcome import Cause, Deferred, PeerReply
from core.store import lane_states
from core.store.database import Session
from notifier.context import NotifierContext
from notifier.scheduling.lane import Lane, LaneStanding


async def keep(at: NotifierContext, told_by: Delivery) -> None:
    """Write down how the lanes of a delivery stand, if that has changed."""
    channel = at.channels[told_by.channel]
    provider = channel.providers.lane(told_by.lane)
    way = (_name(told_by.channel, told_by.relay), channel.way_of(told_by).lane)
    for name, lane in (way, (told_by.lane, provider)):
        if lane is None or lane.changed_at <= lane.kept_at:
            continue
        row = _row(name, lane.standing, told_by)
        try:
            await at.database.write(partial(lane_states.keep, state=row))
            lane.kept_at = max(lane.kept_at, row.changed_at)  # it may have changed meanwhile
        except Exception:  # noqa: BLE001  what became of the mail must be written down all the same
            logger().warning(Event.WORKER_FAILED, queue="lanes", exc_info=True)
        closed = row.closed_until > row.changed_at
        event = Event.LANE_CLOSED if closed else Event.LANE_OPENED
        logger().warning(event, lane=name, cause=row.cause, until=row.closed_until, text=row.text)


async def look(at: NotifierContext) -> bool:
    """Take over how the lanes were left by others; True if there was news."""
    news, now = False, at.clock.now()
    for row in await at.database.glance(lane_states.every):
        lane = _lane(at, row.name)
        if lane is not None and lane.adopt(_standing(row).as_of(now)):
            lane.kept_at, news = lane.changed_at, True
    return news


async def introduce(at: NotifierContext) -> None:
    """Write down which lanes there are, so that they are shown before anything is wrong."""

    def work(session: Session) -> None:
        for name, channel in at.channels.items():
            for relay in channel.ways:
                lane_states.introduce(session, _name(name, relay))

    await at.database.write(work)


def _lane(at: NotifierContext, name: str) -> Lane | None:
    """Return the lane of a name, None if no channel of ours has it."""
    whole, _, provider = name.partition("/")
    own, _, relay = whole.partition(":")
    channel = at.channels.get(own)
    if channel is None or relay not in channel.ways:
        return None
    return channel.providers.lane(name) if provider else channel.ways[relay].lane


def _name(channel: str, relay: str) -> str:
    """Return the name of a relay's lane."""
    return f"{channel}:{relay}" if relay else channel


def _row(name: str, standing: LaneStanding, told_by: Delivery) -> LaneState:
    """Return a lane's row. It outlives the delivery, so the address it was said of is left out."""
    said = standing.refusal
    reply = said.reply if said else None
    return LaneState(
        name=name,
        troubles=standing.troubles,
        closed_until=standing.closed_until,
        cause=said.cause.value if said else None,
        code=reply.code if reply else None,
        enhanced=reply.enhanced if reply else None,
        text=_without(told_by.address, reply.text) if reply else None,
        whole=said.whole_lane if said else True,
        said_to=told_by.id if said else None,
        changed_at=standing.changed_at,
    )


def _without(address: str, text: str) -> str:
    return re.sub(re.escape(address), "…", text, flags=re.IGNORECASE)


def _standing(row: LaneState) -> LaneStanding:
    if row.cause is None:
        return LaneStanding(row.troubles, row.closed_until, None, row.changed_at)
    reply = PeerReply(row.code or 0, row.enhanced, row.text or "")
    refusal = Deferred(Cause(row.cause), reply, row.whole)
    return LaneStanding(row.troubles, row.closed_until, refusal, row.changed_at)
