"""What time is it? The only place, with the door, that asks."""

import time
from typing import Protocol

from core.moment import Millis, Moment


class Clock(Protocol):
    """Something that knows the present moment."""

    def now(self) -> Moment:
        """Return the present moment, in milliseconds UTC."""


class SystemClock:
    """This machine's clock."""

    def now(self) -> Moment:
        """Return the present moment, in milliseconds UTC."""
        return time.time_ns() // 1_000_000


class ShiftedClock:
    """Another clock, shifted: how a process keeps the time of its database."""

    def __init__(self, clock: Clock, shift: Millis) -> None:
        """Add a shift to what a clock says."""
        self._clock = clock
        self._shift = shift

    def now(self) -> Moment:
        """Return the shifted moment."""
        return self._clock.now() + self._shift


class SetClock:
    """A clock that stands still until it is moved: for tests, the demo and replays."""

    def __init__(self, moment: Moment = 1_700_000_000_000) -> None:
        """Start at a moment."""
        self.moment = moment

    def now(self) -> Moment:
        """Return the moment it was set to."""
        return self.moment

    def move(self, millis: Millis) -> Moment:
        """Let time pass, and return the new moment."""
        self.moment += millis
        return self.moment
