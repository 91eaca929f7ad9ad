"""How much work is a body of JSON, and when is it done?

Reading and checking it holds the loop however few octets it has: each value becomes an object, and
a sentence where it is wrong. So values are counted while the body comes in, and those bodies that
have many are read one at a time, with a pause after each as long as its reading takes at most.
Meanwhile others have at least half of the time, however many come at once.

The trap is a comma that is somebody's: in a text it begins no value. And what is no UTF-8, which a
reader of JSON takes all the same (RFC 8259, 8.1), has quotes where no text begins or ends.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

MOST_VALUES = 20_000
VALUE_OCTETS = 40  # what a value takes at least, once it is an object of Python's
_MANY = 500  # values that are read while nobody waits for long
_VALUE_SECONDS = 2.5e-6  # what reading and checking one takes at most
_BEGIN_VALUES = b",[{"


class ValueCount:
    """Counts the values of a body as its octets come: each begins behind one of three signs."""

    def __init__(self) -> None:
        """Begin outside of any text."""
        self.values = 0
        self._within = False
        self._held = b""
        self._is_wide = False  # UTF-16 or UTF-32: all signs count

    def add(self, octets: bytes) -> None:
        """Count in what came now."""
        self._is_wide = self._is_wide or b"\0" in octets
        pieces = self._without_escapes(octets).split(b'"')
        for piece in pieces if self._is_wide else pieces[self._within :: 2]:
            self.values += sum(piece.count(sign) for sign in _BEGIN_VALUES)
        self._within ^= len(pieces) % 2 == 0

    def _without_escapes(self, octets: bytes) -> bytes:
        """Return octets whose quotes all begin or end a text."""
        octets = self._held + octets
        if b"\\" not in octets:
            self._held = b""
            return octets
        octets = octets.replace(b"\\\\", b"")
        self._held = octets[-1:] if octets.endswith(b"\\") else b""  # what is escaped comes next
        return octets.replace(b'\\"', b"")


class JsonTurns:
    """Whose body is read next, where bodies of many values come at once."""

    def __init__(
        self,
        time: Callable[[], float] = monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Begin with nobody; in any loop. ``time`` and ``sleep`` go by the same seconds."""
        self._time, self._sleep = time, sleep
        self._turn = asyncio.Lock()
        self._free_at = 0.0

    async def mine(self, values: int) -> None:
        """Return when a body of so many values may be read: at once, if they are few.

        Whoever waits is let in first come, first served; what follows is read in the same step.
        """
        if values < _MANY:
            return
        async with self._turn:
            await self._sleep(max(0.0, self._free_at - self._time()))
            self._free_at = self._time() + 2 * _VALUE_SECONDS * values
