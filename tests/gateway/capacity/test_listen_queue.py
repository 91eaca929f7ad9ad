"""What accept(2) says of one connection is that one's; only a shortage keeps the others waiting."""

import asyncio
import errno
import os
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvloop

from gateway.capacity.listen_queue import ListenQueue

OF_ONE = (
    errno.ECONNABORTED, errno.ECONNRESET, errno.EPROTO, errno.EPERM, errno.ENETDOWN,
    errno.ENOPROTOOPT, errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.EOPNOTSUPP, errno.ENETUNREACH,
    errno.ETIMEDOUT, errno.EINTR,
)  # fmt: skip
SHORT = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]


class _Failing(socket.socket):
    """A listening socket whose first accepts go wrong."""

    def fail(self, *numbers: int) -> None:
        """Go wrong so, once each."""
        self.numbers: Iterator[int] = iter(numbers)

    def accept(self) -> tuple[socket.socket, Any]:
        """Return a connection, or raise what was asked for first."""
        number = next(self.numbers, None)
        if number is not None:
            raise OSError(number, os.strerror(number))
        return super().accept()


class _Door:
    """What a queue is given to: it notes who came and what ran short."""

    def __init__(self, most: int) -> None:
        self.came: list[socket.socket] = []
        self.short: list[int | None] = []
        self.met = asyncio.Event()
        self._most = most

    def take(self, line: socket.socket, _: object) -> None:
        """Take a connection."""
        self.came.append(line)
        if len(self.came) == self._most:
            self.met.set()

    def lack(self, error: OSError) -> None:
        """Hear of a shortage."""
        self.short.append(error.errno)
        self.met.set()


def _driven(
    loop: Callable[[], asyncio.AbstractEventLoop], many: int, *numbers: int
) -> tuple[int, list[int | None]]:
    """Let so many come, the first accepts going wrong; return who was taken, and shortages."""

    async def drive() -> tuple[int, list[int | None]]:
        with _Failing() as place:
            place.bind(("127.0.0.1", 0))
            place.listen(128)
            place.fail(*numbers)
            lines = [socket.create_connection(place.getsockname()) for _ in range(many)]
            door = _Door(many)
            queue = ListenQueue(place, door.take, door.lack)
            async with asyncio.timeout(20):
                await door.met.wait()
            queue.close()
            for line in [*lines, *door.came]:
                line.close()
            return len(door.came), door.short

    with asyncio.Runner(loop_factory=loop) as runner:
        return runner.run(drive())


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("number", OF_ONE, ids=errno.errorcode.__getitem__)
def test_what_went_wrong_with_one_keeps_nobody_waiting(
    number: int, loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    """All that come behind it are taken at once, and nothing is said of descriptors."""
    assert _driven(loop, 5, number, number) == (5, [])


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("number", SHORT, ids=errno.errorcode.__getitem__)
def test_a_shortage_is_told_and_waited_for(
    number: int, loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    """Nobody is taken in that turn, nor asked for again at once."""
    assert _driven(loop, 1, number, number) == (0, [number])


@pytest.mark.parametrize("loop", LOOPS)
def test_all_that_have_come_are_taken_in_one_turn(
    loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    """A crowd is there when the first of it is looked at."""

    async def taken() -> list[int]:
        with socket.create_server(("127.0.0.1", 0), backlog=128) as place:
            lines = [socket.create_connection(place.getsockname()) for _ in range(60)]
            door = _Door(60)
            turns: list[int] = []

            def take(line: socket.socket, address: object) -> None:
                if not door.came:
                    asyncio.get_running_loop().call_soon(lambda: turns.append(len(door.came)))
                door.take(line, address)

            queue = ListenQueue(place, take, door.lack)
            async with asyncio.timeout(20):
                await door.met.wait()
            await asyncio.sleep(0)
            queue.close()
            for line in [*lines, *door.came]:
                line.close()
            return turns

    with asyncio.Runner(loop_factory=loop) as runner:
        assert runner.run(taken()) == [60]
