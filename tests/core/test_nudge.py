"""When does a pool wake?"""

import asyncio
import time

import pytest

from core.nudge import Nudge

_FOREVER = 60.0
_AT_ONCE = 10.0


async def test_a_call_while_busy_is_not_missed() -> None:
    """A pool that was busy when it was called does not sleep over what it was called for."""
    nudge = Nudge()
    heard = nudge.calls
    nudge()

    began = time.perf_counter()
    await nudge.wait(_FOREVER, heard)

    assert time.perf_counter() - began < _AT_ONCE


async def test_a_call_wakes_every_sleeper() -> None:
    """All pools look when one is called: what is due may be anyone's."""
    nudge = Nudge()
    pools = [asyncio.create_task(nudge.wait(_FOREVER, nudge.calls)) for _ in range(3)]
    await asyncio.sleep(0)  # let them fall asleep
    nudge()

    done, asleep = await asyncio.wait(pools, timeout=_AT_ONCE)

    assert (len(done), len(asleep)) == (3, 0)


@pytest.mark.parametrize(
    "calls", [pytest.param(0, id="never called"), pytest.param(2, id="before")]
)
async def test_without_a_new_call_it_sleeps(calls: int) -> None:
    """Calls that were heard before do not keep a pool awake: the poll wakes it."""
    nudge = Nudge()
    for _ in range(calls):
        nudge()
    began = time.perf_counter()

    await nudge.wait(0.05, nudge.calls)

    assert time.perf_counter() - began >= 0.045
