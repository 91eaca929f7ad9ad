"""Replies accepted durably per second, beside a bare aiosmtpd that discards. One mail a connection.

    python bench/inbound.py [--mails 1500] [--sessions 20] [--rounds 3]

Both servers are processes of their own; rounds alternate, and the medians are compared. The mail
is 4 KB of text with a quote below the reply. Target: 0.35, goal 1.4.
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import time
from pathlib import Path

SERVERS = Path(__file__).parent / "servers"
LINE = "> line {} of what was said before, some seventy characters wide\r\n"
QUOTE = "".join(LINE.format(n) for n in range(50))
LABELS = {"discard": "aiosmtpd, discards", "gateway": "Rejoinder, SQLite, durable"}


class Load(asyncio.Protocol):
    """One connection that offers one mail and is done."""

    def __init__(self, number: int, to: str, done: asyncio.Future[bool]) -> None:
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
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each whole reply with the next line."""
        self._buffer += data
        while b"\r\n" in self._buffer:
            line, _, self._buffer = self._buffer.partition(b"\r\n")
            if line[3:4] == b"-":
                continue
            if self._said == 5 and not self._done.done():
                self._done.set_result(line.startswith(b"250"))
            if self._said < len(self._lines):
                self._transport.write(self._lines[self._said])
                self._said += 1

    def connection_lost(self, error: Exception | None) -> None:
        """Count a dropped line as refused."""
        if not self._done.done():
            self._done.set_result(False)


async def drive(port: int, addresses: list[str], first: int, mails: int, sessions: int) -> float:
    """Offer so many mails and return how many were accepted a second."""
    numbers = iter(range(first, first + mails))
    accepted = 0

    async def session() -> None:
        nonlocal accepted
        loop = asyncio.get_running_loop()
        for number in numbers:
            done: asyncio.Future[bool] = loop.create_future()
            to = addresses[number % len(addresses)]
            await loop.create_connection(lambda: Load(number, to, done), "127.0.0.1", port)  # noqa: B023
            taken = await done
            accepted += taken

    began = time.perf_counter()
    await asyncio.gather(*(session() for _ in range(sessions)))
    assert accepted == mails, f"{mails - accepted} of {mails} were refused"
    return mails / (time.perf_counter() - began)


def _greeting(server: subprocess.Popen[str]) -> list[str]:
    """Return what a server prints when it listens: its port and addresses."""
    assert server.stdout is not None
    return server.stdout.readline().split()


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--mails", type=int, default=1500)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    names = tuple(LABELS)
    running = {
        name: subprocess.Popen(
            [sys.executable, SERVERS / f"{name}.py"], stdout=subprocess.PIPE, text=True
        )
        for name in names
    }
    rates: dict[str, list[float]] = {name: [] for name in names}
    try:
        said = {
            name: (one.stdout.readline().split() if one.stdout else [])
            for name, one in running.items()
        }
        for turn in range(given.rounds):
            for name in names:
                port, *addresses = said[name]
                first = turn * given.mails
                rate = drive(int(port), addresses, first, given.mails, given.sessions)
                rates[name].append(asyncio.run(rate))
    finally:
        for one in running.values():
            one.terminate()
            one.wait()
    anchor = statistics.median(rates["discard"])
    print(f"{'server':<36}{'mails/s':>9}{'ratio':>8}")
    for name, label in LABELS.items():
        rate = statistics.median(rates[name])
        print(f"{label:<36}{rate:>9.0f}{rate / anchor:>8.2f}")


main()
