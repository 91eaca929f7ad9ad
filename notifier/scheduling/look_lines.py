"""When is a burst looked at again that would wait for its lane now? In a line, one behind another.

A backlog is not gone through in vain again and again, and who waits longest is looked at first. So
each that is put off has a place: as far behind the one before as one leaves behind another. Who had
a place, and found no room when it came, stands in a line of its own: it does not begin again behind
all that came since.

The trap is a line that is longer than the crowd, for somebody may read meanwhile, or a limit be
lifted: no place is further off than ``_LONGEST``, unless the lane itself is closed for longer.
"""

from collections.abc import Mapping

from core.moment import MINUTE, SECOND, Millis, Moment
from core.rules.waiting import Crowd

_LONGEST: Millis = 30 * MINUTE
_SPACING: Millis = 5


class LookLines:
    """For each lane two lines: of those who had a place already, and of those who had none."""

    def __init__(self) -> None:
        """Begin with nobody in line."""
        self._last: dict[tuple[str, bool], Moment] = {}

    def places(
        self, crowded: Mapping[str, Moment], spacing: Mapping[str, Millis], now: Moment
    ) -> dict[str, Crowd]:
        """Return the next places at crowded lanes. ``spacing``: how far apart, where it is known.

        ``crowded``: until when there is no room, by lane.
        """
        return {
            name: Crowd(*(self._next((name, one), until, spacing, now) for one in (True, False)))
            for name, until in crowded.items()
        }

    def taken(
        self,
        places: Mapping[str, Crowd],
        due_at: Moment,
        spacing: Mapping[str, Millis],
        now: Moment,
    ) -> None:
        """Note that one was put off until then, to one of these places."""
        for name, crowd in places.items():
            if due_at in (crowd.again, crowd.behind):
                line = (name, due_at != crowd.behind)
                step = spacing.get(name, _SPACING)
                # Several may have been told the same place; the line grows by each.
                last = max(self._last.get(line, 0) + step, due_at)
                self._last[line] = min(last, now + _LONGEST)

    def _next(
        self, line: tuple[str, bool], until: Moment, spacing: Mapping[str, Millis], now: Moment
    ) -> Moment:
        last = self._last.get(line, 0) + spacing.get(line[0], _SPACING)
        return max(until, now + SECOND, min(last, now + _LONGEST))
