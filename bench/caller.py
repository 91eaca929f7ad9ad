"""One caller of a gateway behind a balancer: a blocking connection, with any address it likes.

The PROXY header (version 1) says whom it is, so that the gateway takes it for a stranger of the
public internet and checks it as one.
"""

import socket
import time
from types import TracebackType
from typing import Self

_SECONDS = 30


class Caller:
    """A connection that has been greeted. ``greeting`` is what it was told; empty: cut."""

    def __init__(self, port: int, peer: str) -> None:
        """Connect for a peer."""
        self._line = socket.create_connection(("127.0.0.1", port), _SECONDS)
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line.sendall(f"PROXY TCP4 {peer} 127.0.0.1 40000 25\r\n".encode())
        self._answers = self._line.makefile("rb")
        self.greeting = self.answer()

    def __enter__(self) -> Self:
        """Return the caller."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Hang up."""
        self._answers.close()
        self._line.close()

    def answer(self) -> bytes:
        """Return the whole next reply, to its last octet; empty when the line was cut."""
        said = line = self._answers.readline()
        while line[3:4] == b"-":
            line = self._answers.readline()
            said += line
        return said

    def say(self, words: str) -> bytes:
        """Say a line, or a content with its end, and return the reply."""
        self._line.sendall(words.encode() + b"\r\n")
        return self.answer()

    def timed(self, words: str) -> tuple[bytes, float]:
        """Say a line; return the reply, and after how many microseconds it came."""
        octets = words.encode() + b"\r\n"
        began = time.perf_counter_ns()
        self._line.sendall(octets)
        said = self.answer()
        return said, (time.perf_counter_ns() - began) / 1_000


def code(answer: bytes) -> str:
    """Return a reply's code and enhanced code: of the last line, where there are several."""
    last = answer.decode("ascii", "replace").splitlines()[-1:] or ["cut"]
    return " ".join(last[0].split()[:2])
