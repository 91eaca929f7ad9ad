"""Who may read now? So many requests of one app at once; the app's others wait for their turn.

A list of a large crowd is half a second's work, and readers are few: without this, one app that
asks for thirty at once has all others wait behind it. What writes needs no turn: writes are
gathered into one transaction, and the more come at once, the less each costs.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_AT_ONCE = 4


class AppTurns:
    """The turns of all apps that ask just now. Used on one event loop."""

    def __init__(self, at_once: int = _AT_ONCE) -> None:
        """Begin with nobody asking."""
        self._at_once = at_once
        self._asking: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def turn(self, app_id: str) -> AsyncIterator[None]:
        """Wait until the app may read, in the order in which its requests came."""
        places, asking = self._asking.get(app_id, (asyncio.Semaphore(self._at_once), 0))
        self._asking[app_id] = places, asking + 1
        try:
            async with places:
                yield
        finally:
            places, asking = self._asking[app_id]
            if asking == 1:  # nothing is kept of who does not ask
                del self._asking[app_id]
            else:
                self._asking[app_id] = places, asking - 1
