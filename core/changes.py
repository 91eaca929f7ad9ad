"""What happened in a conversation, for whoever watches: in every process, after the commit.

    async with changes.watching("shop", "order-1", after=41) as stream:
        async for news in stream:
            match news: ...

A watcher says up to which number it knows the conversation and is told, in order and without a
gap, of each change after it. What it is told is read from the log; a wake-up only says that there
is something to read. So losing one loses nothing: ``run`` looks now and then at all conversations
that are watched, and after each break of the line between processes.

The trap: a watcher may be slow, or have been away for a month. It is never told more than there
is a page of in memory; whoever is too far behind, or behind the end of what the log keeps, is told
once to read the conversation anew, and from which number to go on.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from core.clock import Clock
from core.errors import StoreUnavailable
from core.model.change import ONLY_TOLD, Change
from core.moment import Moment
from core.observe import Event, logger
from core.store import changes, sessions
from core.store.database import Database, Session
from core.store.engine.touched import Anything, Hint

LOOK_SECONDS = 5.0
_PAGE = 100
_MOST_BEHIND = 1_000
_AT_ONCE = 1_000  # conversations in one statement of a look

_Where = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Reread:
    """More happened than is told one by one: read the conversation, and go on from this number."""

    number: int


@dataclass(frozen=True, slots=True)
class Typing:
    """Who types in the conversation now. It has no number: it is not kept, and may be missed."""

    user_ids: frozenset[str]


News = Change | Reread | Typing


class Stream:
    """What one watcher is told. ``number``: how far it has been told, the place to go on from."""

    def __init__(self, where: _Where, after: int, at: "Changes") -> None:
        """Begin after a number; what is there already is told first."""
        self.number = after
        self._where, self._at = where, at
        self._page: deque[News] = deque()
        self._read_to = after
        self._woken = asyncio.Event()
        self._woken.set()
        self._typing = False

    def __aiter__(self) -> "Stream":
        """Return itself: it has no end but the watcher's."""
        return self

    async def __anext__(self) -> News:
        """Return what is next, as soon as there is something."""
        while not self._page:
            await self._woken.wait()
            self._woken.clear()  # before reading: who wakes us meanwhile has something newer
            await self._fill()
        news = self._page.popleft()
        if not isinstance(news, Typing):
            self.number = news.number
        return news

    def wake(self, *, typing: bool = False) -> None:
        """Look for something new."""
        self._typing = self._typing or typing
        self._woken.set()

    def is_behind(self, number: int) -> bool:
        """Tell whether a conversation whose last number this is has something new."""
        return self._read_to != number

    async def _fill(self) -> None:
        """Read a page of what is new. Where the database cannot answer, the next look will."""
        try:
            found = await self._at.read(self._where, self._read_to)
            if self._typing:
                self._typing = False
                self._page.append(await self._at.typing(self._where))
        except StoreUnavailable:
            return
        if isinstance(found, Reread):
            self._read_to = found.number
            self._page.append(found)
        elif found:
            self._read_to = found[-1].number
            self._page.extend(one for one in found if one.kind not in ONLY_TOLD)
            self._woken.set()  # there may be another page


class Changes:
    """Who watches what in this process. Somebody must ``run`` it, or nobody is woken."""

    def __init__(self, database: Database, clock: Clock, seconds: float = LOOK_SECONDS) -> None:
        """Watch this database; look by itself so often."""
        self._database, self._clock, self._seconds = database, clock, seconds
        self._streams: dict[_Where, set[Stream]] = {}

    @asynccontextmanager
    async def watching(
        self, app_id: str, conversation_id: str, *, after: int
    ) -> AsyncIterator[Stream]:
        """Give the stream of what happens in a conversation after a number, until left."""
        where = (app_id, conversation_id)
        stream = Stream(where, after, self)
        self._streams.setdefault(where, set()).add(stream)
        try:
            yield stream
        finally:
            self._streams[where].discard(stream)
            if not self._streams[where]:
                del self._streams[where]

    async def run(self) -> None:
        """Hear what is committed, here and in other processes, until cancelled."""
        with self._database.committed.hearing(self._hear):
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._database.exchange())
                while True:
                    await self._look()
                    await asyncio.sleep(self._seconds)

    async def look(self) -> None:
        """Wake whoever has missed something: of many conversations by one statement."""
        watched = list(self._streams)
        for first in range(0, len(watched), _AT_ONCE):
            some = watched[first : first + _AT_ONCE]
            last = await self._database.read(partial(changes.newest, where=some))
            for where in some:
                for stream in self._streams.get(where, ()):
                    # One that is gone has no number any more; its end stands in the log.
                    if where not in last or stream.is_behind(last[where]):
                        stream.wake()

    async def read(self, where: _Where, after: int) -> list[Change] | Reread:
        """Return a page of what happened after a number, or say to read all anew."""
        return await self._database.glance(lambda session: _after(session, where, after))

    async def typing(self, where: _Where) -> Typing:
        """Return who types in a conversation now."""
        now = self._clock.now()
        return await self._database.glance(lambda session: _typing(session, where, now))

    async def _look(self) -> None:
        try:
            await self.look()
        except StoreUnavailable as error:
            logger().warning(Event.LOOK_FAILED, reason=str(error))

    def _hear(self, hints: Iterable[Hint]) -> None:
        """Wake whom a hint concerns."""
        for hint in hints:
            if isinstance(hint, Anything):
                for stream in (one for several in self._streams.values() for one in several):
                    stream.wake()
                continue
            for stream in self._streams.get((hint.app_id, hint.conversation_id), ()):
                stream.wake(typing=hint.typing)


def _after(session: Session, where: _Where, number: int) -> list[Change] | Reread:
    """Return the changes after a number; or to read anew, if one is missing or there are many."""
    # In this order: what is committed between the two is in the second, and no number is missing.
    last = changes.newest(session, [where]).get(where, number)
    found = changes.after(session, *where, number, _PAGE)
    if found and found[0].number == number + 1 and last - number <= _MOST_BEHIND:
        return found
    if not found and last == number:
        return []
    return Reread(max(last, found[-1].number if found else 0))


def _typing(session: Session, where: _Where, now: Moment) -> Typing:
    wanted = sessions.UserSessionQuery(selected_conversation_id=where[1], is_typing=True)
    return Typing(frozenset(one.user_id for one in sessions.live(session, where[0], wanted, now)))
