"""One app's many requests for lists leave room for another's."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from core.clock import SetClock
from core.store.database import Database
from gateway.http.app_turns import AppTurns
from tests.support.api import Api, a_shop


@pytest.fixture
async def shop(database: Database, clock: SetClock) -> AsyncIterator[Api]:
    """Open the application with one app and its people."""
    async with a_shop(database, clock) as api:
        yield api


async def _settled() -> None:
    """Let everybody go on who can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_an_app_has_so_many_turns_and_another_its_own() -> None:
    """Whoever comes too many waits, in order, behind none but the app's own."""
    turns, log, go_on = AppTurns(2), list[str](), asyncio.Event()

    async def ask(app: str, name: str) -> None:
        async with turns.turn(app):
            log.append(name)
            await go_on.wait()

    asked = [asyncio.create_task(ask("shop", f"s{n}")) for n in range(5)]
    await _settled()
    asked.append(asyncio.create_task(ask("other", "o0")))
    await _settled()
    at_once = list(log)
    go_on.set()
    await asyncio.gather(*asked)

    assert at_once == ["s0", "s1", "o0"]
    assert log[3:] == ["s2", "s3", "s4"]


async def test_who_gives_up_takes_nobodys_turn() -> None:
    """A client that hangs up while it waits, and one that does while it reads."""
    turns = AppTurns(1)
    async with AsyncExitStack() as held:
        await held.enter_async_context(turns.turn("shop"))
        waiting = asyncio.create_task(held.enter_async_context(turns.turn("shop")))
        await _settled()
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(5), turns.turn("shop"):
        pass


async def test_nothing_is_kept_of_who_asks_no_more() -> None:
    """However many apps have asked."""
    turns = AppTurns()
    for number in range(50):
        async with turns.turn(f"app{number}"):
            pass

    assert not list(turns._places)


async def test_what_reads_waits_for_its_app_and_what_writes_does_not(shop: Api) -> None:
    """A proven GET; a PUT goes ahead, and so does whoever is not let in."""
    edge: Any = shop.client._transport.app  # type: ignore[attr-defined]
    turns: AppTurns = edge._given["app_turns"]
    async with AsyncExitStack() as held:
        for _ in range(4):
            await held.enter_async_context(turns.turn("shop"))
        waiting = asyncio.create_task(shop.ask("GET", "/users/ann"))
        written = await shop.ask("PUT", "/users/ann", {"name": "Ann"})
        stranger = await shop.client.get("/v1/shop/users/ann")
        was_waiting = not waiting.done()
    read = await waiting

    assert (written.status_code, stranger.status_code) == (200, 401)
    assert was_waiting
    assert read.json()["name"] == "Ann"
