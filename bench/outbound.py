"""Digests per second from claim to recorded outcome, beside aiosmtplib sending a ready-made mail.

    python bench/outbound.py [--digests 400] [--rounds 3]

Each digest tells of ten messages, is signed with RSA-2048 and goes out over ten connections to a
sink in a process of its own; the database is SQLite with synchronous=FULL. What is timed is the
notifier as ``serve`` runs it: pendings are claimed and decided, deliveries claimed, rendered,
signed, said to leave, sent, recorded. The anchor sends one of these mails over and over on ten
connections. Rounds alternate. Floor 0.1, goal 0.3.
"""

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import aiosmtplib
import structlog
import uvloop
from cryptography.hazmat.primitives.asymmetric import rsa

sys.path.insert(0, str(Path(__file__).parents[1]))

from core.actions import converse, found
from core.actions.say import Words, say
from core.address import Keyring
from core.clock import SetClock
from core.config.ways_out import Relay as RelaySettings
from core.config.ways_out import Webhooks
from core.model.app import App
from core.model.delivery import State
from core.model.participant import Access, Notify
from core.model.user import User
from core.moment import HOUR
from core.store import deliveries
from core.store.database import Database, Session, open_database
from notifier.dispatch import Desk
from notifier.hooks import Switchboard
from notifier.rendering.dkim import Signer
from notifier.rendering.letter import Sender
from notifier.scheduling.lane import Lane
from notifier.transports.relay import Relay
from notifier.transports.webhook import Webhook
from notifier.worker import Nudge, Pace, work

CONNECTIONS = 10
NOW = 1_763_726_400_000
TEXT = "The bench by the window has been moved to the hall, and the key is with the porter. " * 3


def prepare(first: int, count: int) -> "list[object]":
    """Return the pieces of work that make so many conversations of ten unread messages."""

    def conversation(session: Session, number: int) -> None:
        converse.put(session, "bench", f"c{number}", {"subject": f"Order {number}"}, NOW)
        for name in ("ann", "bo"):
            whose = ("bench", f"c{number}", name)
            converse.join(session, whose, Access.READ_WRITE, Notify.ALL, NOW)
        for n in range(10):
            say(session, Words("bench", f"c{number}", "ann", f"{n}. {TEXT}"), NOW + n)

    return [
        lambda session, number=number: conversation(session, number)
        for number in range(first, first + count)
    ]


def people(session: Session) -> None:
    """Found the app and its two users."""
    found.found_app(session, App(app_id="bench", number=0, name="Bench", created_at=NOW), NOW)
    for name in ("ann", "bo"):
        email = [f"{name}@example.net"]
        session.add(User(app_id="bench", id=name, name=name, email=email, created_at=NOW))


async def notify(database: Database, port: int, keys: Signer, count: int) -> float:
    """Let the notifier tell of all that is owed; return digests a second."""
    clock = SetClock(NOW + HOUR)
    settings = RelaySettings(host="127.0.0.1", port=port, tls="none", connections=CONNECTIONS)
    relay = Relay(settings)
    ring = Keyring({1: b"a key of more than sixteen octets"}, 1)
    sender = Sender(
        ring, "n.test", "n.test", "n.test", "+", "hello@n.test", "Bench", "http://localhost"
    )
    desk = Desk(database, relay, sender, (keys,), Lane(), clock, lambda: 0.0)
    told = Webhook(Webhooks())
    switchboard = Switchboard(database, told, "http://localhost", clock, lambda: 0.0)
    before = await _accepted(database)
    began = time.perf_counter()
    crew = asyncio.create_task(work("bench", desk, switchboard, Pace(), Nudge()))
    while await _accepted(database) < before + count:
        await asyncio.sleep(0.2)
        if crew.done():
            crew.result()
    spent = time.perf_counter() - began
    crew.cancel()
    await asyncio.gather(crew, return_exceptions=True)
    await relay.close()
    await told.close()
    return count / spent


async def _accepted(database: Database) -> int:
    return await database.glance(lambda session: deliveries.count(session, State.ACCEPTED))


async def anchor(port: int, raw: bytes, count: int) -> float:
    """Send a ready-made mail so often on ten connections; return mails a second."""
    left = iter(range(count))

    async def line() -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False)
        await client.connect()
        for _ in left:
            await client.sendmail("a@example.net", ["b@example.net"], raw)
        await client.quit()

    began = time.perf_counter()
    await asyncio.gather(*(line() for _ in range(CONNECTIONS)))
    return count / (time.perf_counter() - began)


async def measure(port: int, digests: int, rounds: int) -> tuple[list[float], list[float]]:
    """Return the rates of the notifier and of the anchor, round by round."""
    signer = Signer("n.test", "s1", rsa.generate_private_key(65537, 2048))
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/bench.db")
        await database.migrate()
        await database.write(people)
        for turn in range(rounds + 1):  # the first warms up
            count = digests if turn else 50
            jobs = prepare(turn * digests, count)
            await asyncio.gather(*(database.write(one) for one in jobs))  # type: ignore[arg-type]
            rate = await notify(database, port, signer, count)
            raw = b"Subject: x\r\n\r\n" + b"x" * 70 + (b"\r\n" + b"x" * 70) * 200
            base = await anchor(port, raw, count * 4)
            if turn:
                ours.append(rate)
                theirs.append(base)
        await database.close()
    return ours, theirs


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--digests", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    sink = subprocess.Popen(
        [sys.executable, Path(__file__).parent / "servers" / "sink.py"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        port = int(sink.stdout.readline() if sink.stdout else 0)
        ours, theirs = uvloop.run(measure(port, given.digests, given.rounds))
    finally:
        sink.terminate()
        sink.wait()
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    print(f"{'sender, 10 connections':<36}{'mails/s':>9}{'ratio':>8}")
    print(f"{'aiosmtplib, a ready-made mail':<36}{statistics.median(theirs):>9.0f}{1:>8.2f}")
    rate, ratio = statistics.median(ours), statistics.median(ratios)
    print(f"{'Rejoinder, RSA-2048, claim to outcome':<36}{rate:>9.0f}{ratio:>8.2f}")
    print(f"ratios by round: {', '.join(f'{one:.2f}' for one in ratios)}; floor 0.1, goal 0.3")


main()
