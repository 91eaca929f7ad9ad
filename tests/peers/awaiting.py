"""Waiting for what another program does: nobody tells us when, so we look again and again."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_SECONDS = 30.0
_PAUSE = 0.05


def until(look: Callable[[], T], what: str, seconds: float = _SECONDS) -> T:
    """Return the first answer that is not empty; raise TimeoutError if none comes."""
    late = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > late:
            raise TimeoutError(f"not within {seconds:.0f} s: {what}")
        time.sleep(_PAUSE)
    return found
