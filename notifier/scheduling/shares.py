"""Which endpoints may be called now? Shares out the slots, so that none waits for another's.

An endpoint is called over a few conversations at once, and over more once it has answered. One
that did not answer last time, or not soon, is called over one, and all of those together have half
of the slots: however many hang, and however much waits for them, the others are told at once.

``closed`` names those that are to be left alone for now; what was claimed for one of them all
the same, ``take`` refuses.
"""

from collections import Counter

UNKNOWN = 4
ANSWERING = 12


class Shares:
    """So many slots, and who has them."""

    def __init__(self, slots: int) -> None:
        """Begin with all slots free, and nobody known."""
        self.slots = slots
        self._held: Counter[str] = Counter()
        self._silent: set[str] = set()
        self._answering: set[str] = set()

    def take(self, endpoint_id: str) -> bool:
        """Take a slot for an endpoint, if it may have another."""
        if self._is_closed(endpoint_id):
            return False
        self._held[endpoint_id] += 1
        return True

    def give_back(self, endpoint_id: str) -> bool:
        """Give a slot back; True if it was wanted: what was refused may be taken now."""
        was_closed = bool(self.closed())
        self._held[endpoint_id] -= 1
        if not self._held[endpoint_id]:
            del self._held[endpoint_id]
        return was_closed

    def heard(self, endpoint_id: str, *, answered: bool) -> None:
        """Learn whether an endpoint answers, and soon, be it with a refusal."""
        now, before = self._answering, self._silent
        if not answered:
            now, before = before, now
        now.add(endpoint_id)
        before.discard(endpoint_id)

    def closed(self) -> tuple[str, ...]:
        """Return the endpoints that may have no slot now."""
        known = set(self._held) | (self._silent if self._silent_have_enough() else set())
        return tuple(sorted(one for one in known if self._is_closed(one)))

    def _is_closed(self, endpoint_id: str) -> bool:
        held = self._held[endpoint_id]
        if endpoint_id in self._silent:
            return held >= 1 or self._silent_have_enough()
        return held >= (ANSWERING if endpoint_id in self._answering else UNKNOWN)

    def _silent_have_enough(self) -> bool:
        return sum(self._held[one] for one in self._silent) * 2 >= self.slots
