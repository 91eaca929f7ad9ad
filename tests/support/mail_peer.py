"""A peer on a real socket, and a handler that remembers what it was given."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from gateway.mail.envelope import Envelope
from gateway.smtp.limits import SmtpLimits
from gateway.smtp.listener import Listening, listening

TO_DATA = (b"EHLO here.test", b"MAIL FROM:<a@b.test>", b"RCPT TO:<x@right.test>", b"DATA")


@dataclass
class Remembering:
    """A handler that admits everyone at right.test and remembers what it was given."""

    mails: list[tuple[Envelope, bytes]] = field(default_factory=list)
    asked: list[tuple[Envelope, str]] = field(default_factory=list)

    async def rcpt(self, envelope: Envelope, address: str) -> str:
        """Admit, or not."""
        self.asked.append((envelope, address))
        if address.startswith("bug"):
            raise ZeroDivisionError("a secret of ours")
        return "250 2.1.5 ok" if address.endswith("@right.test") else "550 5.1.1 nobody"

    async def data(self, envelope: Envelope, content: bytes) -> str:
        """Remember."""
        self.mails.append((envelope, content))
        return "250 2.0.0 taken"


class Peer:
    """A peer that says what it is told."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk on a line."""
        self._reader, self._writer = reader, writer

    async def hear(self) -> str:
        """Return one whole reply, or an empty string at the end."""
        lines = []
        while line := (await self._reader.readline()).decode():
            lines.append(line.rstrip())
            if line[3:4] != "-":
                break
        return "\n".join(lines)

    async def say(self, *lines: bytes) -> list[str]:
        """Say lines one by one, and return what was heard to each."""
        heard = []
        for line in lines:
            self._writer.write(line + b"\r\n")
            heard.append(await self.hear())
        return heard

    async def drained(self) -> None:
        """Wait until what was written has left."""
        await self._writer.drain()

    async def still_there(self) -> None:
        """Let the other side have a turn."""
        await asyncio.sleep(0)

    async def rest(self) -> bytes:
        """Return whatever is still said, to the end of the line."""
        return await self._reader.read()

    async def last_words(self) -> bytes:
        """Return whatever is still said, also where the line breaks."""
        try:
            return await self._reader.read()
        except ConnectionResetError:
            return b""

    async def start_tls(self, context: ssl.SSLContext, name: str) -> None:
        """Cover the line, if the server is who it should be."""
        await self._writer.start_tls(context, server_hostname=name)

    def certificate(self) -> dict[str, Any]:
        """Return the certificate the server has shown."""
        shown: dict[str, Any] = self._writer.get_extra_info("peercert")
        return shown

    def finish(self) -> None:
        """Say no more, but go on listening."""
        self._writer.write_eof()

    def write(self, octets: bytes) -> None:
        """Write octets as they are."""
        self._writer.write(octets)

    def reset(self) -> None:
        """Break the line as a program that dies does: with a reset."""
        self._writer.transport.abort()

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()


async def connect(port: int) -> Peer:
    """Connect, and hear nothing yet."""
    return Peer(*await asyncio.open_connection("127.0.0.1", port))


@asynccontextmanager
async def a_peer(
    handler: Remembering, limits: SmtpLimits | None = None, place: Listening | None = None
) -> AsyncIterator[Peer]:
    """Connect a peer to a listener of its own, past the greeting."""
    place = place or Listening(limits=replace(limits or SmtpLimits(), tarpit_seconds=0.0))
    async with listening(place, handler) as listener:
        peer = await connect(listener.port)
        assert (await peer.hear()).startswith("220 ")
        yield peer
        await peer.close()
