"""Which names does nobody answer for? Remembered for a minute, so that they are not waited for.

A name is silent when it was asked twice in a row in vain, and is asked again when its minute is
over; then once is enough. What is remembered is of one name and one kind of record: whoever sends
a mail chooses the names that are asked, and must not be able to silence another's.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable

_PLACES = 4_000
_SECONDS = 60.0
_IN_A_ROW = 2


class SilentNames:
    """Names that were asked in vain, the latest ones. Not safe for threads by itself."""

    def __init__(self, tick: Callable[[], float]) -> None:
        """Know of none. ``tick``: seconds that only go forward."""
        self._tick = tick
        self._asked: OrderedDict[Hashable, tuple[int, float]] = OrderedDict()

    def __contains__(self, name: Hashable) -> bool:
        """Tell whether a name need not be asked now."""
        times, until = self._asked.get(name, (0, 0.0))
        return times >= _IN_A_ROW and until > self._tick()

    def note_silence(self, name: Hashable) -> None:
        """Note that a name was asked in vain."""
        times, _ = self._asked.pop(name, (0, 0.0))
        self._asked[name] = min(times + 1, _IN_A_ROW), self._tick() + _SECONDS
        if len(self._asked) > _PLACES:
            self._asked.popitem(last=False)

    def note_answer(self, name: Hashable) -> None:
        """Note that somebody answered for a name."""
        self._asked.pop(name, None)
