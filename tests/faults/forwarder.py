"""A line to PostgreSQL that can be cut: the network between a gateway and its database.

async with forwarding(url) as line:
    served(folder, database=line.url)
    await line.cut(Cut.REFUSED)  # nobody listens there any more; open lines break
    await line.restore()         # on the same port
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from enum import Enum, auto
from urllib.parse import parse_qs, urlsplit

_CHUNK = 1 << 16


class Cut(Enum):
    """How a database is out of reach."""

    REFUSED = auto()
    """Nobody listens at its port."""
    HUNG_UP = auto()
    """Something listens there, takes each connection and ends it."""
    SILENT = auto()
    """Whatever is said there is swallowed, and no line ends: a firewall that forgot us."""


class Forwarder:
    """Listens on a port of its own and passes on what comes, both ways."""

    def __init__(self, url: str) -> None:
        """Lead to the server of a database's URL."""
        self._target = urlsplit(url)
        self._lines: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._port = 0
        self._cut: Cut | None = None
        self._turned_away = asyncio.Condition()
        self.turned_away = 0

    @property
    def url(self) -> str:
        """The database's URL by way of this line."""
        user = self._target.username or "postgres"
        name = self._target.path.lstrip("/")
        return f"postgresql://{user}@127.0.0.1:{self._port}/{name}"

    async def cut(self, how: Cut) -> None:
        """Break all lines and let nobody through."""
        self._cut = how
        if how is Cut.REFUSED:
            await self._stop_listening()
        if how is not Cut.SILENT:
            self._break_all()

    async def restore(self) -> None:
        """Let everybody through again."""
        if self._cut is Cut.SILENT:
            self._break_all()
        self._cut = None
        if self._server is None:
            await self.listen()

    async def has_turned_away(self, times: int) -> None:
        """Wait until so many connections were taken and ended."""
        async with self._turned_away:
            await self._turned_away.wait_for(lambda: self.turned_away >= times)

    async def listen(self) -> None:
        """Listen, on the port of before if there was one."""
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Break everything."""
        await self.cut(Cut.REFUSED)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _break_all(self) -> None:
        for writer in list(self._lines):
            writer.transport.abort()

    async def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self._cut is Cut.SILENT:
            await self._pass(reader, writer)
            return
        if self._cut is not None:
            writer.transport.abort()
            async with self._turned_away:
                self.turned_away += 1
                self._turned_away.notify_all()
            return
        far_reader, far_writer = await self._connect()
        if self._cut not in {None, Cut.SILENT}:  # meanwhile
            far_writer.transport.abort()
            writer.transport.abort()
            return
        self._lines |= {writer, far_writer}  # now, not when the two begin to pass on
        await asyncio.gather(self._pass(reader, far_writer), self._pass(far_reader, writer))

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        port = self._target.port or 5432
        folder = parse_qs(self._target.query).get("host", [""])[0]
        if folder:
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{port}")
        return await asyncio.open_connection(self._target.hostname, port)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        try:
            with suppress(OSError):
                while octets := await reader.read(_CHUNK):
                    if self._cut is not Cut.SILENT:
                        writer.write(octets)
                        await writer.drain()
        finally:
            self._lines.discard(writer)
            writer.close()


@asynccontextmanager
async def forwarding(url: str) -> AsyncIterator[Forwarder]:
    """Open a line to the server of a URL, until left."""
    line = Forwarder(url)
    await line.listen()
    try:
        yield line
    finally:
        await line.close()
