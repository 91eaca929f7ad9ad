"""Letting HTTP connections in: all that have come, but for those whose network has its share.

These are turned away before anything of theirs is read (``gateway/capacity/listen_queue``).
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from gateway.capacity.listen_queue import ListenQueue
from gateway.http.http_state import HttpState


class HttpAcceptor:
    """The connections of one listening socket, until it is closed."""

    def __init__(
        self, place: socket.socket, connection: Callable[[], asyncio.Protocol], state: HttpState
    ) -> None:
        """Begin to take them. ``connection`` makes what speaks to one."""
        self._connection, self._state = connection, state
        self._loop = asyncio.get_running_loop()
        self._coming: set[asyncio.Task[None]] = set()
        self._queue = ListenQueue(place, self._take, state.out_of_descriptors)

    async def close(self) -> None:
        """Take no more; return when those that were taken are connected, who go on."""
        self._queue.close()
        await asyncio.gather(*self._coming, return_exceptions=True)

    def _take(self, line: socket.socket, address: Any) -> asyncio.Task[None] | None:
        """Let one in or turn it away; return what must end before the next is taken, if any."""
        # The numbers from here on are SMTP's: one at a time, as it may push another out.
        is_last = not self._state.has_descriptors(line.fileno())
        task = self._led_in(line, str(address[0]))
        return task if is_last else None

    def _led_in(self, line: socket.socket, peer: str) -> asyncio.Task[None] | None:
        """Let one in and return the task of it, or turn it away."""
        refusal = self._state.turned_away(peer)
        if refusal is not None:
            with suppress(OSError):
                line.send(refusal)
            line.close()
            return None
        task = self._loop.create_task(self._connected(line))
        # The loop holds tasks weakly: one that nobody else holds may vanish.
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)
        return task

    async def _connected(self, line: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._connection, line)
        except OSError:  # it has gone again
            line.close()
