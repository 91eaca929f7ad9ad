"""httpcore's way to the network with something of ours before it; its signature stands here alone.

Each rule of how far a call may reach, or how much it may be told, is one such wrapper round the
network that it is given. This one changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httpcore


class WrappedNetwork(httpcore.AsyncNetworkBackend):
    """Does as the network behind it does, but for what a wrapper says otherwise."""

    def __init__(self, network: httpcore.AsyncNetworkBackend | None = None) -> None:
        """Stand before a network, the usual one unless another is given."""
        self._network = network or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to where a host is said to be."""
        address = await self._address_of(host, port)
        return self._wrapped(
            await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
        )

    async def sleep(self, seconds: float) -> None:
        """Wait between tries."""
        await self._network.sleep(seconds)

    async def _address_of(self, host: str, port: int) -> str:
        """Return where to connect for a host. Raise ConnectError if nowhere."""
        return host

    def _wrapped(self, stream: httpcore.AsyncNetworkStream) -> httpcore.AsyncNetworkStream:
        """Return what is spoken over in place of a connection that was made."""
        return stream
