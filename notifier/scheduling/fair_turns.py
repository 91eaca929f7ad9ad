"""Whose rows are claimed next, where more is due than there is room for?

Without a backlog nobody is asked: what is due first is claimed first. In a backlog the apps take
turns, and who was served least of late comes first. So an app with a hundred mails does not wait
behind one with a hundred thousand: it is served at once, until it has had as much as the other.

What was served is forgotten by half every few seconds. That bounds both traps: one that comes with
a backlog of its own does not keep the others waiting for longer than that, and what somebody had
an hour ago is not held against them. Postfix's queue manager lets small jobs go before large ones
to the same end (SCHEDULER_README, "Preemptive scheduling").

``now`` is in seconds, of a clock that never goes back.
"""

from collections.abc import Iterable

HALF_LIFE = 5.0
_AT_ONCE = 4  # apps a claim names: each costs a look-up, also where nothing is left
_FORGOTTEN = 0.01
_STEP = 0.1


class FairTurns:
    """Who waits, and how much each was served of late."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._waiting: set[str] = set()
        self._served: dict[str, float] = {}
        self._as_of = 0.0

    def seen(self, apps: Iterable[str]) -> None:
        """Note that these have something due."""
        self._waiting.update(apps)

    def next(self, now: float) -> tuple[str, ...]:
        """Return the apps to claim of, least served first; empty: of anybody, for no two wait."""
        if len(self._waiting) < 2:
            return ()
        self._fade(now)
        order = sorted(self._waiting, key=lambda app: (self._served.get(app, 0.0), app))
        return tuple(order[:_AT_ONCE])

    def served(self, app: str, rows: int, now: float) -> None:
        """Note that so many rows of an app were claimed."""
        self._fade(now)
        self._served[app] = self._served.get(app, 0.0) + rows

    def emptied(self, apps: Iterable[str]) -> None:
        """Note that these have nothing due any more."""
        self._waiting.difference_update(apps)

    def _fade(self, now: float) -> None:
        if now - self._as_of < _STEP:
            return
        share = 0.5 ** ((now - self._as_of) / HALF_LIFE)
        faded = {app: rows * share for app, rows in self._served.items()}
        self._served = {app: rows for app, rows in faded.items() if rows > _FORGOTTEN}
        self._as_of = now
