"""Something there is too little of: told when it is first met, not at each that suffers by it.

An attack makes thousands of the same line, and a full disk of them. So a line is written where a
spell begins: when something is met for the first time, or again after a quiet minute. The next
spell's line says how often it was met in the one before.
"""

from collections.abc import Callable
from time import monotonic

from core.observe import Event, logger

QUIET_SECONDS = 60.0


class ToldOnce:
    """One kind of shortage, and when it was met last."""

    def __init__(self, event: Event, time: Callable[[], float] = monotonic) -> None:
        """Tell it as this event. ``time``: seconds of a steady clock."""
        self._event, self._time = event, time
        self._last: float | None = None
        self._count = 0

    def met(self, **facts: object) -> None:
        """Tell it with these facts, unless the spell has been told."""
        now = self._time()
        if self._last is None or now - self._last >= QUIET_SECONDS:
            logger().warning(self._event, times_before=self._count, **facts)
            self._count = 0
        self._last = now
        self._count += 1
