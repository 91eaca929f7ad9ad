"""What stands for a path in a request may be none: it is refused, and nothing of ours falls over.

HTTP has targets that are no path: ``*``, an authority, a whole address (RFC 9112, 3.2).
"""

import asyncio
import socket

import pytest
from starlette.types import Receive, Scope, Send
from structlog.testing import capture_logs

from core.address import Keyring
from core.clock import SetClock
from core.store.database import Database
from gateway.context import Context
from gateway.http.asgi import build
from gateway.http.edge import Edge
from gateway.http.server import serving

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)


@pytest.mark.parametrize("more", ["", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"])
@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("OPTIONS *", 400),
        ("CONNECT a:1", 400),
        ("PRI *", 400),
        ("GET healthz", 400),
        ("POST v1/shop/mail", 400),
        ("GET ?page=1", 400),
        ("DELETE %2A", 400),
        ("GET http://api.test/healthz", 400),
        ("PUT a" + "b" * 4_000, 400),
        ("GET //", 404),
        ("POST ////", 404),
        ("GET /", 404),
    ],
)
async def test_a_target_that_is_no_path(
    database: Database, clock: SetClock, line: str, status: int, more: str
) -> None:
    """It is the caller's mistake and told as such; the log hears nothing of it."""
    app = build(Context(database, clock, KEYS, "http://api.test", "reply.test"))
    request = f"{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{more}\r\n".encode()
    with capture_logs() as logged, socket.create_server(("127.0.0.1", 0)) as bound:
        async with asyncio.timeout(30), serving(app, bound):
            reader, writer = await asyncio.open_connection(*bound.getsockname())
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            writer.close()

    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"application/json" in head
    assert logged == []


async def test_whatever_goes_wrong_beside_the_routes_has_a_reference(
    database: Database, clock: SetClock
) -> None:
    """It is answered as what goes wrong in a route is, and one line of the log has it."""
    context = Context(database, clock, KEYS, "http://api.test", "reply.test")

    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise LookupError("a slip of ours")

    with capture_logs() as logged, socket.create_server(("127.0.0.1", 0)) as bound:
        app = Edge(broken, {"context": context}, largest_mail=1_000)
        async with asyncio.timeout(30), serving(app, bound):
            reader, writer = await asyncio.open_connection(*bound.getsockname())
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            answer = await reader.read()
            writer.close()

    (line,) = logged
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert (line["event"], line["log_level"]) == ("http.failed", "error")
    assert line["reference"].encode() in answer
    assert b"slip" not in answer
