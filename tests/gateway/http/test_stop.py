"""Who comes as the server stops, holds it up no longer than anybody else."""

import asyncio
import socket
from collections.abc import Callable

import pytest
import uvloop

from gateway.http.http_state import HttpState
from gateway.http.uvicorn_adapter import HttpServer
from tests.support.http_line import Echo

_MANY = 20


async def _stopped(turns: int, said: bytes) -> tuple[float, int]:
    """Stop a server so many turns after a crowd has come; return how long it took, who is left."""
    server = HttpServer(Echo(), HttpState())
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    bound = socket.create_server(("127.0.0.1", 0))
    await server.startup([bound])
    lines = [socket.create_connection(bound.getsockname()) for _ in range(_MANY)]
    for line in lines:
        line.sendall(said)
    for _ in range(turns):
        await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await server.shutdown([bound])
    took = loop.time() - began
    left = len(server.server_state.connections)
    for line in lines:
        line.close()
    return took, left


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHo"], ids=["nothing", "half a head"])
@pytest.mark.parametrize("turns", range(7))
@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_crowd_that_is_being_let_in_is_told_of_the_stop(
    turns: int, said: bytes, loop: Callable[[], asyncio.AbstractEventLoop]
) -> None:
    """Whether it waits, was taken or is connected; nobody is left to be waited for in vain."""
    with asyncio.Runner(loop_factory=loop) as runner:
        took, left = runner.run(_stopped(turns, said))

    assert took < 4  # uvicorn would wait five seconds for one that is not told
    assert left == 0
