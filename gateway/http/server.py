"""Listening for HTTP: the server on a socket of ours.

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

from core.config.ways_in import HttpSettings
from core.errors import SettingsError
from gateway.capacity.share import Share
from gateway.http.http_state import HttpState, http_state
from gateway.http.uvicorn_adapter import HttpServer

_BACKLOG = 2048


@asynccontextmanager
async def serving(
    app: Any, bound: socket.socket, state: HttpState | None = None
) -> AsyncIterator[None]:
    """Serve an application on a bound socket until left; requests under way are finished.

    ``state`` bounds who may ask and how long that may take: None for an operator's socket.
    """
    server = HttpServer(app, state)
    task = asyncio.create_task(server.serve([bound]))
    up = asyncio.create_task(server.up.wait())
    try:
        await asyncio.wait({task, up}, return_when=asyncio.FIRST_COMPLETED)
        yield
    finally:
        up.cancel()
        server.should_exit = True
        await task


async def open_public(
    stack: AsyncExitStack, settings: HttpSettings, app: Any, share: Share | None = None
) -> str:
    """Serve an application where the settings say until the stack is left; return a line of it.

    ``share``: what of the process's descriptors is HTTP's, None for all. Raise SettingsError if
    the place is taken.
    """
    host, port = settings.host, settings.port
    try:
        bound = _bind(host, port, reuse_port=settings.reuse_port)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise SettingsError(f"http.port: cannot listen on {host}:{port}: {why}") from None
    said = f"http listening on {host}:{bound.getsockname()[1]}"
    state = http_state(settings, share or Share())
    await stack.enter_async_context(serving(app, bound, state))
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
