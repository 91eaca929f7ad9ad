"""So many a minute, evenly: may one leave now, or when?

Who may not leave now is given a moment of its own, one behind the other, so that a crowd that waits
does not ask again all at once.
"""

from core.moment import MINUTE, SECOND, Millis, Moment

_LATE: Millis = SECOND  # as late as a look comes
_CROWDED: Millis = 3 * SECOND  # more than that given away beforehand, and no more is decided


class RateLimit:
    """So many a minute; None: as many as there are."""

    def __init__(self, a_minute: int | None) -> None:
        """Begin with leave to send one."""
        self.spacing: Millis = max(1, MINUTE // a_minute) if a_minute else 0
        self._free: Moment = 0  # from when on the next may leave
        self._promised: Moment = 0  # up to when moments were given away

    def wait(self, now: Moment) -> Moment | None:
        """Return until when one has to wait; None: it leaves now, and counts."""
        if not self.spacing:
            return None
        if now >= self._free:
            # Who comes a little late keeps its place, or all behind it would lose theirs.
            late = now - self._free <= _LATE
            self._free = (self._free if late else now) + self.spacing
            self._promised = max(self._promised, self._free)
            return None
        moment = max(self._promised, self._free)
        self._promised = moment + self.spacing
        return moment

    def promised(self, now: Moment) -> Millis:
        """Return for how long all moments are given away."""
        return max(0, self._promised - now)

    def crowded_until(self, now: Moment) -> Moment | None:
        """Return until when nothing more is to be decided; None: it would leave soon."""
        promised = self.promised(now)
        return now + promised - _CROWDED if promised > _CROWDED else None
