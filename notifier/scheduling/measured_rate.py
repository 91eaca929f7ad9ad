"""How many a second, of late? Counted, and forgotten by half every few seconds.

It begins at nothing and comes near the truth within some seconds: too low is the safe side, for
who asks lets so much wait as leaves in a few seconds. ``now`` is in seconds, of a clock that never
goes back.
"""

from math import log

_HALF_LIFE = 3.0


class MeasuredRate:
    """So many a second."""

    def __init__(self) -> None:
        """Begin with none."""
        self._counted = 0.0
        self._as_of = 0.0

    def note(self, now: float, many: int = 1) -> None:
        """Count so many."""
        self._counted = self._faded(now) + many
        self._as_of = now

    def a_second(self, now: float) -> float:
        """Return how many a second there were of late."""
        return self._faded(now) * log(2) / _HALF_LIFE

    def _faded(self, now: float) -> float:
        return float(self._counted * 0.5 ** (max(0.0, now - self._as_of) / _HALF_LIFE))
