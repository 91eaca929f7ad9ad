"""Processes on PostgreSQL hear of each other's commits, soon, cheaply, and again after a break."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from core.store.database import Database, Session, open_database
from core.store.engine import bus
from core.store.engine.bus import CHANNEL
from core.store.engine.touched import Anything, Foreign, Hint, Subscribers, Touched, note
from tests.faults.forwarder import Cut, forwarding
from tests.support.people import APP, ROOM, a_conversation, says

SECONDS = 30
_END_LISTENERS = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = :name"
)


class Ear:
    """Keeps what is heard, and waits for it."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.heard: list[Hint] = []
        self._new = asyncio.Event()

    def __call__(self, hints: list[Hint]) -> None:
        """Hear."""
        self.heard += hints
        self._new.set()

    async def until_anything(self) -> None:
        """Wait for "look everywhere", and forget what was heard till then."""
        while not any(isinstance(one, Anything) for one in self.heard):
            await self._more()
        self.heard.clear()

    async def until_number(self, number: int) -> None:
        """Wait for a change of this number."""
        while number not in (one.number for one in self.heard if isinstance(one, Touched)):
            await self._more()

    async def _more(self) -> None:
        self._new.clear()
        async with asyncio.timeout(SECONDS):
            await self._new.wait()


@asynccontextmanager
async def _process(url: str) -> AsyncIterator[tuple[Database, Ear]]:
    """Open the database as a process does that exchanges with others."""
    database, ear = open_database(url), Ear()
    with database.committed.hearing(ear):
        task = asyncio.create_task(database.exchange())
        try:
            await ear.until_anything()
            yield database, ear
        finally:
            task.cancel()
            await asyncio.wait([task])
            await database.close()


def _touches(number: int, *, typing: bool = False) -> Any:
    return lambda session: note(session, Touched(APP, ROOM, number, typing))


async def test_another_process_hears_what_is_committed(postgresql_url: str) -> None:
    """Where to look, up to which number, and whether somebody types; each process hears it once."""
    async with _process(postgresql_url) as (one, own), _process(postgresql_url) as (_, other):
        await one.write(_touches(1, typing=True))
        await one.write(_touches(2))
        await other.until_number(2)
        heard = [one for one in other.heard if isinstance(one, Touched)]

    assert own.heard == [Touched(APP, ROOM, 1, typing=True), Touched(APP, ROOM, 2)]
    # One, where both were gathered; two, where the first was told before the second was committed.
    assert heard in (
        [Foreign(APP, ROOM, 2, typing=True)],
        [Foreign(APP, ROOM, 1, typing=True), Foreign(APP, ROOM, 2)],
    )


async def test_many_commits_are_told_in_few_notifications(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And never in a transaction that writes: on a connection that says nothing else."""
    said: list[tuple[int, str]] = []
    for name in ("execute", "fetch"):
        _spy(monkeypatch, name, said)
    told: list[str] = []
    listener = await asyncpg.connect(postgresql_url)
    async with _process(postgresql_url) as (database, _), _process(postgresql_url) as (_, other):
        await listener.add_listener(CHANNEL, lambda *given: told.append(given[-1]))
        await database.write(lambda s: a_conversation(s, "ann", "bo"))
        said.clear()
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(database.write(lambda s: says(s, "ann").id) for _ in range(200)))
        await other.until_number(203)
        spent = asyncio.get_running_loop().time() - began
        await listener.execute("SELECT 1")  # by now it has heard as much
    await listener.close()
    speaks = {line for line, words in said if "pg_notify" in words}

    assert 1 <= len(told) <= 2 + spent / bus._GATHER_SECONDS  # of a quick machine a handful
    assert max(one[2] for payload in told for one in json.loads(payload)[1:]) == 203
    assert len(speaks) == 1
    assert {words for line, words in said if line in speaks} <= {
        "SELECT pg_notify($1, $2)", "SELECT 1"
    }  # fmt: skip


def _spy(monkeypatch: pytest.MonkeyPatch, name: str, said: list[tuple[int, str]]) -> None:
    """Note what is said on which connection."""
    original = getattr(asyncpg.Connection, name)

    async def spy(self: Any, words: str, *more: Any, **named: Any) -> Any:
        said.append((id(self), words))
        return await original(self, words, *more, **named)

    monkeypatch.setattr(asyncpg.Connection, name, spy)


async def test_after_a_break_everybody_looks_and_hears_again(postgresql_url: str) -> None:
    """The server ends the connection: it is made anew, and what was missed is looked for."""
    async with _process(postgresql_url) as (one, own), _process(postgresql_url) as (_, other):
        for ear in (own, other):
            ear.heard.clear()
        await one.write(_end_listeners)
        await own.until_anything()
        await other.until_anything()
        await one.write(_touches(7))
        await other.until_number(7)


def _end_listeners(session: Session) -> None:
    assert session.connection().scalar(_END_LISTENERS, {"name": bus.NAME}) == 2


async def test_a_line_that_falls_silent_is_noticed(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line breaks, nothing comes: the server is asked now and then, and soon given up."""
    monkeypatch.setattr(bus, "_SPEAK_SECONDS", 0.2)
    async with forwarding(postgresql_url) as line, _process(line.url) as (_, far):
        await line.cut(Cut.SILENT)
        far.heard.clear()
        restored = asyncio.create_task(line.restore())
        await far.until_anything()
        await restored


async def test_too_much_to_name_is_told_as_everything(postgresql_url: str) -> None:
    """A NOTIFY holds 8,000 octets: beyond that whoever watches looks everywhere."""

    def much(session: Session) -> None:
        for n in range(101):
            note(session, Touched(APP, f"room-{n}", 1))

    async with _process(postgresql_url) as (one, _), _process(postgresql_url) as (_, other):
        await one.write(much)
        await other.until_anything()


async def test_what_cannot_be_said_for_long_is_not_kept(postgresql_url: str) -> None:
    """While there is no line, more than can be named becomes "everything", and is said on it."""
    committed = Subscribers()
    late = bus.Bus(postgresql_url.replace("://", "+asyncpg://"), committed)
    with committed.hearing(late._gather):
        for n in range(10_000):
            committed.tell([Touched(APP, f"room-{n}", 1)])
    kept = len(late._waiting)
    async with _process(postgresql_url) as (_, other):
        task = asyncio.create_task(late.run())
        await other.until_anything()
        task.cancel()
        await asyncio.wait([task])

    assert kept <= bus._MOST


@pytest.mark.parametrize("payload", [
    "", "x", "{}", "[1]x", '["a",["b"]]', '["a",["b","c","d",1]]', '["x"]', '{"*":1}', '[1,"*"]',
    '["x",["a","b",Infinity,0]]', '["x",["a","b",1e999,0]]', '["x",["a","b",NaN,0]]', "null",
    '"*"', '["x","y"]', '["x",["a","b",1,0],"*"]', "[" * 7_000,
    f'["x",["a","b",{"9" * 5_000},0]]',
])  # fmt: skip
async def test_who_says_something_odd_makes_everybody_look(
    postgresql_url: str, payload: str
) -> None:
    """Whoever has the database may NOTIFY: nothing they say ends the exchange."""
    stranger = await asyncpg.connect(postgresql_url)
    async with _process(postgresql_url) as (one, _), _process(postgresql_url) as (_, other):
        await stranger.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)
        await other.until_anything()
        await one.write(_touches(1))
        await other.until_number(1)
    await stranger.close()


async def test_over_another_driver_nothing_is_exchanged(postgresql_url: str) -> None:
    """Psycopg is not listened on: whoever watches looks by itself, and the process lives."""
    database = open_database(postgresql_url.replace("://", "+psycopg://"))
    task = asyncio.create_task(database.exchange())
    ear = Ear()
    with database.committed.hearing(ear):
        await database.write(_touches(1))

    assert ear.heard == [Touched(APP, ROOM, 1)]
    assert not task.done()
    task.cancel()
    await database.close()
