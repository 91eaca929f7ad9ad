"""May more be decided? Not while more waits to leave than leaves in a few seconds.

A digest says what was true when it was decided: of a burst that came due and would wait half an
hour for the relay, somebody may have read half by then, and another has answered. So it waits
undecided. What is decided and has not left is counted, and how fast it leaves is measured; neither
is set by anybody. Where nothing leaves, because the relay is down, next to nothing is decided: what
is owed stays owed, and is decided when the relay is back.

A provider's lane that is full has room for as many of its own, and takes none of the others'.
Where as many wait, no more is decided for it (``ProviderLanes.crowded``).

The trap: at the start nothing is known of how fast it leaves, so a little may always wait.
"""

from collections.abc import Callable, Sized
from functools import partial
from time import monotonic

from core.moment import MINUTE, Moment
from core.store import deliveries
from notifier.context import NotifierContext
from notifier.queue.gates import ClaimedRow, Gate
from notifier.scheduling.measured_rate import MeasuredRate

SECONDS_OF_WORK = 3.0
_PAUSE = 0.05  # seconds between two looks at a queue that is full
_STALE = 0.25  # for so many seconds a count is good, while there is room by it


class BurstGate(Gate):
    """So many bursts may be decided on as leaves room among the deliveries that wait."""

    def __init__(
        self, at: NotifierContext, least: int, seconds: Callable[[], float] = monotonic
    ) -> None:
        """Let at least so many deliveries wait, however slowly they leave."""
        self._at, self._least, self._seconds = at, least, seconds
        self._rate = MeasuredRate()
        self._counted = seconds() - _STALE
        self._room = self._offers = 0

    async def room(self, busy: Sized) -> int:
        """Return how many more may be decided on."""
        age = self._seconds() - self._counted
        if age >= _STALE or (self._room <= 0 and age >= _PAUSE):
            await self._count(len(busy))
        return max(0, self._room)

    def pause(self) -> float:
        """Return how long to wait for something to leave, where there is no room."""
        return _PAUSE if self._room <= 0 else super().pause()

    def enter(self, row: ClaimedRow) -> bool:
        """Let a burst be decided on: as far as is known, it is another delivery that waits."""
        self._room -= 1
        return True

    def _horizon(self, now: Moment) -> Moment:
        """Return by when what is due waits: behind a lane that holds it because of us, later."""
        held = (channel.holds_until(now) for channel in self._at.channels.values())
        return max((until + MINUTE for until in held if until > now), default=now)

    async def _count(self, busy: int) -> None:
        self._counted = self._seconds()
        offers = sum(channel.offers for channel in self._at.channels.values())
        self._rate.note(self._counted, offers - self._offers)
        self._offers = offers
        most = max(self._least, round(self._rate.a_second(self._counted) * SECONDS_OF_WORK))
        now = self._at.clock.now()
        lanes = [channel.providers for channel in self._at.channels.values()]
        full = [name for one in lanes for name in one.full()]
        count = partial(deliveries.waiting_beside, now=self._horizon(now), most=most, full=full)
        waiting, behind = await self._at.database.read(count)
        for one in lanes:
            one.wait_behind(behind, now)
        self._room = most - waiting - busy
