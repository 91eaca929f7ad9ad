"""How much may an endpoint say to one call? So many octets, whatever they are.

Of an answer we read an excerpt. What may stand before it has no end by itself: a server may send
any number of interim answers (RFC 9110, 15.2), which httpcore reads and passes over, and each
costs the one loop that serves everybody.
"""

from __future__ import annotations

import ssl
from typing import Any

import httpcore

from notifier.channels.webhook.wrapped_network import WrappedNetwork

_MOST = 64 * 1024  # head, interim answers and the beginning of the body


class LimitedAnswers(WrappedNetwork):
    """A network whose connections end where too much is answered."""

    def _wrapped(self, stream: httpcore.AsyncNetworkStream) -> httpcore.AsyncNetworkStream:
        return _Stream(stream)


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that counts what was read since something was last written."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._read = 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        left = _MOST - self._read
        if left <= 0:
            raise httpcore.ReadError(f"it answers more than {_MOST // 1024} KB")
        octets = await self._stream.read(min(max_bytes, left), timeout)
        self._read += len(octets)
        return octets

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        self._read = 0
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
