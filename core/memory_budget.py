"""Is there room in memory for what comes in? One account for all ways in of a process.

Contents of mails by SMTP, mails and other bodies by HTTP are counted while they come and until
they are answered. A small one is always taken: the first octets of each are not counted, lest a
few slow uploads put everybody's small mail off; how many of those there are is bounded by the
count of connections.
"""

from core.observe import Event
from core.told_once import ToldOnce

MEGABYTE = 1024 * 1024
FREE = 64 * 1024


class MemoryBudget:
    """Counts the octets that are held of what comes in."""

    def __init__(self, most_octets: int = 32 * MEGABYTE) -> None:
        """Hold at most so many."""
        self._most = most_octets
        self._full = ToldOnce(Event.MEMORY_FULL)
        self.octets = 0

    def hold(self, octets: int) -> bool:
        """Count octets that are kept in memory; False if there is no room for them."""
        if self.octets + octets > self._most:
            self._full.met(held=self.octets, most=self._most)
            return False
        self.octets += octets
        return True

    def let_go(self, octets: int) -> None:
        """Count octets no more."""
        self.octets -= octets


class HeldOctets:
    """What is held of one content or body, as it grows. Whoever drops it calls ``let_go``."""

    def __init__(self, budget: MemoryBudget) -> None:
        """Hold nothing yet."""
        self._budget = budget
        self._counted = 0

    def grow_to(self, octets: int) -> bool:
        """Hold so many octets in all; if there is no room hold nothing, and return False."""
        counted = max(0, octets - FREE)
        more = counted - self._counted
        if more > 0 and not self._budget.hold(more):
            self.let_go()
            return False
        if more < 0:
            self._budget.let_go(-more)
        self._counted = counted
        return True

    def let_go(self) -> None:
        """Hold it no more."""
        self._budget.let_go(self._counted)
        self._counted = 0
