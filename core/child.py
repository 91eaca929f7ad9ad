"""A function in a process of its own: within a deadline and limits, and its death is a value.

What may crash its process, or eat all memory or time there is (a hostile mail, a customer's
template), is done by a child that holds nothing: no database, no keys. It gets octets on its
standard input and answers octets on its standard output. What becomes of the child, its parent
lives.

The trap: what comes back is as foreign as what went in, because whoever takes the child over
writes it. So it is octets, for the caller to read as JSON or the like, and never a pickle.
"""

import asyncio
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

from core.child_process import OUT_OF_MEMORY

_HOME = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a child may take: seconds of a processor, octets of memory, seconds on the clock.

    ``alone``: once its code is loaded, it opens no file, no socket and no process any more.
    """

    seconds: int = 30
    octets: int = 1 << 30
    deadline: float = 60.0
    alone: bool = False


DEFAULT_BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Died:
    """The child gave no answer. ``why`` goes on where a sentence has named what it did."""

    why: str


async def in_child(target: str, given: bytes, bounds: Bounds = DEFAULT_BOUNDS) -> bytes | Died:
    """Call a function of ours in a child: ``package.module:function``, octets to octets."""
    try:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "core.child_process", target,
            str(bounds.seconds), str(bounds.octets),
            "alone" if bounds.alone else "",
            cwd=_HOME, env={} if bounds.alone else None,  # the environment may hold our secrets
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # a stranger's words must not reach our log
        )  # fmt: skip
    except OSError as error:  # no process, no memory or no descriptor is left for it
        return Died(f"cannot be started ({error.strerror})")
    try:
        async with asyncio.timeout(bounds.deadline):
            answer, _ = await child.communicate(given)
    except TimeoutError:
        return Died(f"takes longer than {bounds.deadline:g} seconds")
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode == OUT_OF_MEMORY:
        return Died("takes too much memory")
    if child.returncode == -signal.SIGXCPU:
        return Died(f"ends the process by more than {bounds.seconds} seconds of a processor")
    if child.returncode:
        return Died(f"ends the process ({child.returncode})")
    return answer
