"""A folded line is shown by its number and posted, by the command on a service that runs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import typer
from typer.testing import CliRunner, Result

from core.client.command import Given
from core.client.reach import over_socket
from core.clock import SetClock
from core.store import ageing, receipts
from core.store.database import Database, Session
from gateway.cli.commands import add_to
from tests.support.api import Api, a_served_shop

MAIL = (
    b"From: Bo <bo@x.test>\r\nMessage-ID: <1@x>\r\n\r\n"
    b"Come at five.\r\n\r\n-- \r\nBo Berg\r\nThe bell is broken, so knock twice please.\r\n"
)
OTHERS = MAIL.replace(b"<1@x>", b"<2@x>").replace(b"bo@x.test", b"eve@evil.test")


@dataclass
class Terminal:
    """A shop that is served, Bo's mail in it, and a terminal."""

    shop: Api
    socket: Path
    receipt: str
    message: str

    async def repost(
        self, *words: str, between: Callable[[], Awaitable[object]] | None = None
    ) -> Result:
        """Run the command beside the service; do something once it was told the lines."""
        return await self.run("repost", *words, between=between)

    async def run(
        self, *words: str, between: Callable[[], Awaitable[object]] | None = None
    ) -> Result:
        """Run a command about mails."""
        loop = asyncio.get_running_loop()

        async def told(response: httpx.Response) -> None:
            request = response.request
            if between and request.method == "GET" and request.url.path.endswith("/mail"):

                async def do() -> None:
                    await between()

                await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(do(), loop))

        @asynccontextmanager
        async def reach(_given: Given) -> AsyncIterator[httpx.AsyncClient]:
            async with over_socket(self.socket) as client:
                client.event_hooks = {"response": [told]}
                yield client

        group = typer.Typer()
        add_to(group)

        @group.callback()
        def _begin(ctx: typer.Context) -> None:
            ctx.obj = reach

        return await asyncio.to_thread(CliRunner().invoke, group, ["mail", *words])

    async def text(self) -> str:
        """Return what the message says now."""
        return str((await self.shop.get(f"/conversations/bike/messages/{self.message}"))["text"])


@pytest.fixture
async def terminal(database: Database, clock: SetClock, tmp_path: Path) -> AsyncIterator[Terminal]:
    """Serve a shop that Bo has written to."""
    async with a_served_shop(database, clock, tmp_path) as (shop, socket):
        message = str((await shop.hand_in(MAIL))["messageId"])
        kept = (await shop.get("/receipts"))["data"][0]["id"]
        yield Terminal(shop, socket, kept, message)


async def test_lines_are_shown_and_nothing_is_posted(terminal: Terminal) -> None:
    """Without a word of which to post: by their numbers, with rule and fingerprint."""
    shown = await terminal.repost(terminal.receipt)

    assert shown.exit_code == 0
    assert "1 + written    Come at five." in shown.stdout
    assert "4 - signature  Bo Berg" in shown.stdout
    assert "5 - signature  The bell is broken" in shown.stdout
    assert "fingerprint: " in shown.stdout
    assert await terminal.text() == "Come at five."


async def test_what_was_shown_is_what_is_posted(terminal: Terminal) -> None:
    """By number with the fingerprint as it was printed, then all; it is shown before it is done."""
    shown = (await terminal.repost(terminal.receipt)).stdout.rpartition("fingerprint: ")[2].strip()
    some = await terminal.repost(terminal.receipt, "--keep", "5", "--fingerprint", shown)
    after_some = await terminal.text()
    every = await terminal.repost(terminal.receipt, "--all")

    assert (some.exit_code, every.exit_code) == (0, 0)
    assert "5 - signature  The bell is broken" in some.stdout
    assert after_some == "Come at five.\n\nThe bell is broken, so knock twice please."
    assert some.stdout.rstrip().endswith(f"{terminal.message} says now:\n{after_some}")
    assert "Bo Berg" in await terminal.text()


async def test_other_lines_than_were_shown_are_refused(
    terminal: Terminal, database: Database
) -> None:
    """Be it that another mail's were, or that the service reads others since they were."""

    def swap(session: Session) -> None:
        one = receipts.find(session, "shop", terminal.receipt)
        other = next(r for r in receipts.listed(session, "shop", 9) if r.id != terminal.receipt)
        assert one is not None
        one.raw = other.raw
        session.add(one)

    await terminal.shop.hand_in(MAIL.replace(b"<1@x>", b"<3@x>").replace(b"five", b"six"))
    wrong = await terminal.repost(terminal.receipt, "--all", "--fingerprint", "0" * 16)
    meanwhile = await terminal.repost(
        terminal.receipt, "--all", between=lambda: database.write(swap)
    )

    for refused in (wrong, meanwhile):
        assert refused.exit_code == 1
        assert "look at it again" in refused.stderr
    assert await terminal.text() == "Come at five."


async def test_an_edit_meanwhile_is_not_undone(terminal: Terminal) -> None:
    """Whoever edited the message between looking and posting has the last word."""
    path = f"/conversations/bike/messages/{terminal.message}"
    refused = await terminal.repost(
        terminal.receipt,
        "--keep",
        "5",
        between=lambda: terminal.shop.ask("PUT", path, {"text": "At six."}),
    )

    assert refused.exit_code == 1
    assert "edited since" in refused.stderr
    assert await terminal.text() == "At six."


async def test_what_cannot_be_posted_is_said_in_a_line(
    terminal: Terminal, database: Database
) -> None:
    """No such receipt or line, both ways of naming lines, none at all, and octets that are gone."""
    unknown = await terminal.repost("rcp_0", "--all")
    beyond = await terminal.repost(terminal.receipt, "--keep", "90")
    both = await terminal.repost(terminal.receipt, "--keep", "1", "--all")
    no_lines = await terminal.repost(terminal.receipt, "--keep", "some")
    await database.write(lambda s: ageing.drop_raw(s, 1 << 52, 100))
    gone = await terminal.repost(terminal.receipt, "--all")

    told = [(one.exit_code, one.stderr) for one in (unknown, beyond, both, no_lines, gone)]
    assert [code for code, _ in told] == [1, 1, 2, 2, 1]
    for (_, said), part in zip(
        told,
        ("no receipt", "lines 1 to", "not both", "3-7,9", "no longer kept"),
        strict=True,
    ):
        assert part in said
    assert await terminal.text() == "Come at five."


async def test_a_held_mail_has_a_command_of_its_own(terminal: Terminal) -> None:
    """It is not posted past its owner; once it is let go, its lines can be had like any other's."""
    await terminal.shop.hand_in(OTHERS)
    found = (await terminal.shop.get("/receipts"))["data"]
    held = next(one["id"] for one in found if one["verdict"] == "hold")
    refused = await terminal.repost(held, "--all")
    waiting = (await terminal.run("held", "--json")).stdout
    await terminal.run("release", waiting.partition('"id": "')[2].partition('"')[0])
    posted = await terminal.repost(held, "--keep", "5")

    assert refused.exit_code == 2
    assert "rejoinder mail release" in refused.stderr
    assert posted.exit_code == 0
    assert posted.stdout.rstrip().endswith("The bell is broken, so knock twice please.")
