"""An app's webhook endpoint on loopback: a real HTTP server that answers what it is told.

async with FakeEndpoint() as endpoint:
    endpoint.answer(503, headers={"Retry-After": "120"})   # to the next call; else 200
    call = await endpoint.next_call()
"""

import asyncio
import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Called:
    """One call as it came; header names are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass
class FakeEndpoint:
    """Answers 200 unless told otherwise."""

    calls: list[Called] = field(default_factory=list, init=False)
    _answers: deque[bytes | None] = field(default_factory=deque, init=False)
    _arrivals: asyncio.Queue[Called] = field(default_factory=asyncio.Queue, init=False)
    _server: asyncio.Server | None = field(default=None, init=False)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/hook"

    def answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        """Answer this to the next call."""
        said = {"Content-Length": str(len(body))} | (headers or {})
        head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        self.answer_raw(f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + body)

    def answer_raw(self, octets: bytes) -> None:
        """Answer these octets to the next call, HTTP or not, then hang up."""
        self._answers.append(octets)

    def fall_silent(self) -> None:
        """Never answer the next call."""
        self._answers.append(None)

    async def next_call(self) -> Called:
        """Wait for the next call that has not been asked for yet."""
        return await self._arrivals.get()

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop, and hang up on whoever still waits."""
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            await self._converse(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.rstrip().split("\r\n")
            headers = {name.lower(): value for name, value in (ln.split(": ", 1) for ln in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            method, path, _ = first.split(" ")
            call = Called(method, path, headers, body)
            self.calls.append(call)
            self._arrivals.put_nowait(call)
            if not self._answers:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")
                continue
            octets = self._answers.popleft()
            if octets is None:
                await asyncio.get_running_loop().create_future()
                return
            writer.write(octets)
            await writer.drain()
            return
