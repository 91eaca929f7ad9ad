"""Taking connections as they come, so that nobody waits in the kernel behind somebody's crowd.

A loop's own server takes one connection in a turn and then reads what that one brought. Whoever
opens many and makes each of them work so fills the listen queue, where no limit of ours reaches:
all others, health included, wait there first in, first out. Here all that have come are taken in
one turn, and those of a network that has its share already are turned away before anything of
theirs is read.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

from gateway.http.http_state import HttpState

_IN_A_TURN = 256
_REST_SECONDS = 1.0


class HttpAcceptor:
    """The connections of one listening socket, until it is closed."""

    def __init__(
        self, place: socket.socket, connection: Callable[[], asyncio.Protocol], state: HttpState
    ) -> None:
        """Begin to take them. ``connection`` makes what speaks to one."""
        self._place, self._connection, self._state = place, connection, state
        self._loop = asyncio.get_running_loop()
        self._coming: set[asyncio.Task[None]] = set()
        self._closed = False
        place.setblocking(False)
        self._resume()

    def close(self) -> None:
        """Take no more. Those that were taken go on."""
        self._closed = True
        self._loop.remove_reader(self._place)

    def _resume(self) -> None:
        if not self._closed:
            self._loop.add_reader(self._place, self._take)

    def _take(self) -> None:
        """Take all that have come, but for so many in a turn: others' work goes on in between."""
        for _ in range(_IN_A_TURN):
            try:
                line, address = self._place.accept()
            except (BlockingIOError, InterruptedError):
                return
            except ConnectionError:  # it has gone again
                continue
            except OSError as error:  # no descriptor is left: the queue waits for one
                self._state.out_of_descriptors(error)
                self._loop.remove_reader(self._place)
                self._loop.call_later(_REST_SECONDS, self._resume)
                return
            # The numbers from here on are SMTP's: one at a time, as it may push another out.
            is_last = not self._state.has_descriptors(line.fileno())
            task = self._led_in(line, str(address[0]))
            if task is not None and is_last:
                self._loop.remove_reader(self._place)
                task.add_done_callback(lambda _: self._resume())
                return

    def _led_in(self, line: socket.socket, peer: str) -> asyncio.Task[None] | None:
        """Let one in and return the task of it, or turn it away."""
        line.setblocking(False)
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
