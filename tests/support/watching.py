"""Watching a conversation: hear what is committed, and take what is told of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from core.changes import Changes, News, Watch
from core.model.change import Change
from core.model.session import UserSession
from core.moment import MINUTE
from core.store.database import Database
from tests.support.people import APP, NOW, ROOM, a_conversation

SECONDS = 30


@asynccontextmanager
async def running(at: Changes) -> AsyncIterator[None]:
    """Hear what is committed until left."""
    task = asyncio.create_task(at.run())
    await asyncio.sleep(0)  # it hears from its first step on
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def take(watch: Watch, count: int) -> list[News]:
    """Return so much news."""
    async with asyncio.timeout(SECONDS):
        return [await anext(watch) for _ in range(count)]


def told_of(news: list[News]) -> list[tuple[Any, ...]]:
    """Return what was told, without the moments."""
    return [
        (one.number, one.kind.value, one.user_id) if isinstance(one, Change) else (one,)
        for one in news
    ]


async def two_people(database: Database) -> None:
    """Let Ann and Bo be in a conversation, whose last number is 3."""
    await database.write(lambda session: a_conversation(session, "ann", "bo"))


def page(*, typing: bool) -> UserSession:
    """Return a page of Bo's that shows the conversation."""
    return UserSession(
        app_id=APP, user_id="bo", id="tab", selected_conversation_id=ROOM, is_typing=typing,
        told_at=NOW, expires_at=NOW + MINUTE,
    )  # fmt: skip
