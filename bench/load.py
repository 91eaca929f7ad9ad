"""Offers mails by SMTP, one a connection, and keeps a ledger of what each was answered."""

import argparse
import asyncio
import time
from collections.abc import Iterable, Sequence
from functools import partial
from typing import cast

LINE = "> line {} of what was said before, some seventy characters wide\r\n"
QUOTE = "".join(LINE.format(n) for n in range(50))


class Load(asyncio.Protocol):
    """One connection that offers one mail and is done."""

    def __init__(self, number: int, to: str, done: asyncio.Future[str]) -> None:
        """Prepare what is said."""
        self._done = done
        body = (
            f"From: Bo <bo@example.net>\r\nTo: <{to}>\r\nSubject: Re: x\r\n"
            f"Message-ID: <{number}@bench>\r\n\r\nReply number {number}, thank you.\r\n\r\n"
            f"On Sat, 21 Nov 2026 at 10:00, Ann <n@app.test> wrote:\r\n{QUOTE}.\r\n"
        )
        commands = ("EHLO bench", "MAIL FROM:<bo@example.net>", f"RCPT TO:<{to}>", "DATA")
        self._lines = [*(f"{one}\r\n".encode() for one in commands), body.encode(), b"QUIT\r\n"]
        self._said = 0
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the greeting."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer each whole reply with the next line."""
        self._buffer += data
        while b"\r\n" in self._buffer:
            line, _, self._buffer = self._buffer.partition(b"\r\n")
            if line[3:4] == b"-":
                continue
            if self._said == 5 and not self._done.done():
                self._done.set_result(line.decode("ascii", "replace"))
            if self._said < len(self._lines):
                self._transport.write(self._lines[self._said])
                self._said += 1

    def connection_lost(self, error: Exception | None) -> None:
        """Count a dropped line as refused."""
        if not self._done.done():
            self._done.set_result("")


async def offer(
    ports: Sequence[int], addresses: Sequence[str], numbers: Iterable[int], sessions: int
) -> dict[int, str]:
    """Offer the mails of these numbers and return what each was answered, empty if nothing."""
    loop = asyncio.get_running_loop()
    waiting = iter(numbers)
    ledger: dict[int, str] = {}

    async def session() -> None:
        for number in waiting:
            done: asyncio.Future[str] = loop.create_future()
            to, port = addresses[number % len(addresses)], ports[number % len(ports)]
            try:
                await loop.create_connection(partial(Load, number, to, done), "127.0.0.1", port)
            except OSError:
                ledger[number] = ""
                continue
            ledger[number] = await done

    await asyncio.gather(*(session() for _ in range(sessions)))
    return ledger


async def drive(
    ports: Sequence[int], addresses: Sequence[str], first: int, mails: int, sessions: int
) -> float:
    """Offer so many mails, all of which must be accepted; return how many were a second."""
    began = time.perf_counter()
    ledger = await offer(ports, addresses, range(first, first + mails), sessions)
    spent = time.perf_counter() - began
    refused = [said for said in ledger.values() if not said.startswith("250")]
    if refused:
        raise SystemExit(f"{len(refused)} of {mails} were refused: {refused[0] or 'cut off'}")
    return mails / spent


def asked(about: str | None) -> argparse.Namespace:
    """Return how many mails are to be offered, in how many sessions, and how often."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--mails", type=int, default=1500)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()
