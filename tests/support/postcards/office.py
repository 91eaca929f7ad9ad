"""A post office on loopback that takes postcards, refuses them, or hangs up, as it is told."""

import asyncio
from collections import defaultdict, deque
from typing import Self

from core.outcome import PeerReply

_TAKEN = PeerReply(200, None, "Taken")


class PostOffice:
    """A real server. ``taken``: the texts it has, ``addresses``: whom they are for."""

    def __init__(self) -> None:
        """Begin with nothing, and open."""
        self.taken: list[bytes] = []
        self.addresses: list[str] = []
        self.port = 0
        self._answers: defaultdict[str, deque[PeerReply | None]] = defaultdict(deque)
        self._news = asyncio.Event()

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close."""
        self._server.close()
        await self._server.wait_closed()

    def refuse(self, step: str, reply: PeerReply) -> None:
        """Answer this at the next such step."""
        self._answers[step].append(reply)

    def drop(self, step: str) -> None:
        """Hang up at the next such step."""
        self._answers[step].append(None)

    async def took(self, count: int) -> None:
        """Wait until there are so many postcards, at most ten seconds."""
        async with asyncio.timeout(10):
            while len(self.taken) < count:
                self._news.clear()
                await self._news.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            _, _, to = (await reader.readline()).decode().strip().partition(" ")
            if not await self._answered("TO", writer):
                return
            _, _, size = (await reader.readline()).partition(b" ")
            text = await reader.readexactly(int(size))
            if await self._answered("TEXT", writer):
                self.taken.append(text)
                self.addresses.append(to)
                self._news.set()
        finally:
            writer.close()

    async def _answered(self, step: str, writer: asyncio.StreamWriter) -> bool:
        """Answer; True if it was yes."""
        reply = self._answers[step].popleft() if self._answers[step] else _TAKEN
        if reply is None:
            return False
        writer.write(f"{reply.code} {reply.text}\n".encode())
        await writer.drain()
        return reply.code == _TAKEN.code
