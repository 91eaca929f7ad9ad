"""Whose mail is checked next? The threads that check senders, shared out by authors' domains.

A check waits for name servers, and those of one domain are one stranger's. So a domain has a few
of the threads at once, and more only while it is known to answer; all those that are not known
to answer have half of them together, so that a domain that answers always finds one soon. A
stranger chooses the domain, and may have many; to whose address a mail comes they cannot choose, so
the owner of that has a few of the threads as well. Who comes too many waits, in the order in which
they came, and holds nobody else up.

The trap: a domain that answers until it is trusted, and is silent then. Once silent it is not
trusted for ten minutes, whatever it answers in them.
"""

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_PLACES = 4_000
_DISTRUSTED = 600.0  # seconds


@dataclass(frozen=True, slots=True)
class DomainTurn:
    """A thread that a domain may use until its turn ends. ``trusted``: it is known to answer.

    ``owner``: who owns the address that the mail came to; empty where nobody does.
    """

    domain: str
    trusted: bool
    owner: str = ""


class DomainTurns:
    """So many threads. Used on one event loop; nothing in it waits but whoever asks for a turn."""

    def __init__(
        self,
        threads: int = 16,
        of_one: int = 2,
        of_one_trusted: int = 8,
        of_the_others: int = 8,
        of_one_owner: int = 2,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        """Share out threads: how many one domain has, all that are not known, and one owner."""
        self._threads, self._of_the_others = threads, of_the_others
        self._of_one_owner = of_one_owner
        self._of_one = {False: of_one, True: of_one_trusted}
        self._tick = tick
        self._working: Counter[str] = Counter()
        self._others = 0
        self._owners: Counter[str] = Counter()
        self._waiting: dict[asyncio.Future[DomainTurn], tuple[str, str]] = {}
        self._known: OrderedDict[str, float] = OrderedDict()  # since when it may be trusted

    async def turn(self, domain: str, owner: str = "") -> DomainTurn:
        """Wait until a domain may have a thread, for a mail to an address of this owner's."""
        waiter: asyncio.Future[DomainTurn] = asyncio.get_running_loop().create_future()
        self._waiting[waiter] = domain, owner
        self._let_in()
        try:
            return await waiter
        except asyncio.CancelledError:
            self._waiting.pop(waiter, None)
            if waiter.done() and not waiter.cancelled():  # it was let in at the same moment
                self._give_back(waiter.result())
            raise

    def end(self, turn: DomainTurn, *, answered: bool) -> None:
        """Give a thread back. ``answered``: no name server was silent meanwhile."""
        now = self._tick()
        trusted_from = now if answered else now + _DISTRUSTED
        # An answer shortens no distrust.
        self._known[turn.domain] = max(self._known.get(turn.domain, now), trusted_from)
        self._known.move_to_end(turn.domain)
        if len(self._known) > _PLACES:
            self._known.popitem(last=False)
        self._give_back(turn)

    def _give_back(self, turn: DomainTurn) -> None:
        self._working[turn.domain] -= 1
        if not self._working[turn.domain]:
            del self._working[turn.domain]
        self._others -= not turn.trusted
        self._owners[turn.owner] -= 1
        if not self._owners[turn.owner]:
            del self._owners[turn.owner]
        self._let_in()

    def _let_in(self) -> None:
        for waiter, (domain, owner) in list(self._waiting.items()):
            if self._working.total() >= self._threads:
                return
            turn = DomainTurn(domain, self._is_trusted(domain), owner)
            if waiter.done() or not self._has_room(turn):
                continue
            del self._waiting[waiter]
            self._working[domain] += 1
            self._owners[owner] += 1
            self._others += not turn.trusted
            waiter.set_result(turn)

    def _has_room(self, turn: DomainTurn) -> bool:
        if not turn.trusted and self._others >= self._of_the_others:
            return False
        if turn.owner and self._owners[turn.owner] >= self._of_one_owner:
            return False
        return self._working[turn.domain] < self._of_one[turn.trusted]

    def _is_trusted(self, domain: str) -> bool:
        since = self._known.get(domain)
        return since is not None and since <= self._tick()
