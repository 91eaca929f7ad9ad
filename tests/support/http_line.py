"""A client on a real socket that says what it is told, and a server that only echoes."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from gateway.http.http_state import HttpState
from gateway.http.server import serving

SECONDS = 20


@dataclass
class Echo:
    """An application: what is asked at ``/wait`` is answered when it is told to go on.

    ``/large`` is answered with so many octets; what has a body, with its length. ``asked`` are the
    paths that were asked, ``entered`` is set at each.
    """

    large: int = 1_000_000
    asked: list[str] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    entered: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        self.asked.append(scope["path"])
        self.entered.set()
        said = b"well"
        if scope["path"] == "/wait":
            await self.go_on.wait()
        if scope["path"] == "/large":
            said = b"x" * self.large
        if scope["method"] == "POST" and scope["path"] != "/early":
            said = b"%d" % len(await _body(receive))
        length = (b"content-length", b"%d" % len(said))
        await send({"type": "http.response.start", "status": 200, "headers": [length]})
        for at in range(0, len(said), 65_536):
            piece = said[at : at + 65_536]
            more = at + 65_536 < len(said)
            await send({"type": "http.response.body", "body": piece, "more_body": more})


async def _body(receive: Any) -> bytes:
    said = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(said)
        said += message["body"]
        if not message["more_body"]:
            return bytes(said)


@dataclass
class HttpLine:
    """One connection of a client."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def say(self, octets: bytes) -> None:
        """Write, and wait for nothing."""
        self.writer.write(octets)

    async def dribble(self, octet: bytes, pause: float) -> None:
        """Say an octet now and then until the other side hangs up."""
        while not self.reader.at_eof():
            self.writer.write(octet)
            try:
                await asyncio.wait_for(self.reader.read(1), pause)
            except TimeoutError:
                continue
            except ConnectionError:
                return

    async def head(self) -> bytes:
        """Return the next answer's head, empty at the end of the line."""
        try:
            async with asyncio.timeout(SECONDS):
                return await self.reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""

    async def answer(self) -> tuple[int, bytes]:
        """Return the next answer: its status and its body; 0 if there is none."""
        head = await self.head()
        if not head:
            return 0, b""
        length = next(
            int(line.partition(b":")[2])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        )
        return int(head.split()[1]), await self.reader.readexactly(length)

    async def rest(self) -> bytes:
        """Return what is still said, to the end of the line."""
        try:
            async with asyncio.timeout(SECONDS):
                return await self.reader.read()
        except ConnectionError:
            return b""

    async def close(self) -> None:
        """Go."""
        self.writer.transport.abort()


@dataclass
class EchoServer:
    """A server of ``Echo``, and its clients, who go when it does."""

    app: Echo
    state: HttpState
    port: int
    lines: list[HttpLine] = field(default_factory=list)

    async def connect(self, home: str = "127.0.0.1", receive: int = 0) -> HttpLine:
        """Connect from an address of this machine; ``receive``: with so small a buffer."""
        line = socket.socket()
        if receive:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        line.bind((home, 0))
        line.setblocking(False)
        await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", self.port))
        streams = await asyncio.open_connection(sock=line, limit=2 * receive or 1 << 16)
        self.lines.append(HttpLine(*streams))
        return self.lines[-1]

    async def asked(self, path: str, home: str = "127.0.0.1") -> int:
        """Ask on a connection of its own, and return the status; 0 if there was no answer."""
        line = await self.connect(home)
        line.say(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path.encode())
        status, _ = await line.answer()
        return status

    async def has(self, connections: int) -> None:
        """Wait until there are so many connections."""
        async with asyncio.timeout(SECONDS):
            while self.state.connection_limits.sessions != connections:
                await self.turn()

    async def turn(self) -> None:
        """Let the server have a turn."""
        await asyncio.sleep(0)

    async def turns(self, seconds: float) -> None:
        """Let the server have its turns for a while."""
        until = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < until:
            await self.turn()


@asynccontextmanager
async def an_echo(state: HttpState | None = None, *, send: int = 0) -> AsyncIterator[EchoServer]:
    """Serve on a port of the system's choice until left; ``send``: with so small a buffer."""
    app, shared = Echo(), state or HttpState()
    bound = socket.create_server(("127.0.0.1", 0))
    if send:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send)  # its connections have it too
    async with serving(app, bound, shared):
        one = EchoServer(app, shared, bound.getsockname()[1])
        try:
            yield one
        finally:
            app.go_on.set()
            for line in one.lines:
                await line.close()
