"""What was found a moment ago, believed once more, for seconds: a cache that forgets by itself.

For two questions that come a moment apart and ask for the same. Taken once, never for longer than
it is believed, and never more than so many: whoever asks and never comes back takes no memory.
The clock is the caller's.
"""

from collections.abc import Hashable
from typing import Generic, TypeVar

from core.moment import SECOND, Millis, Moment

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Findings by key, until they are taken or a newer one takes their place."""

    def __init__(self, believed: Millis = 5 * SECOND, most: int = 100) -> None:
        """Know nothing. ``believed``: for how long; ``most``: how many at once."""
        self._found: dict[K, tuple[Moment, V]] = {}
        self._believed, self._most = believed, most

    def note(self, key: K, found: V, now: Moment) -> None:
        """Remember a finding, and nothing for longer than it is believed."""
        self._found.pop(key, None)
        while self._found:
            oldest = next(iter(self._found))
            if len(self._found) < self._most and now - self._found[oldest][0] <= self._believed:
                break
            del self._found[oldest]
        self._found[key] = now, found

    def take(self, key: K, now: Moment) -> V | None:
        """Return what was found a moment ago, once; None if nothing was, or too long ago."""
        at, found = self._found.pop(key, (now, None))
        # The clock may be set back in between: what lies ahead is not believed either.
        return found if abs(now - at) <= self._believed else None
