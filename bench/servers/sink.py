"""A relay that takes every mail and forgets it: as little as SMTP can cost, on one port."""

import asyncio
import sys
from typing import cast

import uvloop

ANSWERS = {
    b"EHLO": b"250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 104857600\r\n",
    b"DATA": b"354 Go ahead\r\n",
    b"QUIT": b"221 Bye\r\n",
}
OK = b"250 2.0.0 Ok\r\n"
END = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One peer."""

    def __init__(self) -> None:
        """Begin with nothing heard."""
        self._buffer = b""
        self._content = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer each command, and each content when it has ended."""
        self._buffer += data
        while True:
            mark = END if self._content else b"\r\n"
            head, found, rest = self._buffer.partition(mark)
            if not found:
                return
            self._buffer = rest
            if self._content:
                self._content = False
                self._transport.write(OK)
                continue
            verb = head[:4].upper()
            self._transport.write(ANSWERS.get(verb, OK))
            self._content = verb == b"DATA"
            if verb == b"QUIT":
                self._transport.close()


async def main() -> None:
    """Listen, and print the port."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


uvloop.run(main())
