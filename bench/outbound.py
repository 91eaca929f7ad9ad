"""Digests per second from claim to recorded outcome, beside aiosmtplib sending a ready-made mail.

    python bench/outbound.py [--digests 500] [--rounds 5]

Each digest tells of ten messages, is signed with RSA-2048 and goes out over ten connections to a
sink in a process of its own; the database is SQLite with synchronous=FULL. What is timed is the
notifier as ``serve`` runs it: pendings are claimed and decided, deliveries claimed, rendered,
signed, said to leave, sent, recorded. The anchor sends one of these very mails over and over on
ten connections to the same sink, under the same event loop. A round is one turn of each. Floor
0.1, goal 0.3.
"""

import asyncio
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import aiosmtplib
import structlog
import uvloop
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[1]))

from figure import arguments, ratio, report

from core.actions import converse, found_app
from core.actions.say import Words, say
from core.address import Keyring
from core.clock import SetClock
from core.config.ways_out import RelaySettings, WebhookSettings
from core.model.app import App
from core.model.delivery import EMAIL
from core.model.participant import Access, Notify
from core.model.user import User
from core.moment import HOUR
from core.nudge import Nudge
from core.outcome import Outcome
from core.store.database import Database, Session, open_database
from notifier.channels.base import Channel
from notifier.channels.email.dkim import Signer
from notifier.channels.email.parcel import MailParcel
from notifier.channels.email.relay import SmtpRelay
from notifier.channels.email.write import MailWriter
from notifier.channels.webhook.call import WebhookClient
from notifier.context import NotifierContext
from notifier.queue.pool import Pace
from notifier.rendering.identity import Identity
from notifier.worker import work

CONNECTIONS = 10
NOW = 1_763_726_400_000
TEXT = "The bench by the window has been moved to the hall, and the key is with the porter. " * 3
SINK = Path(__file__).parent / "servers" / "sink.py"
WARM_UP = 50


@dataclass(slots=True)
class Counted:
    """The way out, which remembers how many mails left by it, and the last one's octets."""

    relay: SmtpRelay
    wanted: int
    sent: int = 0
    last: bytes = b""
    all_sent: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def at_once(self) -> int:
        """As many as the relay."""
        return self.relay.at_once

    async def send(self, parcel: MailParcel) -> Outcome:
        """Let the relay send it."""
        outcome = await self.relay.send(parcel)
        self.sent += 1
        self.last = parcel.raw
        if self.sent >= self.wanted:
            self.all_sent.set()
        return outcome

    async def close(self) -> None:
        """Let go of the relay."""
        await self.relay.close()


@dataclass(slots=True)
class Turn:
    """What one turn of the notifier took, and a mail it sent."""

    rate: float
    cpu_ms: float
    mail: bytes


async def owe(database: Database, first: int, count: int) -> None:
    """Make so many conversations of ten messages that somebody has not read."""

    def conversation(session: Session, number: int) -> None:
        converse.put(session, "bench", f"c{number}", {"subject": f"Order {number}"}, NOW)
        for name in ("ann", "bo"):
            whose = ("bench", f"c{number}", name)
            converse.join(session, whose, Access.READ_WRITE, Notify.ALL, NOW)
        for n in range(10):
            say(session, Words("bench", f"c{number}", "ann", f"{n}. {TEXT}"), NOW + n)

    numbers = range(first, first + count)
    await asyncio.gather(*(database.write(partial(conversation, number=n)) for n in numbers))


def people(session: Session) -> None:
    """Found the app and its two users."""
    found_app.found_app(session, App(app_id="bench", number=0, name="Bench", created_at=NOW), NOW)
    for name in ("ann", "bo"):
        email = [f"{name}@example.net"]
        session.add(User(app_id="bench", id=name, name=name, email=email, created_at=NOW))


@asynccontextmanager
async def notifier(
    database: Database, port: int, keys: Signer, count: int
) -> AsyncIterator[Counted]:
    """Run the worker, wired as the door wires it, until left."""
    clock = SetClock(NOW + HOUR)
    settings = RelaySettings(host="127.0.0.1", port=port, tls="none", connections=CONNECTIONS)
    way_out = Counted(SmtpRelay(settings), count)
    ring = Keyring({1: b"a key of more than sixteen octets"}, 1)
    domain = "n.test"
    who = Identity(ring, domain, domain, domain, "+", "hello@n.test", "Bench", "http://localhost")
    channels = {EMAIL: Channel(MailWriter(who, (keys,)), way_out)}
    told = WebhookClient(WebhookSettings())
    context = NotifierContext(database, clock, who, channels, told, lambda: 0.0)
    working = asyncio.create_task(work("bench", context, Pace(), Nudge()))
    working.add_done_callback(lambda _done: way_out.all_sent.set())
    try:
        yield way_out
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await way_out.close()
        await told.close()


async def notify(database: Database, port: int, keys: Signer, count: int) -> Turn:
    """Let the notifier tell of all that is owed, until the last outcome is recorded."""
    before, cpu = await _accepted(database), _cpu()
    began = time.perf_counter()
    async with notifier(database, port, keys, count) as way_out:
        await asyncio.wait_for(way_out.all_sent.wait(), 120)
        assert way_out.sent == count, f"{way_out.sent} of {count} were sent"
        while await _accepted(database) < before + count:
            assert time.perf_counter() < began + 150, "an outcome is missing"
            await asyncio.sleep(0.002)
        spent = time.perf_counter() - began
    return Turn(count / spent, (_cpu() - cpu) / count * 1e3, way_out.last)


async def _accepted(database: Database) -> int:
    asked = text("SELECT count(*) FROM delivery WHERE state = 'accepted'")
    return int(await database.glance(lambda session: session.connection().scalar(asked)) or 0)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


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


async def measure(port: int, digests: int, rounds: int) -> tuple[list[Turn], list[float]]:
    """Return the turns of the notifier and the rates of the anchor, round by round."""
    signer = Signer("n.test", "s1", rsa.generate_private_key(65537, 2048))
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/bench.db")
        try:
            await database.migrate()
            await database.write(people)
            for number in range(rounds + 1):  # the first warms up
                count = digests if number else WARM_UP
                await owe(database, number * max(digests, WARM_UP), count)
                turn = await notify(database, port, signer, count)
                base = await anchor(port, turn.mail, count * 3)
                if number:
                    ours.append(turn)
                    theirs.append(base)
        finally:
            await database.close()
    return ours, theirs


def main() -> None:
    """Measure, and print the table."""
    parser = arguments(__doc__)
    parser.add_argument("--digests", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    sink = subprocess.Popen([sys.executable, SINK], stdout=subprocess.PIPE, text=True)
    try:
        port = int(sink.stdout.readline() if sink.stdout else 0)
        ours, theirs = uvloop.run(measure(port, given.digests, given.rounds))
    finally:
        sink.terminate()
        sink.wait()
    rate = statistics.median(turn.rate for turn in ours)
    cpu = statistics.median(turn.cpu_ms for turn in ours)
    print(f"a mail of {len(ours[0].mail)} octets, 10 connections, medians of {given.rounds} rounds")
    print(f"aiosmtplib, ready-made: {statistics.median(theirs):.0f} mails/s")
    print(f"Rejoinder, claim to outcome: {rate:.0f} mails/s, {cpu:.1f} ms of CPU each")
    rates = [turn.rate for turn in ours]
    report([ratio("RSA-signed digests / ready-made mail", rates, theirs, 0.1, 0.3)], given.json)


main()
