"""One content comes in: read from the line, timed, counted, and bounded.

What is too big is read on to its end so that the refusal comes where the peer listens, but not
for ever: when enough was wasted on it the line is cut. What does not fit beside the contents of all
other sessions is thrown away in the same manner, and the peer may try again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from core.memory_budget import HeldOctets
from gateway.smtp.aiosmtpd_adapter import put_back
from gateway.smtp.bdat_content import Chunks
from gateway.smtp.dot_content import Content
from gateway.smtp.timeouts import Timeouts

_PIECE = 1 << 17


@dataclass(slots=True)
class DataReader:
    """What a content comes in by. ``held``: its part of memory; ``spilled``: none was left."""

    reader: asyncio.StreamReader
    timeouts: Timeouts
    held: HeldOctets
    time: Callable[[], float]
    spilled: bool = False
    _read: int = field(default=0, init=False)

    async def to_end(self, content: Content) -> bool:
        """Read to the line with the dot (RFC 5321, 4.1.1.4); False if it takes no end."""
        self.timeouts.expect_content(self.time())
        rest = None
        while rest is None:
            rest = content.feed(await self._piece(_PIECE))
            self._count(content)
            if self._is_endless(content):
                return False
        self.timeouts.content_ended()
        if rest:
            put_back(self.reader, rest)  # commands that were pipelined behind the content
        return True

    async def chunk(self, chunks: Chunks, octets: int) -> bool:
        """Read a chunk of so many octets; False if that is beyond all measure."""
        if self._is_endless(chunks, octets):
            return False
        self.timeouts.expect_content(self.time())
        left = octets
        while left:
            piece = await self._piece(min(left, _PIECE))
            left -= len(piece)
            if not chunks.failed:
                chunks.add(piece)
                self._count(chunks)
        self.timeouts.content_ended()
        return True

    def let_go(self) -> None:
        """Hold the octets no more."""
        self.held.let_go()

    def _is_endless(self, content: Content, more: int = 0) -> bool:
        """Whether too much would be read to be thrown away."""
        most = content.most_octets + self.timeouts.limits.wasted_octets
        return self._read + more > most

    async def _piece(self, most: int) -> bytes:
        piece = await self.reader.read(most)
        if not piece:
            raise ConnectionResetError  # an end in the middle of a content is none of a mail
        self._read += len(piece)
        self.timeouts.progress(self.time(), len(piece))
        return piece

    def _count(self, content: Content) -> None:
        if not self.held.grow_to(content.held):
            # Not refused here: the peer listens only behind the end, to which it is read on.
            self.spilled = True
            content.forget()
