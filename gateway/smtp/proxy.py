"""Whom does a proxy speak for? The header it sends first of all (PROXY protocol, v1 and v2).

The header is read straight from the socket and not one octet further, because TLS may
begin right behind it. Only the operator's own networks may send one, and they must: a header from
anywhere else would let a peer choose its own address, and none at all hides who it is.
"""

import asyncio
import socket

from gateway.capacity.connection_limits import ConnectionLimits
from gateway.smtp.aiosmtpd_adapter import read_proxy_header

_SECONDS = 5.0
_LONGEST_LINE = 107  # the longest header of version 1, in its own words


class _Socket:
    """A socket, to be read like a stream."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._loop = asyncio.get_running_loop()

    async def read(self, most: int = -1) -> bytes:
        """Read some octets, at most so many."""
        return await self._loop.sock_recv(self._line, max(most, 1))

    async def readexactly(self, n: int) -> bytes:
        """Read so many octets, or raise ConnectionError."""
        read = b""
        while len(read) < n:
            piece = await self.read(n - len(read))
            if not piece:
                raise ConnectionResetError
            read += piece
        return read

    async def readuntil(self, separator: bytes = b"\n") -> bytes:
        """Read to the end of a line, or as much as a header has at most."""
        read = b""
        while not read.endswith(separator) and len(read) <= _LONGEST_LINE:
            read += await self.readexactly(1)
        return read


async def client_of(
    line: socket.socket, proxy: str, connection_limits: ConnectionLimits
) -> str | None:
    """Return the address of whom the proxy speaks for; None if it must not, or says nothing valid.

    A proxy that speaks for itself (LOCAL or UNKNOWN: a health check) is the client.
    """
    if not connection_limits.trusts(proxy):
        return None
    try:
        async with asyncio.timeout(_SECONDS):
            header = await read_proxy_header(_Socket(line))
    except (TimeoutError, OSError):
        return None
    if header is None:
        return None
    return proxy if header.client is None else header.client
