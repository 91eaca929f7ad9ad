"""How many mails are read in child processes at once? Few, whoever asks for it.

An app's key and the operator's pages start children as often as they like, and each may take a
gigabyte and half a minute of a processor (``core.child.Bounds``). So there are slots, one set for
all that is asked of a process. Who finds none free waits in line, and who waits too long is told
so while they still listen.

The trap: a mail is loaded inside its slot, not before. What waits in line holds no octets.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from core.errors import TooBusy

_AT_ONCE = 2  # as many gigabytes at the very most; one alone would let one bad mail stop all others
_TIMEOUT = 20.0  # seconds: less than the half minute after which a proxy or client gives up


@dataclass(frozen=True, slots=True)
class ChildSlots:
    """Who may start a child. ``free``: as many as may run; ``timeout``: seconds to wait for one.

    Several event loops cannot share it.
    """

    free: asyncio.Semaphore = field(default_factory=partial(asyncio.Semaphore, _AT_ONCE))
    timeout: float = _TIMEOUT

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Hold a slot until left, first come, first served. Raise TooBusy if none becomes free."""
        try:
            async with asyncio.timeout(self.timeout):
                await self.free.acquire()
        except TimeoutError:
            raise TooBusy(
                f"Other mails are being read; none was done within {self.timeout:g} seconds. "
                "Nothing was changed. Please try again."
            ) from None
        try:
            yield
        finally:
            self.free.release()
