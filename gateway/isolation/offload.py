"""Read large mails beside the loop, one at a time, and note what is being read.

Reading takes seconds for a mail of many megabytes, and several times its size of memory. One
thread reads; small mails are read where they are, which costs less than handing them over.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import nullcontext
from typing import Protocol, TypeVar

from core.process import hand_back_memory
from gateway.isolation.crash_log import CrashLog
from gateway.mail.offer import Offer

T = TypeVar("T")

_LARGE = 64 * 1024
_HUGE = 256 * 1024
_SOON = 0.2  # seconds: by then its answer is given, and nobody holds its octets


class Place(Protocol):
    """Who reads, and who notes what is read."""

    @property
    def reader(self) -> Executor:
        """The one thread."""

    @property
    def ward(self) -> CrashLog | None:
        """Where it is noted."""


async def aside(offer: Offer, at: Place, work: Callable[[], T]) -> T:
    """Do what reading a mail takes, in the thread if it is large."""

    def noted() -> T:
        with at.ward.reading(offer.content_digest) if at.ward else nullcontext():
            return work()

    if len(offer.raw) < _LARGE:
        return noted()
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(at.reader, noted)
    finally:
        if len(offer.raw) > _HUGE:
            loop.call_later(_SOON, loop.run_in_executor, at.reader, hand_back_memory)


async def pack(offer: Offer, at: Place) -> None:
    """Work out what a receipt keeps of a large mail before its transaction, not in it."""
    if len(offer.raw) >= _LARGE:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(at.reader, lambda: (offer.packed, offer.content_digest))
