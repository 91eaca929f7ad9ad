"""A name server of a handful of records on loopback, so that SPF and DMARC can really be asked."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

HOST, PORT = "127.0.53.53", 53


class Names(asyncio.DatagramProtocol):
    """Answers for the texts it was given; nothing else exists. ``asked`` counts the questions.

    For names that begin with ``silent`` it says nothing at all.
    """

    def __init__(self, texts: Mapping[str, str], silent: str) -> None:
        """Answer with these texts, by name."""
        self._texts, self._silent = texts, silent
        self.asked = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Listen."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one question."""
        self.asked += 1
        question = dns.message.from_wire(data)
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.AA | dns.flags.RA
        asked = question.question[0]
        name = asked.name.to_text(omit_final_dot=True).lower()
        if self._silent and name.startswith(self._silent):
            return
        text = self._texts.get(name)
        if text is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif asked.rdtype == dns.rdatatype.TXT:
            answer.answer.append(dns.rrset.from_text(asked.name, 300, "IN", "TXT", f'"{text}"'))
        self._transport.sendto(answer.to_wire(), addr)


@asynccontextmanager
async def naming(texts: Mapping[str, str], silent: str = "") -> AsyncIterator[Names]:
    """Answer until left. The port is the one of all name servers: it takes the right to bind it."""
    loop = asyncio.get_running_loop()
    try:
        line, names = await loop.create_datagram_endpoint(
            lambda: Names(texts, silent), local_addr=(HOST, PORT)
        )
    except PermissionError:
        raise SystemExit(f"may not listen on {HOST}:{PORT}: run this as root") from None
    try:
        yield names
    finally:
        line.close()
