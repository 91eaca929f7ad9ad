"""Who may be worked for now?"""

from dataclasses import replace

from core.clock import SetClock
from core.model.delivery import EMAIL
from core.outcome import Accepted, Cause, Deferred, PeerReply
from core.store.database import Database
from notifier.channels.base import Channel
from notifier.channels.email.in_memory_relay import Memory
from notifier.channels.email.write import MailWriter
from notifier.queue.gates import FairGate, LaneGate
from notifier.scheduling.shares import UNKNOWN, Shares
from tests.support.notifying import IDENTITY, a_context
from tests.support.people import NOW

DOWN = Deferred(Cause.BUSY, None, whole_lane=True)
FINE = Accepted(PeerReply(250, None, "OK"))


async def test_a_closed_lane_passes_its_own_channel_over(
    database: Database, clock: SetClock
) -> None:
    """While one next hop is in trouble nothing is claimed for it, and all else is."""
    clock.moment = NOW
    other = Channel(MailWriter(IDENTITY), Memory())
    at = a_context(database, clock, Memory())
    gate = LaneGate(replace(at, channels={**at.channels, "other": other}))
    seen = [(gate.is_open(), gate.closed())]
    for channel in (other, at.channels[EMAIL]):
        channel.lane.heard(DOWN, NOW, 0.0)
        seen.append((gate.is_open(), gate.closed()))
    other.lane.heard(FINE, NOW, 0.0)
    seen.append((gate.is_open(), gate.closed()))

    assert seen == [
        (True, {"channel": (), "lane": ()}),
        (True, {"channel": ("other",), "lane": ()}),
        (False, {"channel": (EMAIL, "other"), "lane": ()}),
        (True, {"channel": (EMAIL,), "lane": ()}),
    ]


def test_an_endpoint_has_its_share_of_the_slots() -> None:
    """What is claimed beyond the share goes back, until one of it is done."""
    gate = FairGate(Shares(20))
    row = ("demo", "whk_1", "c1", 1)
    taken = [gate.enter(row) for _ in range(UNKNOWN + 1)]
    closed = gate.closed()

    assert taken == [True] * UNKNOWN + [False]
    assert closed == {"app_id": (), "endpoint_id": ("whk_1",)}
    assert gate.leave(row)
    assert gate.closed() == {"app_id": (), "endpoint_id": ()}


def test_an_app_has_its_share_of_the_slots() -> None:
    """However many endpoints it has; those of others are called meanwhile."""
    gate = FairGate(Shares(20))
    taken = [gate.enter(("demo", f"whk_{n}", "c1", 1)) for n in range(30)]

    assert taken == [True] * 10 + [False] * 20
    assert gate.closed() == {"app_id": ("demo",), "endpoint_id": ()}
    assert gate.enter(("other", "whk_a", "c1", 1))
    assert gate.leave(("demo", "whk_1", "c1", 1))
    assert gate.closed() == {"app_id": (), "endpoint_id": ()}
