"""What does a piece of work cost? Told as a ratio, since machines differ and may be busy."""

import time
from collections.abc import Callable

_TRIES = 3


def cost(work: Callable[[], object]) -> float:
    """Return the least CPU time the work took, in times that of counting to 100,000.

    That counting takes some ten milliseconds, and is done beside the work each time.
    """
    return min(_spent(work) / _spent(_count) for _ in range(_TRIES))


def _count() -> None:
    total = 0
    for number in range(100_000):
        total += number


def _spent(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
