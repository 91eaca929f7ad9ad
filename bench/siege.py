"""The attacks: what a hostile peer does to a mail server, over and over, in bounded time."""

import asyncio
import contextlib
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.support.hostile import GENERATORS, Generator

_PATIENCE = 20.0
_LINE = b"x" * (1 << 20)
# Longer lines are refused before any reading.
_LONGEST = 30_000


@dataclass(frozen=True, slots=True)
class Target:
    """Where the gateway listens, addresses it takes mail for, and the key of their app."""

    port: int
    addresses: tuple[str, ...]
    http: int = 0
    secret: str = ""


@dataclass(slots=True)
class Line:
    """One connection of an attacker."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def answer(self) -> str:
        """Return the next reply's code and enhanced code."""
        async with asyncio.timeout(_PATIENCE):
            line = await self.reader.readline()
            while line[3:4] == b"-":
                line = await self.reader.readline()
        words = line.decode("ascii", "replace").split()
        return " ".join(words[: 2 if words[1:] and words[1][:2] in ("4.", "5.", "2.") else 1])

    async def say(self, octets: bytes) -> str:
        """Say something and return the answer; "cut" if there is none."""
        self.writer.write(octets)
        await self.writer.drain()
        return await self.answer() or "cut"

    async def to_content(self, address: str) -> str:
        """Go as far as DATA."""
        answer = await self.answer()
        said = ("EHLO siege", "MAIL FROM:<bo@example.net>", f"RCPT TO:<{address}>", "DATA")
        for one in said:
            if answer[:1] not in ("2", "3"):
                return answer
            answer = await self.say(f"{one}\r\n".encode())
        return answer


@asynccontextmanager
async def connected(target: Target, network: int) -> AsyncIterator[Line]:
    """Connect from some network."""
    home = (f"127.1.{network % 200}.{1 + network % 250}", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port, local_addr=home)
    try:
        yield Line(reader, writer)
    finally:
        writer.transport.abort()


Attack = Callable[[Target], Awaitable[Counter[str]]]


async def together(tries: Iterable[Awaitable[str]]) -> Counter[str]:
    """Run them at the same time and count what each was answered."""

    async def one(attempt: Awaitable[str]) -> str:
        try:
            return await attempt
        except TimeoutError:
            return "no answer"
        except OSError:
            return "cut"

    return Counter(await asyncio.gather(*(one(attempt) for attempt in tries)))


async def without_line_ends(target: Target) -> Counter[str]:
    """Send 240 MB of content in one line."""

    async def send() -> str:
        async with connected(target, 1) as line:
            await line.to_content(target.addresses[0])
            for _ in range(240):
                line.writer.write(_LINE)
                await line.writer.drain()
            return await line.say(b"\r\n.\r\n")

    return await together([send()])


async def large_at_once(target: Target) -> Counter[str]:
    """Send 24 MB, many times at once, and never end it."""

    async def send(network: int) -> str:
        async with connected(target, network) as line:
            answer = await line.to_content(target.addresses[0])
            if not answer.startswith("354"):
                return answer
            for _ in range(24 * 16):
                line.writer.write((b"x" * 1022 + b"\r\n") * 64)
                await line.writer.drain()
            await asyncio.sleep(5)
            return await line.say(b".\r\n")

    return await together(send(network) for network in range(12))


async def connections(target: Target) -> Counter[str]:
    """Hold 2,000 connections from forty networks, saying nothing."""

    async def hold(number: int) -> str:
        async with connected(target, number % 40) as line:
            answer = await line.answer()
            await asyncio.sleep(8)
            return answer

    return await together(hold(number) for number in range(2_000))


async def slow(target: Target) -> Counter[str]:
    """Send an octet a second in 1,000 connections, half in a header, half below it."""

    async def dribble(number: int) -> str:
        async with connected(target, number % 20) as line:
            answer = await line.to_content(target.addresses[0])
            if not answer.startswith("354"):
                return answer
            line.writer.write(b"X: " if number % 2 else b"X: y\r\n\r\n")
            for _ in range(12):
                line.writer.write(b"x")
                await line.writer.drain()
                await asyncio.sleep(1)
            return answer

    return await together(dribble(number) for number in range(1_000))


async def recipients(target: Target) -> Counter[str]:
    """Name recipients without an end, ours and others, in forty connections."""

    async def name(number: int) -> str:
        async with connected(target, number) as line:
            await line.answer()
            await line.say(b"EHLO siege\r\n")
            answer = await line.say(b"MAIL FROM:<bo@example.net>\r\n")
            until = time.monotonic() + 6
            count = 0
            while answer != "cut" and time.monotonic() < until:
                local = target.addresses[count % 25] if number % 2 else f"r+{count}@reply.test"
                answer = await line.say(f"RCPT TO:<{local}>\r\n".encode())
                count += 1
            return answer

    return await together(name(number) for number in range(40))


def endless(first: bytes, unit: bytes) -> Attack:
    """Return an attack that writes a header, or headers, until it is cut or 60 MB are sent."""

    async def attack(target: Target) -> Counter[str]:
        async def write() -> str:
            async with connected(target, 3) as line:
                await line.to_content(target.addresses[0])
                line.writer.write(first)
                piece = unit * ((1 << 20) // len(unit))
                for _ in range(60):
                    line.writer.write(piece)
                    await line.writer.drain()
                return await line.say(b"\r\n.\r\n")

        return await together([write()])

    return attack


def hostile(number: str, size: int, at_once: int) -> Attack:
    """Return an attack by the mails of one number, each of about this size."""
    makers = [make for name, make in GENERATORS.items() if name.partition("-")[0] == number]

    async def attack(target: Target) -> Counter[str]:
        mails = [_sized(make, size) for make in makers]
        waiting = iter([mail for mail in mails for _ in range(at_once)])
        answers: Counter[str] = Counter()

        async def send(network: int) -> str:
            for mail in waiting:
                answers[await _offered(target, network, mail)] += 1
            return ""

        await together(send(network) for network in range(at_once))
        return answers

    return attack


async def _offered(target: Target, network: int, mail: bytes) -> str:
    with contextlib.suppress(OSError, TimeoutError):
        async with connected(target, network) as line:
            answer = await line.to_content(target.addresses[network % 25])
            if not answer.startswith("354"):
                return answer
            return await line.say(mail + b"\r\n.\r\n")
    return "cut"


def _sized(make: Generator, size: int) -> bytes:
    """Return a mail of about this size as it goes on the wire (RFC 5321, 4.5.2)."""
    unit = max(0.25, (len(make(400)) - len(make(200))) / 200)
    mail = make(max(1, int(size / unit)))
    if b"\n" not in mail[-_LONGEST:] or max(map(len, mail.split(b"\n"))) > _LONGEST:
        mail = b"".join(_folded(line) for line in mail.splitlines(keepends=True))
    return mail.replace(b"\r\n.", b"\r\n..")


def _folded(line: bytes) -> bytes:
    pieces = [line[at : at + _LONGEST] for at in range(0, len(line), _LONGEST)]
    return b"\r\n ".join(pieces)
