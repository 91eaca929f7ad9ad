"""Listening: a socket whose connections become sessions, until it is closed.

On closing, new peers are refused, those in the middle of a mail may finish it, and the rest are
told to come back (421).
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.smtp.limits import Doorman, Limits
from gateway.smtp.session import Handler, Session

_BACKLOG = 512
_GRACE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Listening:
    """Where and how to listen. Port 0 lets the system choose."""

    host: str = "127.0.0.1"
    port: int = 0
    hostname: str = "localhost"
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    implicit_tls: bool = False
    reuse_port: bool = False
    trusted: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    limits: Limits = Limits()  # noqa: RUF009  frozen


@dataclass(frozen=True, slots=True)
class Listener:
    """A socket that listens."""

    server: asyncio.Server
    port: int


@asynccontextmanager
async def listening(place: Listening, handler: Handler) -> AsyncIterator[Listener]:
    """Listen until left. Raise OSError if the place is taken."""
    tls = _context(place)
    offered = None if place.implicit_tls else tls
    doorman = Doorman(place.limits, place.trusted)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Session(handler, place.limits, doorman, place.hostname, offered),
        place.host or None,
        place.port,
        ssl=tls if place.implicit_tls else None,
        backlog=_BACKLOG,
        reuse_port=place.reuse_port or None,
        family=socket.AF_UNSPEC,
    )
    try:
        yield Listener(server, server.sockets[0].getsockname()[1])
    finally:
        server.close()
        await doorman.empty(_GRACE_SECONDS)


def _context(place: Listening) -> ssl.SSLContext | None:
    """Return the TLS context, or None without a certificate (RFC 8996: TLS 1.2 or newer)."""
    if place.tls_certificate is None:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(place.tls_certificate, place.tls_key)
    return context
