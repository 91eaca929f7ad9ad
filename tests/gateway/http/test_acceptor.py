"""A crowd that has come is seen at once: nobody else waits behind it to be let in."""

import asyncio
import socket
from collections.abc import Callable

import pytest
import uvloop
from structlog.testing import capture_logs

from gateway.capacity.connection_limits import ConnectionBounds
from gateway.http.http_state import HttpState
from tests.support.http_line import EchoServer, an_echo

POST = b"POST /crowd HTTP/1.1\r\nHost: x\r\n"
SHARE = 10
FOR_HEALTH = 8  # are let in beyond all others, for the health routes


def _state(ceiling: int = 1_000_000) -> HttpState:
    """Return a state in which a network has its share, and nobody is trusted."""
    return HttpState(ConnectionBounds(500, SHARE, 0), (), None, ceiling)


def _come(server: EchoServer, many: int, said: bytes) -> list[socket.socket]:
    """Connect so often and say something, all before the server has its next turn."""
    lines = []
    for _ in range(many):
        line = socket.create_connection(("127.0.0.1", server.port))
        line.sendall(said)
        lines.append(line)
    return lines


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(POST + b"Content-Le", id="half a head"),
        pytest.param(POST + b"Content-Length: 2\r\n\r\nxx", id="a small body"),
        pytest.param(POST + b"Content-Length: 9000\r\n\r\n" + b"x" * 9_000, id="a larger one"),
        pytest.param(
            POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 150 + b"0\r\n\r\n",
            id="a body in pieces",
        ),
        pytest.param((POST + b"Content-Length: 0\r\n\r\n") * 20, id="many requests"),
    ],
)
@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_another_network_is_answered_before_a_crowd_is_read(
    said: bytes, *, stays: bool, loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    """Gone again or not, of the crowd only its share is let in, on the loop that serves, too."""

    async def answered() -> tuple[int, int]:
        async with an_echo(_state()) as server:
            lines = _come(server, 100, said)
            for line in [] if stays else lines:
                line.close()
            status = await server.asked("/healthz", home="127.0.1.1")
            before = server.app.asked.index("/healthz")
            for line in lines:
                line.close()
            return status, before

    with asyncio.Runner(loop_factory=loop) as runner:
        status, before = runner.run(answered())

    assert status == 200
    assert before <= SHARE * said.count(POST)


async def test_one_too_many_is_told_so_and_the_log_once() -> None:
    """503 with a time to come back, whatever it has said; one line for all of them."""
    async with an_echo(_state()) as server:
        with capture_logs() as logs:
            lines = _come(server, 40, b"")
            assert await server.asked("/healthz", home="127.0.1.1") == 200
        told = []
        for line in lines[SHARE:]:
            line.settimeout(20)
            told.append(line.recv(4_096))

    assert {one.partition(b"\r\n")[0] for one in told} == {b"HTTP/1.1 503 Busy"}
    assert all(b"\r\nRetry-After: 5\r\n" in one for one in told)
    assert [one["event"] for one in logs if one["log_level"] == "warning"] == [
        "http.connections_full"
    ]
    for line in lines:
        line.close()


async def test_whose_network_has_its_share_may_come_when_one_has_left() -> None:
    """Being turned away is no punishment."""
    async with an_echo(_state()) as server:
        lines = _come(server, SHARE, b"")
        await server.has(SHARE)
        assert await server.asked("/mine") == 503
        lines[0].close()
        await server.has(SHARE - 1)

        assert await server.asked("/mine") == 200
        for line in lines:
            line.close()


class _Counted(HttpState):
    """A state that notes by which descriptors clients came; none is below the ceiling."""

    def __init__(self) -> None:
        super().__init__(ConnectionBounds(500, 500, 0), (), None, 0)
        self.numbers = set[int]()

    def has_descriptors(self, number: int) -> bool:
        """Note it."""
        self.numbers.add(number)
        return super().has_descriptors(number)


@pytest.mark.parametrize("said", [b"", POST + b"Content-Le"], ids=["nothing", "half a head"])
@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_beyond_the_descriptors_of_http_they_come_one_at_a_time(
    said: bytes, *, stays: bool, loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    """The numbers above are SMTP's: a crowd takes no more than a few of them while it comes.

    The next is not accepted before one has been let in or turned away, so the number of one that
    has gone is given to the next; a crowd that is accepted at once has as many as it is.
    """

    async def came() -> tuple[int, int, int]:
        state = _Counted()
        async with an_echo(state) as server:
            lines = _come(server, 100, said)
            for line in [] if stays else lines:
                line.close()
            status = await server.asked("/healthz", home="127.0.1.1")
            for line in lines:
                line.close()
            return status, len(state.numbers), state.connection_limits.sessions

    with asyncio.Runner(loop_factory=loop) as runner:
        status, numbers, sessions = runner.run(came())

    assert status == 200
    assert numbers <= 1 + FOR_HEALTH + 1
    assert sessions <= 2
