"""A burst of one app's, and a small app's mails behind it: who waits, how fast does it drain?

    python bench/drain.py [--pendings 100000] [--sink-ms 0 50 500] [--seconds 40] [--replies 10]

So many pendings of one app are due at once. Ten seconds later a hundred of another app's come due.
The relay is a sink of this process that answers after so many milliseconds; ten connections. Beside
it somebody answers by mail: the time that a reply takes is that of ``say`` and its commit, the
share of it that a backlog can hold up. Told for each sink: mails a second in the first and the last
third (a steady rate drains a backlog), when the last of the hundred left, how many deliveries were
decided and had not left at the most, a reply's p50 and p99, and by how much the process grew.

The database is SQLite with synchronous=FULL. What is due is made by SQL, as much as there is.
"""

import asyncio
import resource
import statistics
import sys
import tempfile
import time
from argparse import ArgumentParser
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import structlog
import uvloop
from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[1]))

from core.actions import converse, found_app
from core.actions.say import Words, say
from core.address import Keyring
from core.clock import SystemClock
from core.config.ways_out import WebhookSettings
from core.model.app import App
from core.model.delivery import EMAIL
from core.model.participant import Access, Notify
from core.model.user import User
from core.moment import MINUTE, Moment
from core.nudge import Nudge
from core.outcome import Accepted, Outcome, PeerReply
from core.store import deliveries
from core.store.database import Database, Session, open_database
from notifier.channels.base import Channel
from notifier.channels.email.parcel import MailParcel
from notifier.channels.email.write import MailWriter
from notifier.channels.webhook.call import WebhookClient
from notifier.context import NotifierContext
from notifier.queue.pool import Pace
from notifier.rendering.identity import Identity
from notifier.worker import work

SMALL = 100
CONNECTIONS = 10
_TAKEN = Accepted(PeerReply(250, "2.0.0", "Ok"))
_MANY = 1 << 20


@dataclass(slots=True)
class Sink:
    """A relay that answers after a while, and notes when each app's mails left."""

    seconds: float
    at_once: int = CONNECTIONS
    left: dict[str, list[float]] = field(default_factory=lambda: {"large": [], "small": []})

    async def send(self, parcel: MailParcel) -> Outcome:
        """Take it."""
        await asyncio.sleep(self.seconds)
        app = parcel.recipient.partition("@")[2].partition(".")[0]
        self.left[app].append(time.perf_counter())
        return _TAKEN

    async def close(self) -> None:
        """Hold nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be watched, for how long. ``brief``: until the small app's mails have left."""

    sink_ms: int
    pendings: int
    seconds: float
    replies: float
    small: int = SMALL
    small_after: float = 10.0
    brief: bool = False


@dataclass(slots=True)
class Seen:
    """What was seen; times in seconds since it began, a reply's in milliseconds."""

    asked: Asked
    came: float = 0.0
    waiting: int = 0
    replies: list[float] = field(default_factory=list)
    left: dict[str, list[float]] = field(default_factory=dict)
    grown_mb: float = 0.0

    def is_enough(self, sink: Sink, passed: float) -> bool:
        """Tell whether to stop: its time is over, or all that was waited for has left."""
        done = self.asked.brief and len(sink.left["small"]) >= self.asked.small
        return done or passed >= self.asked.seconds

    def rate(self, first: float, last: float) -> float:
        """Return how many mails a second left between two shares of the time."""
        times = [one / self.asked.seconds for left in self.left.values() for one in left]
        return sum(first <= one < last for one in times) / ((last - first) * self.asked.seconds)

    @property
    def small_seconds(self) -> float:
        """After how long the last of the small app's mails had left."""
        left = self.left["small"]
        return left[-1] - self.came if len(left) == self.asked.small else float("inf")


def owe(session: Session, app_id: str, number: int, many: int, said_at: Moment) -> None:
    """Found an app, and let so many people miss a message, each in a conversation of their own."""
    found_app.found_app(session, App(app_id=app_id, number=number, name=app_id.title(),
                                     created_at=said_at), said_at)  # fmt: skip
    for name in ("ann", "bo"):
        email = [f"{name}@{app_id}.test"]
        session.add(User(app_id=app_id, id=name, name=name, email=email, created_at=said_at))
    session.flush()
    converse.put(session, app_id, "c", {"subject": "Order"}, said_at)
    for name in ("ann", "bo"):
        converse.join(session, (app_id, "c", name), Access.READ_WRITE, Notify.ALL, said_at)
    say(session, Words(app_id, "c", "ann", "Is the bike still there?"), said_at)
    session.flush()
    for table, changed in _COPIES.items():
        columns = [str(row[1]) for row in session.connection().exec_driver_sql(
            f'PRAGMA table_info("{table}")')]  # fmt: skip
        chosen = ", ".join(changed.get(one, f'"{one}"') for one in columns)
        names = ", ".join(f'"{one}"' for one in columns)
        session.connection().execute(
            text(
                f"WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :many) "  # noqa: S608  our own names
                f'INSERT INTO "{table}" ({names}) SELECT {chosen} FROM "{table}", n '
                "WHERE app_id = :app"
            ),
            {"many": many - 1, "app": app_id},
        )


# The people stay; of all else there are so many.
_COPIES = {
    "conversation": {"id": "id || n"},
    "participant": {"conversation_id": "conversation_id || n", "reference": "reference + n * 7"},
    "message": {"id": "id || n", "conversation_id": "conversation_id || n"},
    "pending": {"conversation_id": "conversation_id || n"},
}


async def drain(asked: Asked) -> Seen:
    """Let a burst drain for so many seconds, and tell what was seen."""
    sink = Sink(asked.sink_ms / 1_000)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{folder}/drain.db")
        try:
            await database.migrate()
            now = SystemClock().now()
            await database.write(lambda s: owe(s, "large", 1, asked.pendings, now - 3 * MINUTE))
            return await _watched(database, sink, asked)
        finally:
            await database.close()


async def _watched(database: Database, sink: Sink, asked: Asked) -> Seen:
    clock = SystemClock()
    ring = Keyring({1: b"a key of more than sixteen octets"}, 1)
    who = Identity(ring, "n.test", "n.test", "n.test", "+", "h@n.test", "Bench", "http://n.test")
    channels = {EMAIL: Channel(MailWriter(who, ()), sink)}
    told = WebhookClient(WebhookSettings())
    at = NotifierContext(database, clock, who, channels, told, lambda: 0.0)
    grown = _resident()
    working = asyncio.create_task(work("bench", at, Pace(), Nudge()))
    began = time.perf_counter()
    seen = Seen(asked)
    try:
        while not seen.is_enough(sink, passed := time.perf_counter() - began):
            if not seen.came and passed >= asked.small_after:
                late = clock.now() - 3 * MINUTE
                small = partial(owe, app_id="small", number=2, many=asked.small, said_at=late)
                await database.write(small)
                seen.came = time.perf_counter()
            seen.replies.append(await _reply(database, len(seen.replies), clock.now()))
            most = await database.read(lambda s: deliveries.waiting(s, clock.now(), _MANY))
            seen.waiting = max(seen.waiting, most)
            await asyncio.sleep(1 / asked.replies)
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await told.close()
    seen.left = {app: [one - began for one in sorted(left)] for app, left in sink.left.items()}
    seen.came -= began
    seen.grown_mb = (_resident() - grown) / 1e6
    return seen


async def _reply(database: Database, number: int, now: Moment) -> float:
    """Say something, and return how long it took, in milliseconds."""
    began = time.perf_counter()
    words = Words("large", f"c{number % 50 + 1}", "bo", f"{number}. Yes, it is.")
    await database.write(lambda s: say(s, words, now))
    return (time.perf_counter() - began) * 1e3


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def percentile(values: list[float], share: float) -> float:
    """Return the value below which this share lies."""
    return statistics.quantiles(values, n=100)[round(share * 100) - 1] if len(values) > 1 else 0.0


def line(seen: Seen) -> str:
    """Return a row of the table."""
    return (
        f"{seen.asked.sink_ms:>5} ms | {seen.rate(0, 1 / 3):6.1f} {seen.rate(2 / 3, 1):6.1f} | "
        f"{len(seen.left['small']):>3} in {seen.small_seconds:5.1f} s | {seen.waiting:>7} | "
        f"{percentile(seen.replies, 0.5):6.1f} {percentile(seen.replies, 0.99):6.1f} | "
        f"{seen.grown_mb:5.1f}"
    )


def main() -> None:
    """Measure, and print the table."""
    parser = ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pendings", type=int, default=100_000)
    parser.add_argument("--sink-ms", type=int, nargs="+", default=[0, 50, 500])
    parser.add_argument("--seconds", type=float, default=40)
    parser.add_argument("--replies", type=float, default=10)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    print(" sink    | mails/s first, last third | small app's | waiting | reply p50, p99 ms | MB")
    for sink_ms in given.sink_ms:
        asked = Asked(sink_ms, given.pendings, given.seconds, given.replies)
        print(line(uvloop.run(drain(asked))), flush=True)


if __name__ == "__main__":
    main()
