"""A body that is refused while its request is being answered: one answer, and a quiet log.

Who sends it is a stranger, as often as they like: no line of the log is theirs to write.
"""

import asyncio
import socket
from typing import Any

import pytest
from structlog.testing import capture_logs

from gateway.http.http_state import HttpState
from gateway.http.server import serving
from tests.support.http_line import an_echo

CHUNKED = b" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("asks", [b"GET /wait", b"POST /form"])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"zz\r\n", id="a length that is no number"),
        pytest.param(b"5\r\nhelloX\r\n", id="a chunk that goes on"),
        pytest.param(b"-1\r\n", id="less than nothing"),
        pytest.param(b"1\r\na\r\n" * 2_000, id="in too many pieces"),
        pytest.param(b"f" * 30 + b"\r\n", id="a length without an end"),
        pytest.param(b"\0\0\0\0\r\n", id="octets"),
        pytest.param(b"0\r\n: x\r\n\r\n", id="a trailer without a name"),
    ],
)
async def test_a_body_is_refused_under_its_answer(asks: bytes, body: bytes) -> None:
    """The application answers when the line is closing already: it goes nowhere, and is no fault.

    That is the moment between the refusal and the end of the connection.
    """
    state, begun = HttpState(), asyncio.Event()

    async def late(_scope: Any, _receive: Any, send: Any) -> None:
        connections: list[Any] = list(state.watched)
        begun.set()
        while not connections[0].transport.is_closing():  # noqa: ASYNC110  nothing tells it
            await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"well"})

    with capture_logs() as logged, socket.create_server(("127.0.0.1", 0)) as bound:
        async with asyncio.timeout(30), serving(late, bound, state):
            reader, writer = await asyncio.open_connection(*bound.getsockname())
            writer.write(asks + CHUNKED)
            await begun.wait()
            writer.write(body)
            said = await reader.read()
            writer.close()

    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1
    assert logged == []


async def test_what_the_server_says_of_mistakes_is_a_line_of_ours() -> None:
    """One for a spell of them, structured and without a traceback."""
    with capture_logs() as logged:
        async with an_echo(HttpState()) as server:
            server.app.large = -1  # nothing is sent after the head: an answer without an end
            for _ in range(5):
                line = await server.connect()
                line.say(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
                await line.rest()

    assert [(one["event"], "exc_info" in one) for one in logged] == [("http.server_failed", False)]
