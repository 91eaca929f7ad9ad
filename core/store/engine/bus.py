"""How do processes hear of each other's commits? PostgreSQL's LISTEN and NOTIFY, and no promise.

What was committed here is gathered for a moment and told in one NOTIFY, on a connection of its own
that does nothing else. The trap: a transaction with a NOTIFY in it takes a lock of the whole server
when it commits, and halves what all of them together get done. So there is none in the
transaction of a message, ever: who is told waits a few hundredths of a second longer.

A hint may be lost: while the connection is broken, or when the process dies between commit and
NOTIFY. After a break everybody is told to look everywhere, and whoever watches looks now and then
(``core/changes``).
"""

import asyncio
import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import URL, make_url

from core.lazy_import import lazy_import
from core.observe import Event, logger
from core.store.engine.touched import Anything, Foreign, Hint, Subscribers, Touched

asyncpg: Any = lazy_import("asyncpg")  # it has no types of its own

CHANNEL = "rejoinder_changes"
NAME = "rejoinder changes"  # under which pg_stat_activity shows its connection
_GATHER_SECONDS = 0.05
_SPEAK_SECONDS = 5.0  # within this the server answers, or the line is taken for broken
_MOST = 100  # conversations in one NOTIFY
_MOST_OCTETS = 7_900  # PostgreSQL takes less than 8,000
_EVERYTHING = "*"
_LONGEST_PAUSE = 30.0

# What a URL may say to SQLAlchemy alone.
_NOT_THE_DRIVERS = frozenset({"prepared_statement_cache_size", "prepared_statement_name_func"})

_Key = tuple[str, str]


@dataclass(slots=True)
class _Line:
    """The connection that is listened on, and whether it broke."""

    driver: Any
    broken: bool = False


class Bus:
    """Tells other processes what is committed here, and this one what they commit."""

    def __init__(self, url: str, committed: Subscribers) -> None:
        """Pass on what ``committed`` hears; tell it what comes from elsewhere."""
        self._url = make_url(url)
        self._committed = committed
        self._me = secrets.token_hex(4)  # what we say ourselves comes back, too
        self._waiting: dict[_Key, Touched] = {}
        self._too_much = False  # more waits than is said one by one: it is not kept
        self._wake = asyncio.Event()
        self._pause = 0.0

    async def run(self) -> None:
        """Exchange until cancelled. A connection that breaks is made anew, ever more slowly."""
        with self._committed.hearing(self._gather):
            while True:
                await asyncio.sleep(self._pause)
                try:
                    await self._converse(_Line(await _connected(self._url)))
                except Exception as error:  # noqa: BLE001  whatever it is, nobody depends on it
                    logger().warning(Event.BUS_BROKEN, reason=str(error) or type(error).__name__)
                self._pause = min(max(2 * self._pause, _GATHER_SECONDS), _LONGEST_PAUSE)

    async def _converse(self, line: _Line) -> None:
        """Listen, and say what is committed here, until the connection breaks."""
        line.driver.add_termination_listener(lambda _: self._lost(line))
        try:
            async with asyncio.timeout(_SPEAK_SECONDS):
                await line.driver.execute(f"SET application_name TO '{NAME}'")
                await line.driver.add_listener(CHANNEL, self._hear)
            self._committed.tell([Anything()])  # nobody listened until now
            while not line.broken:
                await self._say_what_waits(line)
            raise OSError("the server ended the connection")
        finally:
            line.driver.terminate()

    async def _say_what_waits(self, line: _Line) -> None:
        """Tell others what was committed meanwhile; or, if nothing was, see that they hear us."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_SPEAK_SECONDS):
                await self._wake.wait()
        await asyncio.sleep(_GATHER_SECONDS if self._waiting or self._too_much else 0)
        self._wake.clear()
        if line.broken:
            return
        said, self._waiting = self._waiting, {}
        everything, self._too_much = self._too_much, False
        try:
            async with asyncio.timeout(_SPEAK_SECONDS):
                if said or everything:
                    text = _payload(self._me, None if everything else said.values())
                    await line.driver.execute("SELECT pg_notify($1, $2)", CHANNEL, text)
                else:
                    await line.driver.execute("SELECT 1")
        except Exception:
            self._too_much = self._too_much or everything
            self._gather(said.values())  # it is said on the next connection
            raise
        self._pause = 0.0  # not before: a server may take a connection and hang up

    def _lost(self, line: _Line) -> None:
        line.broken = True
        self._wake.set()

    def _gather(self, hints: Iterable[Hint]) -> None:
        """Note what is to be told; what came from elsewhere is not passed on."""
        for one in hints:
            if isinstance(one, Foreign | Anything):
                continue
            self._wake.set()
            if self._too_much:
                continue
            key = (one.app_id, one.conversation_id)
            before = self._waiting.get(key, one)
            self._waiting[key] = Touched(
                *key, max(one.number, before.number), one.typing or before.typing
            )
            # Nobody may have taken it for an hour: the server takes our writes, and not this line.
            if len(self._waiting) > _MOST:
                self._too_much, self._waiting = True, {}

    def _hear(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        """Tell this process what another has committed."""
        sender, hints = _read(payload)
        if sender != self._me:
            self._committed.tell(hints)


async def _connected(url: URL) -> Any:
    """Return a connection of the driver's own: there is no pool it could be given back to."""
    _, options = url.get_dialect()().create_connect_args(url)
    given = {name: value for name, value in options.items() if name not in _NOT_THE_DRIVERS}
    return await asyncpg.connect(**given, timeout=_SPEAK_SECONDS)


def _payload(sender: str, said: Iterable[Touched] | None) -> str:
    """Return what is told: a list, or a star where there is too much to name (None)."""
    rows = [[one.app_id, one.conversation_id, one.number, int(one.typing)] for one in said or ()]
    text = json.dumps([sender, *rows], separators=(",", ":"))
    if said is None or len(text.encode()) > _MOST_OCTETS:
        return json.dumps([sender, _EVERYTHING])
    return text


def _read(payload: str) -> tuple[str, list[Hint]]:
    """Return who says it, and what. Anybody with the database may NOTIFY: what is odd is "look"."""
    try:
        match json.loads(payload):
            case [str(sender), [*_] as first, *others]:
                return sender, [_hint(row) for row in (first, *others)]
            case [str(sender), *_]:
                return sender, [Anything()]
            case _:
                pass
    except (ValueError, RecursionError):  # what is no JSON; what is nested too deep to read
        pass
    return "", [Anything()]


def _hint(row: object) -> Hint:
    match row:
        case [str(app), str(name), int(number), int(typing)]:
            return Foreign(app, name, number, bool(typing))
        case _:
            return Anything()
