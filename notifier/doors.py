"""Who may be worked for now? What is claimed and may not be worked on, goes back."""

from typing import Any

from notifier.desk import Desk
from notifier.scheduling.shares import Shares

Row = tuple[Any, ...]


class Door:
    """Who may be worked for now: anybody."""

    def is_open(self) -> bool:
        """Tell whether there is work to be claimed at all."""
        return True

    def closed(self) -> tuple[str, ...]:
        """Return the owners whose rows are passed over."""
        return ()

    def enter(self, row: Row) -> bool:
        """Let a claimed row be worked on; what may not goes back."""
        return True

    def leave(self, row: Row) -> bool:
        """Note that a row was worked on; True if another may be waiting for that."""
        return False


class LaneDoor(Door):
    """No mails while the way to the relay is closed."""

    def __init__(self, desk: Desk) -> None:
        """Look at this desk's lane."""
        self._desk = desk

    def is_open(self) -> bool:
        """Tell whether the way is open."""
        return self._desk.lane.is_open(self._desk.clock.now())


class FairDoor(Door):
    """Not too many calls for one endpoint. Its id is the second of a row's keys."""

    def __init__(self, shares: Shares) -> None:
        """Share out these hands."""
        self._shares = shares

    def closed(self) -> tuple[str, ...]:
        """Return the endpoints that have their share in hand."""
        return self._shares.closed()

    def enter(self, row: Row) -> bool:
        """Take a hand of the endpoint's share."""
        return self._shares.take(row[1])

    def leave(self, row: Row) -> bool:
        """Give it back."""
        return self._shares.give_back(row[1])
