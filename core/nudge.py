"""A nudge wakes whoever waits for work in this process. It is a hint; the poll is the guarantee."""

import asyncio


class Nudge:
    """Wakes every pool that sleeps, and counts, so that one who was busy knows it was called."""

    def __init__(self) -> None:
        """Begin with nobody asleep."""
        self.calls = 0
        self._sleepers: set[asyncio.Event] = set()

    def __call__(self) -> None:
        """Wake everyone."""
        self.calls += 1
        for sleeper in self._sleepers:
            sleeper.set()

    async def wait(self, seconds: float, heard: int) -> None:
        """Sleep until nudged, or so long; not at all if there were calls after those heard."""
        if self.calls != heard:
            return
        sleeper = asyncio.Event()
        self._sleepers.add(sleeper)
        try:
            async with asyncio.timeout(seconds):
                await sleeper.wait()
        except TimeoutError:
            pass
        finally:
            self._sleepers.discard(sleeper)
