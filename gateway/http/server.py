"""Listening for HTTP: uvicorn on a socket of ours, without signals of its own.

The caller binds, so that a port that is taken is told in one line and port 0 can be asked what it
became; it also takes the signals, for all rooms at once. An admin socket is made with mode 0600
before anybody can connect: whoever may open it may administer.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import uvicorn

from core.config.ways_in import HttpSettings
from core.errors import SettingsError

_BACKLOG = 2048
_GRACE_SECONDS = 5


class _Server(uvicorn.Server):
    """A server that leaves signals alone and says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none: the process does."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, and say so."""
        await super().startup(sockets)
        self.up.set()


@asynccontextmanager
async def serving(app: Any, bound: socket.socket) -> AsyncIterator[None]:
    """Serve an application on a bound socket until left; requests under way are finished."""
    config = uvicorn.Config(
        app,
        access_log=False,
        lifespan="off",
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ws="none",
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve([bound]))
    up = asyncio.create_task(server.up.wait())
    try:
        await asyncio.wait({task, up}, return_when=asyncio.FIRST_COMPLETED)
        yield
    finally:
        up.cancel()
        server.should_exit = True
        await task


async def open_public(stack: AsyncExitStack, settings: HttpSettings, app: Any) -> str:
    """Serve an application where the settings say until the stack is left; return a line of it.

    Raise SettingsError if the place is taken.
    """
    host, port = settings.host, settings.port
    try:
        bound = _bind(host, port, reuse_port=settings.reuse_port)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise SettingsError(f"http.port: cannot listen on {host}:{port}: {why}") from None
    said = f"http listening on {host}:{bound.getsockname()[1]}"
    await stack.enter_async_context(serving(app, bound))
    return said


@contextmanager
def bind_private(path: Path) -> Iterator[socket.socket]:
    """Yield a listening unix socket that only this user may open; remove it at the end.

    One that a dead process left is taken over: the caller owns the database beside it.
    """
    path.unlink(missing_ok=True)
    bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        bound.bind(str(path))
    finally:
        os.umask(mask)
    bound.listen(_BACKLOG)
    try:
        yield bound
    finally:
        bound.close()
        with suppress(OSError):
            path.unlink()


def _bind(host: str, port: int, *, reuse_port: bool) -> socket.socket:
    """Return a listening socket; an empty host is every interface of both families."""
    both = not host and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both else _family(host, port)
    return socket.create_server(
        (host, port),
        family=family,
        backlog=_BACKLOG,
        reuse_port=reuse_port,
        dualstack_ipv6=both,
    )


def _family(host: str, port: int) -> int:
    return socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0][0]
