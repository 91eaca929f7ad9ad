"""Who may read now? So many requests of one app at once; the app's others wait for their turn.

A list of a large crowd is half a second's work, and readers are few: without this, one app that
asks for thirty at once has all others wait behind it. What writes needs no turn: writes are
gathered into one transaction, and the more come at once, the less each costs.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

_AT_ONCE = 4


class AppTurns:
    """The turns of all apps that ask just now. Used on one event loop."""

    def __init__(self, at_once: int = _AT_ONCE) -> None:
        """Begin with nobody asking."""
        self._at_once = at_once
        self._places: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, app_id: str) -> AsyncIterator[None]:
        """Wait until the app may read, in the order in which its requests came."""
        places = self._places.get(app_id)
        if places is None:  # whoever asks holds it, so nothing is kept of who does not ask
            places = self._places[app_id] = asyncio.Semaphore(self._at_once)
        async with places:
            yield
