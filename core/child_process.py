"""The child itself: it loads one function, binds itself to what it may take, and answers once.

Started by ``core.child``, which waits for it. It imports no more than it needs: a third of the time
a short call takes is Python's own start, and asyncio alone would double it.
"""

import importlib
import resource
import sys
from contextlib import suppress

OUT_OF_MEMORY = 3  # our own exit code


def keep_to(seconds: int, octets: int, *, alone: bool) -> None:
    """Take no more than that, and leave no core behind. Not every system has all limits."""
    limits = [
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, octets),
        (resource.RLIMIT_CORE, 0),
    ]
    if alone:  # what is open stays open: what is given and what is answered
        limits += [(resource.RLIMIT_NOFILE, 0), (resource.RLIMIT_FSIZE, 0)]
        limits += [(resource.RLIMIT_NPROC, 0)]
    for kind, most in limits:
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most + 1 if kind == resource.RLIMIT_CPU else most))


def main(target: str, seconds: str, octets: str, alone: str = "") -> None:
    """Be the child."""
    module, _, function = target.partition(":")
    # Loaded before the limits are set: they are for what is read, not for our own code.
    answer = getattr(importlib.import_module(module), function)
    keep_to(int(seconds), int(octets), alone=bool(alone))
    try:
        sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)


if __name__ == "__main__":
    main(*sys.argv[1:])
