"""The preamble of connections that do not begin with our greeting: TLS at once, a proxy's header.

Each is accepted here, led through what comes first within seconds, and only then becomes a
session. Those still on their way are counted too: a handshake that never ends takes a place.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from core.observe import Event, logger
from gateway import answers
from gateway.answers.occasions import Occasion
from gateway.capacity.connection_limits import ConnectionLimits
from gateway.capacity.listen_queue import ListenQueue
from gateway.smtp.proxy import client_of
from gateway.smtp.server_state import ServerState
from gateway.smtp.smtp_session import SmtpSession

_HANDSHAKE_SECONDS = 30.0


@dataclass(slots=True)
class Acceptor:
    """Where connections wait until they are sessions."""

    server: ServerState
    session: Callable[[str], SmtpSession]
    implicit_tls: bool
    proxied: bool
    waiting: dict[asyncio.Task[None], str] = field(default_factory=dict)

    def accept_from(self, place: socket.socket) -> ListenQueue:
        """Take connections as they come, until what is returned is closed."""
        return ListenQueue(place, self._take, self._is_short)

    def _is_short(self, error: OSError) -> None:
        self.server.few_descriptors.met(way_in="smtp", reason=str(error))

    def _take(self, line: socket.socket, address: Any) -> None:
        peer = str(address[0]) if isinstance(address, tuple) else "local"
        if not self.server.has_descriptors(line.fileno()) or not self._has_room_for(peer):
            line.close()
            return
        task = asyncio.get_running_loop().create_task(self._lead_in(line, peer))
        self.waiting[task] = ConnectionLimits.network_of(peer)
        # The loop holds tasks weakly: one that nobody else holds may vanish in mid-handshake.
        task.add_done_callback(self.waiting.pop)

    def _has_room_for(self, peer: str) -> bool:
        """Tell whether one more may wait: so many in all, and of one network so many."""
        limits = self.server.limits
        if len(self.waiting) >= limits.sessions:
            return False
        network = ConnectionLimits.network_of(peer)
        neighbours = sum(one == network for one in self.waiting.values())
        return neighbours < limits.sessions_a_network or self.server.connection_limits.trusts(peer)

    async def _lead_in(self, line: socket.socket, peer: str) -> None:
        """Make a session of a connection, or close it, whatever comes in between."""
        try:
            await self._through_what_comes_first(line, peer)
        except OSError as error:  # no TLS, or gone
            logger().info(
                Event.SESSION_REFUSED,
                peer=ConnectionLimits.network_of(peer),
                reason=type(error).__name__,
            )
            line.close()
        except BaseException:  # we are stopping
            line.close()
            raise

    async def _through_what_comes_first(self, line: socket.socket, peer: str) -> None:
        if self.proxied:
            client = await client_of(line, peer, self.server.connection_limits)
            if client is None:
                self._refuse(line, peer)
                return
            peer = client
        certificates = self.server.certificates
        tls = certificates.context() if certificates and self.implicit_tls else None
        await asyncio.get_running_loop().connect_accepted_socket(
            lambda: self.session(peer),
            line,
            ssl=tls,
            ssl_handshake_timeout=_HANDSHAKE_SECONDS if tls else None,
        )

    def _refuse(self, line: socket.socket, peer: str) -> None:
        logger().warning(
            Event.SESSION_REFUSED, peer=ConnectionLimits.network_of(peer), reason="no PROXY header"
        )
        with contextlib.suppress(OSError):
            if not self.implicit_tls:  # nothing can be said in the clear where TLS is expected
                line.send(answers.say(Occasion.NOT_THROUGH_PROXY).encode() + b"\r\n")
            line.shutdown(socket.SHUT_WR)
        line.close()


@asynccontextmanager
async def accepting(acceptor: Acceptor, places: list[socket.socket]) -> AsyncIterator[None]:
    """Accept connections from bound sockets until left."""
    queues = [acceptor.accept_from(place) for place in places]
    try:
        yield
    finally:
        for queue in queues:
            queue.close()
        waiting = list(acceptor.waiting)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for place in places:
            place.close()
