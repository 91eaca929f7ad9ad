"""Listening: a place whose connections become sessions, until it is left.

On leaving, new peers are refused, those in the middle of a mail may finish it, and the rest are
told to come back (421).
"""

import asyncio
import errno
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from core.memory_budget import MemoryBudget
from gateway.capacity.connection_limits import ConnectionLimits
from gateway.smtp.certificates import Certificates
from gateway.smtp.limits import SmtpLimits
from gateway.smtp.lmtp import LmtpSession
from gateway.smtp.preamble import Acceptor, accepting
from gateway.smtp.server_state import Handler, ServerState
from gateway.smtp.smtp_session import SmtpSession

_BACKLOG = 512
_GRACE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Listening:
    """Where and how to listen. Port 0 lets the system choose; ``path`` is a unix socket instead.

    ``connection_limits``, ``memory`` and ``certificates`` are given where several share them;
    ``ceiling`` is the number of a descriptor at which nobody is let in any more.
    """

    host: str = "127.0.0.1"
    port: int = 0
    path: Path | None = None
    hostname: str = "localhost"
    lmtp: bool = False
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    implicit_tls: bool = False
    proxied: bool = False
    reuse_port: bool = False
    trusted: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    limits: SmtpLimits = SmtpLimits()  # noqa: RUF009  frozen
    connection_limits: ConnectionLimits | None = None
    memory: MemoryBudget | None = None
    ceiling: int = sys.maxsize
    certificates: Certificates | None = None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True, slots=True)
class Listener:
    """A place that is listened at; a unix socket has port 0."""

    port: int
    server: ServerState


@asynccontextmanager
async def listening(place: Listening, handler: Handler) -> AsyncIterator[Listener]:
    """Listen until left. Raise OSError if the place is taken, or a certificate no good."""
    state = _state(place, handler)
    kind = LmtpSession if place.lmtp else SmtpSession
    async with AsyncExitStack() as stack:
        stack.push_async_callback(state.connection_limits.drain, _GRACE_SECONDS)
        if place.path is not None:
            await _unix(stack, place.path, lambda: kind(state))
            yield Listener(0, state)
            return
        led_in = place.implicit_tls or place.proxied
        server = await asyncio.get_running_loop().create_server(
            lambda: kind(state),
            place.host or None,
            place.port,
            backlog=_BACKLOG,
            reuse_port=place.reuse_port or None,
            family=socket.AF_UNSPEC,
            start_serving=not led_in,
        )
        stack.callback(server.close)
        port = server.sockets[0].getsockname()[1]
        if led_in:
            acceptor = Acceptor(
                state, lambda peer: kind(state, peer), place.implicit_tls, place.proxied
            )
            await stack.enter_async_context(accepting(acceptor, _bound(server)))
        yield Listener(port, state)


def _state(place: Listening, handler: Handler) -> ServerState:
    certificates = place.certificates
    if certificates is None and place.tls_certificate is not None:
        time = asyncio.get_running_loop().time
        certificates = Certificates(place.tls_certificate, place.tls_key, time)
    limits = place.limits
    connection_limits = place.connection_limits or ConnectionLimits(limits.bounds, place.trusted)
    memory = place.memory or MemoryBudget(limits.contents_octets)
    return ServerState(
        handler, limits, connection_limits, memory, place.hostname, place.ceiling, certificates,
        place.sleep,
    )  # fmt: skip


def _bound(server: asyncio.Server) -> list[socket.socket]:
    """Return the sockets a server has bound, as our own, listening.

    asyncio binds every address of a host, and would accept by itself, with no word before TLS.
    """
    places = [one.dup() for one in server.sockets]
    for one in places:
        one.setblocking(False)
        one.listen(_BACKLOG)
    return places


async def _unix(stack: AsyncExitStack, path: Path, session: Callable[[], SmtpSession]) -> None:
    """Listen on a unix socket that everybody who can reach its folder may connect to.

    Whoever delivers there could as well deliver to the port, so the folder is the only gate.
    """
    _refuse_if_taken(path)
    server = await asyncio.get_running_loop().create_unix_server(session, path, backlog=_BACKLOG)
    stack.callback(path.unlink, missing_ok=True)  # after the next: the last in goes first
    stack.callback(server.close)
    _open_to_all(path)


def _refuse_if_taken(path: Path) -> None:
    """Raise OSError if somebody answers there: a socket left behind is replaced, theirs is not."""
    with socket.socket(socket.AF_UNIX) as line:
        if line.connect_ex(str(path)) == 0:
            raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))


def _open_to_all(path: Path) -> None:
    path.chmod(0o666)  # who connects to a unix socket needs the right to write to it
