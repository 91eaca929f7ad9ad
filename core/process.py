"""How does a process run, and how does it end? SIGTERM and SIGINT both mean: finish, then stop."""

import asyncio
import ctypes
import gc
import resource
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any

# glibc's mallopt(3), malloc.h
_MMAP_THRESHOLD, _ARENAS = -3, -8
_LARGE = 128 * 1024
_GARBAGE = 20_000, 20, 50
_MOST_FILES = 65_536


def run(main: Coroutine[Any, Any, int]) -> int:
    """Run to the end and return the exit code, on uvloop where there is one."""
    keep_little_memory()
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(main)


async def asked_to_stop() -> None:
    """Wait until the process is asked to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


@contextmanager
def hearing_hangups(do: Callable[[], None]) -> Iterator[None]:
    """Do something on SIGHUP, until left.

    Unheard it would end the process, and a deploy hook sends it to all that may need it.
    """
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, do)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)


def hurry() -> None:
    """Look for no garbage in cycles until ``freeze_heap``: starting makes none worth the time.

    What is imported stays, and looking through it again and again is a quarter of the start.
    """
    gc.disable()


def freeze_heap() -> None:
    """Take what is there now as there for good, so that nobody looks through it again.

    A mail makes thousands of objects and hardly a cycle: looked for every 700, as Python does by
    itself, garbage costs a twelfth of all CPU.
    """
    gc.freeze()
    gc.set_threshold(*_GARBAGE)
    gc.enable()


def keep_little_memory() -> None:
    """Let what is large go back to the system as soon as it is freed, where the C library can.

    Left alone glibc learns from the first large mail to keep the next one's memory, in as many
    heaps as there are threads, and a process that has seen ten large mails stays twice its size.
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_ARENAS, 2)


def hand_back_memory() -> None:
    """Give what was freed back to the system, where the C library can: glibc keeps it otherwise."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def raise_descriptor_limit() -> int:
    """Let this process open as many files as it may, and return how many that is.

    The soft limit is often 1,024 (for programs that call select(2)) where the hard one is many
    more. What a process may open is bounded all the same: some loops walk over them all.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    wanted = _MOST_FILES if hard == unlimited else min(hard, _MOST_FILES)
    if soft == unlimited or soft >= wanted:
        return _MOST_FILES if soft == unlimited else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):  # forbidden here: what there is must do
        return soft
    return wanted


def first_of(error: BaseException) -> BaseException:
    """Return what went wrong first, out of the groups that task groups wrap it in."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415  not everywhere
    except ImportError:
        return None
    return uvloop.new_event_loop
