"""What happened in a conversation, for whoever watches: in every process, after the commit.

    async with changes.watching("shop", "order-1", after=41) as watch:
        async for news in watch:
            match news: ...

A watcher says up to which number it knows the conversation and is told, in order and without a
gap, of each change after it. What it is told is read from the log; a wake-up only says that there
is something to read. So losing one loses nothing: ``run`` looks now and then at all conversations
that are watched, and after each break of the line between processes.

The trap: a watcher may be slow, or have been away for a month. It is never told more than there
is a page of in memory; whoever is too far behind, or behind the end of what the log keeps, is told
once to read the conversation anew, and from which number to go on. Who watches what is gone is
told so, and then nothing more.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

from core.clock import Clock
from core.errors import StoreUnavailable
from core.model.change import Change
from core.moment import Moment
from core.observe import Event, logger
from core.rules.telling import ONLY_TOLD
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


@dataclass(frozen=True, slots=True)
class ConversationGone:
    """The conversation is not there, and the log tells nothing more of it: the last news."""


News = Change | Reread | Typing | ConversationGone
_Typing = tuple[Typing, Moment | None]  # who types, and until when at least


class Watch:
    """What one watcher is told. ``number``: how far it has been told, the place to go on from."""

    def __init__(self, where: _Where, after: int, at: "Changes") -> None:
        """Begin after a number; what is there already is told first."""
        self.number = after
        self._where, self._at = where, at
        self._page: deque[News] = deque()
        self._read_to = after
        self._woken = asyncio.Event()
        self._woken.set()
        self._is_over = False
        self._asks_who_types = False
        self._types: _Typing = Typing(frozenset()), None  # as it was told last

    def __aiter__(self) -> "Watch":
        """Return itself: it ends with the conversation, if the watcher does not before."""
        return self

    async def __anext__(self) -> News:
        """Return what is next, as soon as there is something."""
        while not self._page:
            if self._is_over:
                raise StopAsyncIteration
            await self._woken.wait()
            self._woken.clear()  # before reading: who wakes us meanwhile has something newer
            await self._fill()
        news = self._page.popleft()
        if isinstance(news, Change | Reread):
            self.number = news.number
        return news

    def wake(self, *, typing: bool = False) -> None:
        """Look for something new; ``typing``: also at who types."""
        self._asks_who_types = self._asks_who_types or typing
        self._woken.set()

    def wake_if_behind(self, number: int | None, now: Moment) -> None:
        """Look for what was missed, the conversation's last number being this (None: it is gone).

        Who falls silent says nothing: that they type no more is found out when their time is over.
        """
        until = self._types[1]
        fell_silent = until is not None and until <= now
        if self._read_to != number or fell_silent:
            self.wake(typing=fell_silent)

    async def _fill(self) -> None:
        """Read a page of what is new. Where the database cannot answer, the next look will."""
        try:
            found = await self._at.read(self._where, self._read_to)
            if self._asks_who_types:
                self._asks_who_types = False
                await self._see_who_types()
        except StoreUnavailable:
            return
        if isinstance(found, ConversationGone):
            self._is_over = True
            self._page.append(found)
        elif isinstance(found, Reread):
            self._read_to = found.number
            self._page.append(found)
        elif found:
            self._read_to = found[-1].number
            self._page.extend(one for one in found if one.kind not in ONLY_TOLD)
            self._woken.set()  # there may be another page

    async def _see_who_types(self) -> None:
        before, self._types = self._types, await self._at.typing(self._where)
        if self._types[0] != before[0]:
            self._page.append(self._types[0])


class Changes:
    """Who watches what in this process. Somebody must ``run`` it, or nobody is woken."""

    def __init__(self, database: Database, clock: Clock, seconds: float = LOOK_SECONDS) -> None:
        """Watch this database; look by itself so often."""
        self._database, self._clock, self._seconds = database, clock, seconds
        self._watches: dict[_Where, set[Watch]] = {}
        self._missed = asyncio.Event()

    @asynccontextmanager
    async def watching(
        self, app_id: str, conversation_id: str, *, after: int
    ) -> AsyncIterator[Watch]:
        """Let somebody watch what happens in a conversation after a number, until left."""
        where = (app_id, conversation_id)
        watch = Watch(where, after, self)
        self._watches.setdefault(where, set()).add(watch)
        try:
            yield watch
        finally:
            self._watches[where].discard(watch)
            if not self._watches[where]:
                del self._watches[where]

    async def run(self) -> None:
        """Hear what is committed, here and in other processes, until cancelled."""
        with self._database.committed.hearing(self._hear):
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._database.exchange())
                while True:
                    self._missed.clear()  # before looking: what is missed meanwhile is looked for
                    await self._look()
                    with suppress(TimeoutError):
                        async with asyncio.timeout(self._seconds):
                            await self._missed.wait()

    async def look(self) -> None:
        """Wake whoever has missed something: of many conversations by one statement."""
        watched = list(self._watches)
        for first in range(0, len(watched), _AT_ONCE):
            some = watched[first : first + _AT_ONCE]
            last = await self._database.read(partial(changes.newest, where=some))
            now = self._clock.now()
            for where in some:
                for watch in self._watches.get(where, ()):
                    watch.wake_if_behind(last.get(where), now)

    async def read(self, where: _Where, after: int) -> list[Change] | Reread | ConversationGone:
        """Return a page of what happened after a number, or say to read all anew."""
        return await self._database.glance(lambda session: _after(session, where, after))

    async def typing(self, where: _Where) -> _Typing:
        """Return who types in a conversation now, and until when no fewer do by themselves."""
        now = self._clock.now()
        return await self._database.glance(lambda session: _typing(session, where, now))

    async def _look(self) -> None:
        try:
            await self.look()
        except Exception as error:  # noqa: BLE001  whatever it is, the next look may do better
            reason = str(error) or type(error).__name__
            logger().warning(Event.LOOK_FAILED, reason=reason)

    def _hear(self, hints: Iterable[Hint]) -> None:
        """Wake whom a hint concerns; where hints were lost, find out by a look whom they did."""
        for hint in hints:
            if isinstance(hint, Anything):
                self._missed.set()
                continue
            for watch in self._watches.get((hint.app_id, hint.conversation_id), ()):
                watch.wake(typing=hint.typing)


def _after(
    session: Session, where: _Where, number: int
) -> list[Change] | Reread | ConversationGone:
    """Return the changes after a number; or to read anew, if one is missing or there are many."""
    # In this order: what is committed between the two is in the second, and no number is missing.
    last = changes.newest(session, [where]).get(where)
    found = changes.after(session, *where, number, _PAGE)
    if not found and last is None:
        return ConversationGone()
    if not found and last == number:
        return []
    newest = max(last or 0, found[-1].number if found else 0)
    # They are in order and none is there twice, so as many as there are numbers are without a gap.
    if found and found[-1].number - number == len(found) and newest - number <= _MOST_BEHIND:
        return found
    return Reread(newest)


def _typing(session: Session, where: _Where, now: Moment) -> _Typing:
    wanted = sessions.UserSessionQuery(selected_conversation_id=where[1], is_typing=True)
    live = sessions.live(session, where[0], wanted, now)
    until = min((one.expires_at for one in live), default=None)
    return Typing(frozenset(one.user_id for one in live)), until
