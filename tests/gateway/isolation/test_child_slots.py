"""Few mails are read in child processes at once, and whoever asks is answered."""

import asyncio
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from core.client.reach import over_socket
from core.clock import SetClock
from core.errors import TooBusy
from core.store.database import Database
from gateway.isolation.child_slots import ChildSlots
from tests.support.api import Api, a_served_shop

MOST = 2
MAIL = (
    b"From: Bo <bo@x.test>\r\nMessage-ID: <1@x>\r\n\r\n"
    b"Come at five.\r\n\r\n-- \r\nBo Berg\r\nKnock twice.\r\n"
)


async def _children() -> int:
    """Return how many reader children of this process run, as ps(1) tells (POSIX)."""
    ps = await asyncio.create_subprocess_exec(
        "ps", "-A", "-o", "ppid=,args=", stdout=asyncio.subprocess.PIPE
    )
    told, _ = await ps.communicate()
    mine = rf"(?m)^\s*{os.getpid()} .* -m core\.child_process "
    return len(re.findall(mine, told.decode(errors="replace")))


async def _most_children(work: "asyncio.Future[Any]") -> int:
    """Return how many children ran at most, until some work was done."""
    most = 0
    while not work.done():
        most = max(most, await _children())
        await asyncio.wait({work}, timeout=0.05)  # looking takes the time the children need
    return most


async def _path(shop: Api) -> tuple[str, str]:
    """Hand in a mail; return the path of what its message says, and its receipt."""
    message = (await shop.hand_in(MAIL))["messageId"]
    path = f"/conversations/bike/messages/{message}/mail"
    return path, (await shop.get(path))["receiptId"]


async def test_no_more_children_run_than_may(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    """Whoever asks, with the app's key or as the operator, waits in one line; all are answered."""
    slots = ChildSlots(timeout=300)  # as many as there are by default, on a slow machine
    async with a_served_shop(database, clock, tmp_path, children=slots) as (shop, socket):
        path, receipt = await _path(shop)

        async with over_socket(socket) as operator:

            async def look() -> int:
                return (await shop.ask("GET", path)).status_code

            async def post(line: int) -> int:
                return (await shop.ask("POST", path, {"keep": [[line, line]]})).status_code

            async def replay() -> int:
                told = await operator.post(f"/admin/receipts/shop/{receipt}/replay")
                return told.status_code

            work = asyncio.gather(look(), look(), post(1), replay(), replay())
            most = await _most_children(work)

    assert Counter(await work) == {200: 4, 400: 1}  # line 1 is posted already
    assert most == MOST
    assert await _children() == 0


async def test_who_waits_too_long_is_told_when_to_come_again(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    """With 503 and a problem document; nothing is changed, and the slot serves the next."""
    slots = ChildSlots(asyncio.Semaphore(1), timeout=0)
    async with a_served_shop(database, clock, tmp_path, children=slots) as (shop, socket):
        path, receipt = await _path(shop)
        async with slots.one(), over_socket(socket) as operator:
            replayed = await operator.post(f"/admin/receipts/shop/{receipt}/replay")
            looked = await shop.ask("GET", path)
            posted = await shop.ask("POST", path, {"keep": "all"})
        after = await shop.ask("GET", path)
        said = (await shop.get(path.removesuffix("/mail")))["text"]

    for told in (replayed, looked, posted):
        assert (told.status_code, told.headers["Retry-After"]) == (503, "5")
        assert (told.json()["errorCode"], told.json()["status"]) == ("BUSY", 503)
        assert "try again" in told.json()["detail"]
    assert after.status_code == 200
    assert said == "Come at five."


async def test_a_slot_comes_back_however_it_is_left() -> None:
    """By an error of its work, by who stops waiting for it, and by who waited in vain."""
    slots = ChildSlots(asyncio.Semaphore(1), timeout=0)
    with pytest.raises(ZeroDivisionError):
        async with slots.one():
            raise ZeroDivisionError
    async with slots.one():
        with pytest.raises(TooBusy, match="0 seconds"):
            async with slots.one():
                pass

    async def hold(held: asyncio.Event) -> None:
        async with slots.one():
            held.set()
            await asyncio.Event().wait()

    held = asyncio.Event()
    holder = asyncio.create_task(hold(held))
    await held.wait()
    holder.cancel()
    await asyncio.wait({holder})

    async with slots.one():
        assert slots.free.locked()


async def test_a_mail_that_is_gone_holds_no_slot(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    """What cannot be read is told, and the next is served."""
    slots = ChildSlots(asyncio.Semaphore(1))
    async with a_served_shop(database, clock, tmp_path, children=slots) as (shop, _):
        told = [
            (await shop.ask("GET", f"/conversations/bike/messages/{one}/mail")).status_code
            for one in ("msg_0", "msg_1", await shop.says("ann"))
        ]

    assert told == [404] * 3
    assert not slots.free.locked()
