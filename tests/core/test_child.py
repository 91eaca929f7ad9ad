"""A child process does what may kill it; its parent lives and hears why there is no answer."""

import os
import time

import pytest

from core.child import Bounds, Died, in_child

HERE = "tests.core.test_child:"


def turned_round(given: bytes) -> bytes:
    """Answer."""
    return given[::-1]


def crash(given: bytes) -> bytes:
    """Die as of a fault in C."""
    os.abort()


def hoard(given: bytes) -> bytes:
    """Take more memory than there is."""
    return bytes(1 << 31)


def spin(given: bytes) -> bytes:
    """Use the processor for ever."""
    while True:
        time.monotonic()


def wait(given: bytes) -> bytes:
    """Do nothing, for longer than anybody waits."""
    time.sleep(3600)
    return given


async def test_octets_go_in_and_come_out() -> None:
    """Whatever octets they are."""
    assert await in_child(f"{HERE}turned_round", b"\0\xff\n") == b"\n\xff\0"


@pytest.mark.parametrize(
    ("function", "bounds", "why"),
    [
        pytest.param("crash", Bounds(), "ends the process (-6)", id="it crashes"),
        pytest.param("hoard", Bounds(), "takes too much memory", id="it takes too much memory"),
        pytest.param("spin", Bounds(seconds=1), "ends the process", id="it never ends"),
        pytest.param("wait", Bounds(deadline=2), "takes longer than 2 seconds", id="it waits"),
        pytest.param("nothing", Bounds(), "ends the process (1)", id="there is no such function"),
    ],
)
async def test_its_death_is_a_value(function: str, bounds: Bounds, why: str) -> None:
    """Nothing is raised: the caller says what that means."""
    died = await in_child(HERE + function, b"", bounds)

    assert isinstance(died, Died)
    assert died.why.startswith(why)


async def test_one_that_cannot_be_started_is_a_death() -> None:
    """The system refuses it, here because what it is to call has too long a name."""
    died = await in_child("x" * (1 << 22), b"")

    assert isinstance(died, Died)
    assert died.why.startswith("cannot be started (")
