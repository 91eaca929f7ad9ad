"""How far may a call reach? Not into our own network, unless the operator says so.

An app's administrator chooses the URL, so it could name this machine, its neighbours or the
cloud's metadata service. A name is therefore looked up here, once, each address is judged, and
the connection goes to the very address that was judged: a name that answers differently the
second time (DNS rebinding) gains nothing. TLS still checks the certificate against the name.

Which addresses those are is ``open_internet``'s to say.
"""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Any

import httpcore

from notifier.channels.webhook.open_internet import is_public
from notifier.channels.webhook.wrapped_network import WrappedNetwork

_PUBLIC_PORTS = frozenset({80, 443, 8080, 8443})


class OutOfReach(httpcore.ConnectError):
    """The call would have gone where it may not go."""


class PublicOnly(WrappedNetwork):
    """A network that has no way to private addresses, nor to uncommon ports."""

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109  httpcore's signature
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: a socket of this machine is no public address."""
        raise OutOfReach(f"{path} is on this machine")

    async def _address_of(self, host: str, port: int) -> str:
        """Return the first address of a host that lies on the open internet."""
        if port not in _PUBLIC_PORTS:
            raise OutOfReach(f"port {port} is not allowed")
        return await _public_address(host, port)


async def _public_address(host: str, port: int) -> str:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as trouble:
        raise httpcore.ConnectError(f"{host} cannot be found: {trouble}") from trouble
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    public = next(filter(is_public, addresses), None)
    if public is None:
        raise OutOfReach(f"{host} is not on the open internet")
    return str(public)
