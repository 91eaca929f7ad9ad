"""Kill the notifier at each point of the way out, start it again, and count what went wrong.

    python -m tests.faults.crash_runs --runs 1000     a table; ends with 1 if anything is in it

A run: some mails are owed, over an embedded database; the notifier works until it is killed at the
run's point, and another process goes on with the same file until nothing is left. Then each mail is
*lost* if the relay never took it, *stuck* if its row has not ended, *doubled* if the relay took
it twice. That may be only where the first process may have sent it (``transmitting``), and then it
is the same octets. Events for webhooks may come twice, none may be lost.
"""

import argparse
import asyncio
import os
import random
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.actions import converse, say
from core.clock import SystemClock
from core.model.webhook import WebhookEndpoint
from core.moment import HOUR
from core.store import users
from core.store.database import Session, open_database
from tests.faults.crash_points import POINTS
from tests.faults.crash_process import CrashProcess, crashing
from tests.faults.crash_relay import WatchedRelay
from tests.faults.crash_tally import Tally, table
from tests.support.fake_endpoint import FakeEndpoint
from tests.support.people import APP, a_conversation

SECONDS = 60
_MESSAGE_ID = re.compile(rb"^Message-ID: *\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)
_MAY_BE_OUT = {"transmitting", "uncertain"}


@dataclass
class Stage:
    """A relay, an endpoint and a process to kill, for one run after the other."""

    folder: Path
    relay: WatchedRelay
    endpoint: FakeEndpoint
    process: CrashProcess
    templates: dict[int, Path] = field(default_factory=dict)

    async def warm_up(self) -> None:
        """Let the process that forks work once itself."""
        warm = self.folder / "warm.db"
        await _owe(warm, 1, self.endpoint.url)
        given = {"database": f"sqlite:///{warm}", "relay": self.relay.port, "shift": 0}
        await self.process.warm_up(given)

    async def run(self, number: int, seed: int) -> Tally:
        """Kill it once at a point, go on, and tell what came of it."""
        chance = random.Random(f"{number}/{seed}")
        file, killed = self.folder / "run.db", False
        for nth in (chance.choice((1, 1, 2)), 1):  # where it is not met twice, the first time
            await self._begin_anew(file, rooms=chance.choice((1, 2, 3)))
            killed = await self._work(file, number, nth)
            if killed:
                break
        before = dict(_rows(file, "SELECT message_id, state FROM delivery"))
        await self._work(file, None, 1, shift=HOUR)
        found = self._came_of_it(file, before)
        found.runs, found.killed = 1, int(killed)
        return found

    async def _begin_anew(self, file: Path, rooms: int) -> None:
        if rooms not in self.templates:
            self.templates[rooms] = self.folder / f"template-{rooms}.db"
            await _owe(self.templates[rooms], rooms, self.endpoint.url)
        for old in self.folder.glob("run.db*"):
            old.unlink()
        shutil.copy(self.templates[rooms], file)
        self.relay.mails.clear()
        self.endpoint.calls.clear()

    async def _work(self, file: Path, number: int | None, nth: int, shift: int = 0) -> bool:
        """Let the notifier work until it ends; return whether it was killed."""
        step = POINTS[number].relay if number is not None else ""
        left = nth

        def at(reached: str) -> None:
            nonlocal left
            left -= reached == step
            if left == 0 and reached == step:
                with suppress(ProcessLookupError):
                    os.kill(self.process.pid, signal.SIGKILL)

        self.relay.at = at
        given = {
            "database": f"sqlite:///{file}", "relay": self.relay.port, "point": number,
            "nth": nth, "shift": shift,
        }  # fmt: skip
        async with asyncio.timeout(SECONDS):
            return await self.process.run(given) == signal.SIGKILL

    def _came_of_it(self, file: Path, before: dict[str, str]) -> Tally:
        """Compare what is written down with what came to the relay and to the endpoint."""
        taken: dict[str, list[bytes]] = {}
        for mail in self.relay.mails:
            named = _MESSAGE_ID.search(mail.content)
            taken.setdefault(named[1].decode() if named else "", []).append(mail.content)
        made = {str(one[0]) for one in _rows(file, "SELECT message_id FROM delivery")}
        (owed,) = next(_rows(file, "SELECT 2 * count(DISTINCT conversation_id) FROM message"))
        again = {name for name, copies in taken.items() if len(copies) > 1}
        may_be = {name for name in again if before.get(name) in _MAY_BE_OUT}
        told = {call.json["id"] for call in self.endpoint.calls}
        to_tell = {one[0] for one in _rows(file, _EVENTS)}
        return Tally(
            lost=max(0, owed - len(made)) + len(made - taken.keys()),
            stuck=sum(next(_rows(file, query))[0] for query in _STUCK),
            doubled_from_uncertain=len(may_be),
            doubled_otherwise=len(again - may_be) + len(taken.keys() - made),
            changed_octets=sum(len(set(copies)) > 1 for copies in taken.values()),
            events_lost=len(to_tell - told),
        )


_EVENTS = "SELECT event_id FROM change WHERE event_id IS NOT NULL"
_STUCK = (
    "SELECT count(*) FROM pending",
    "SELECT count(*) FROM delivery WHERE state != 'accepted' OR ended_at IS NULL",
    "SELECT count(*) FROM delivery WHERE claimed_by IS NOT NULL OR raw IS NOT NULL",
    "SELECT count(*) FROM webhook_stream WHERE claimed_by IS NOT NULL",
)


def _rows(file: Path, query: str) -> Iterator[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        yield from connection.execute(query).fetchall()


async def _owe(file: Path, rooms: int, endpoint: str) -> None:
    """Make a database in which Bo is owed word of some conversations, at two addresses."""
    database, now = open_database(f"sqlite:///{file}"), SystemClock().now()
    await database.migrate()

    def work(session: Session) -> None:
        a_conversation(session, "ann", "bo", timeout_seconds=0)
        bo = users.find(session, APP, "bo")
        assert bo is not None
        bo.email = ["bo@example.net", "bo@example.org"]
        session.add(bo)
        session.add(WebhookEndpoint(app_id=APP, id="whk", url=endpoint, created_at=now))
        session.flush()
        for nth in range(rooms):
            here = (APP, f"room-{nth}")
            converse.put(session, *here, {"participants": ["ann", "bo"]}, now)
            say.say(session, say.Words(*here, "ann", f"Hello {nth}. " + "Words. " * 500), now)

    await database.write(work)
    await database.close()


@asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[Stage]:
    """Open the stage of runs, in a folder of its own, until left."""
    async with WatchedRelay() as relay, FakeEndpoint() as endpoint, crashing() as process:
        stage = Stage(folder, relay, endpoint, process)
        await stage.warm_up()
        yield stage


async def run_all(runs: int, seed: int = 0, numbers: Sequence[int] = ()) -> list[Tally]:
    """Make so many runs, at each point as often as at any other; return what came of it."""
    chosen = numbers or range(len(POINTS))
    tallies = [Tally() for _ in POINTS]
    with tempfile.TemporaryDirectory() as folder:
        async with staged(Path(folder)) as stage:
            for nth in range(runs):
                number = chosen[nth % len(chosen)]
                tallies[number] += await stage.run(number, seed + nth)
    return tallies


def main() -> None:
    """Make the runs and write the table; end with 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description="Kill the notifier at each point of the way out.")
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    tallies = asyncio.run(run_all(given.runs, given.seed))
    sys.stdout.write(table(tallies))
    unsound = [
        f"{point.name}: {one}"
        for point, one in zip(POINTS, tallies, strict=True)
        if not one.is_sound
    ]
    sys.exit("\n".join(unsound) if unsound else 0)


if __name__ == "__main__":
    main()
