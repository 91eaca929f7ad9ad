"""Read large mails beside the loop, one at a time, and note what is being read.

Reading takes seconds for a mail of many megabytes, and several times its size of memory. One
thread reads; small mails are read where they are, which costs less than handing them over.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from core.process import hand_back_memory
from gateway.isolation.crash_log import CrashLog
from gateway.mail.offer import Offer
from gateway.reading import WORDS, Ask, Reading, read

T = TypeVar("T")

_LARGE = 64 * 1024
_HUGE = 256 * 1024
_SOON = 0.2  # seconds: by then its answer is given, and nobody holds its octets


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads, and where it is noted. ``thread``: the one that reads large mails."""

    crash_log: CrashLog | None = None
    thread: Executor = field(default_factory=partial(ThreadPoolExecutor, 1, "reading"))

    def is_poison(self, offer: Offer) -> bool:
        """Tell whether processes have died of this mail again and again: a poison message."""
        return self.crash_log is not None and self.crash_log.is_poison(offer.content_digest)

    async def read(self, offer: Offer, ask: Ask = WORDS) -> Reading:
        """Read a mail, in the thread if it is large."""
        if len(offer.raw) < _LARGE:
            return self._noted(offer, ask)
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self.thread, self._noted, offer, ask)
        finally:
            if len(offer.raw) > _HUGE:
                # Not at once: whoever offered the mail holds its octets until it is answered.
                loop.call_later(_SOON, loop.run_in_executor, self.thread, hand_back_memory)

    async def work_on(self, octets: int, work: Callable[[], T]) -> T:
        """Return what a function makes of so many octets, in the thread if they are many."""
        if octets < _LARGE:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self.thread, work)

    async def prepare(self, offer: Offer) -> None:
        """Work out what is asked of a large mail's octets beside the loop: its digest, its zip."""
        if len(offer.raw) >= _LARGE:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(
                self.thread,
                lambda: (
                    offer.packed,
                    offer.content_digest,
                    offer.body_digest,
                    offer.may_bring_pictures,
                ),
            )

    def _noted(self, offer: Offer, ask: Ask) -> Reading:
        log = self.crash_log
        with log.noted(offer.content_digest) if log else nullcontext():
            return read(offer.raw, offer.envelope, ask)
