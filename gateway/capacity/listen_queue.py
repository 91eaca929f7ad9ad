"""Taking connections as they come, so that nobody waits in the kernel behind somebody's crowd.

A loop's own server takes one connection in a round and then reads what that one brought. Whoever
opens many and makes each of them work so fills the listen queue, where no limit of ours reaches:
all others wait there first in, first out. Here all that have come are taken in one round, and
whoever takes them turns away those that are too many before anything of theirs is read.

The trap: accept(2) also raises what went wrong with one connection while it waited, which says
nothing of the next. Only what the process or the system lacks keeps the others waiting, too.
"""

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import Any

_IN_A_ROUND = 256
_REST_SECONDS = 1.0
# accept(2): no descriptor is left to the process or the system, or no memory for one more.
_SHORT_OF = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class ListenQueue:
    """The connections of one listening socket, until it is closed."""

    def __init__(
        self,
        place: socket.socket,
        take: Callable[[socket.socket, Any], asyncio.Task[None] | None],
        short: Callable[[OSError], None],
    ) -> None:
        """Begin to take them.

        ``take`` is given each connection and its address; the next are taken when the task has
        ended that it returns, if any. ``short`` is told when there is no descriptor for one more.
        """
        self._place, self._connection, self._short = place, take, short
        self._loop = asyncio.get_running_loop()
        self._closed = False
        place.setblocking(False)
        self._resume()

    def close(self) -> None:
        """Take no more. Those that were taken go on; the socket is its owner's to close."""
        self._closed = True
        self._loop.remove_reader(self._place)

    def _resume(self) -> None:
        if not self._closed:
            self._loop.add_reader(self._place, self._take)

    def _take(self) -> None:
        """Take all that have come, but for so many in a round: others' work goes on in between."""
        for _ in range(_IN_A_ROUND):
            try:
                line, address = self._place.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                if error.errno in _SHORT_OF:  # the queue waits for one
                    self._short(error)
                    self._loop.remove_reader(self._place)
                    self._loop.call_later(_REST_SECONDS, self._resume)
                    return
                continue  # this one has gone again, or never was one
            line.setblocking(False)
            first = self._connection(line, address)
            if first is not None:
                self._loop.remove_reader(self._place)
                first.add_done_callback(lambda _: self._resume())
                return
