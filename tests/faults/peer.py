"""A mail server that delivers to the gateway, a line or a whole mail at a time."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SECONDS = 20


class Peer:
    """One connection, past the greeting."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk on a line."""
        self._reader, self._writer = reader, writer

    async def hear(self) -> str:
        """Return one whole reply. Raise ConnectionError where the line has ended."""
        lines = []
        async with asyncio.timeout(SECONDS):
            while line := (await self._reader.readline()).decode():
                lines.append(line.rstrip())
                if line[3:4] != "-":
                    return "\n".join(lines)
        raise ConnectionResetError

    async def say(self, *lines: str) -> str:
        """Say lines one by one, and return what was heard to the last."""
        heard = ""
        for line in lines:
            self.write(line + "\r\n")
            heard = await self.hear()
        return heard

    def write(self, text: str) -> None:
        """Write, and wait for nothing."""
        self._writer.write(text.encode())

    async def cover(self, context: ssl.SSLContext, name: str) -> None:
        """Begin TLS on the line, as after STARTTLS (RFC 3207)."""
        await self._writer.start_tls(context, server_hostname=name)


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Peer]:
    """Connect to the gateway and hear its greeting."""
    async with asyncio.timeout(SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        peer = Peer(reader, writer)
        greeting = await peer.hear()
        if not greeting.startswith("220"):
            raise ConnectionRefusedError(greeting)
        yield peer
    finally:
        writer.close()


def to_data(address: str) -> tuple[str, ...]:
    """Return what is said before the content."""
    return ("EHLO mx.test", "MAIL FROM:<bo@example.net>", f"RCPT TO:<{address}>", "DATA")


def a_reply(text: str, message_id: str) -> str:
    """Return a mail of Bo's, to be written after DATA, with its end."""
    return (
        f"From: Bo <bo@example.net>\r\nMessage-ID: <{message_id}@mx.test>\r\nSubject: Re: hello\r\n"
        f"\r\n{text}\r\n.\r\n"
    )


async def offer(port: int, address: str, text: str, message_id: str) -> str:
    """Offer one mail and return the answer that decided on it: the first that is no yes."""
    async with connected(port) as peer:
        for line in to_data(address):
            heard = await peer.say(line)
            if heard[0] in "45":
                return heard
        peer.write(a_reply(text, message_id))
        return await peer.hear()
