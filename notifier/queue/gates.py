"""Who may be worked for now? What is claimed and may not be worked on, goes back."""

from collections.abc import Mapping, Sized
from typing import Any

from notifier.context import NotifierContext
from notifier.scheduling.shares import Shares

ClaimedRow = tuple[Any, ...]
PassedOver = Mapping[str, tuple[str, ...]]  # by column, whose rows are not claimed

_ANY = 1 << 30
_LONG = float(_ANY)


class Gate:
    """Who may be worked for now: anybody."""

    def is_open(self) -> bool:
        """Tell whether there is work to be claimed at all."""
        return True

    def closed(self) -> PassedOver:
        """Return whose rows are passed over: nobody's."""
        return {}

    async def room(self, busy: Sized) -> int:
        """Return how many rows may be claimed, beside those that are worked on."""
        return _ANY

    def pause(self) -> float:
        """Return after how many seconds to look again, where nothing could be claimed."""
        return _LONG

    def enter(self, row: ClaimedRow) -> bool:
        """Let a claimed row be worked on; what may not goes back."""
        return True

    def leave(self, row: ClaimedRow) -> bool:
        """Note that a row was worked on; True if another may be waiting for that."""
        return False


class LaneGate(Gate):
    """No deliveries of a channel whose next hop is in trouble: the circuit breaker before it.

    Nor of a lane with as many under way as it may have.

    Where we are the trouble they are claimed, and each is told that it waits (``Lane.postpone``).
    """

    def __init__(self, at: NotifierContext) -> None:
        """Look at the lanes of these channels."""
        self._at = at

    def is_open(self) -> bool:
        """Tell whether there is a channel whose deliveries may be claimed."""
        return len(self._in_trouble()) < len(self._at.channels)

    def closed(self) -> PassedOver:
        """Return the channels and lanes that are passed over; that spends no try of theirs."""
        full = (one for channel in self._at.channels.values() for one in channel.providers.full())
        return {"channel": tuple(sorted(self._in_trouble())), "lane": tuple(sorted(full))}

    def _in_trouble(self) -> list[str]:
        """Return the channels whose next hop is in trouble."""
        now = self._at.clock.now()
        return [name for name, one in self._at.channels.items() if one.passes_over(now)]


class FairGate(Gate):
    """Not too many calls for one app, nor for one endpoint: the first two of a row's keys."""

    def __init__(self, shares: Shares) -> None:
        """Share out these slots."""
        self._shares = shares

    def closed(self) -> PassedOver:
        """Return the apps, and the endpoints of others, that have their share in hand."""
        closed = self._shares.closed()
        return {"app_id": closed.apps, "endpoint_id": closed.endpoints}

    def enter(self, row: ClaimedRow) -> bool:
        """Take a slot of the share."""
        return self._shares.take((row[0], row[1]))

    def leave(self, row: ClaimedRow) -> bool:
        """Give it back."""
        return self._shares.give_back((row[0], row[1]))
