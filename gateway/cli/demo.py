"""``rejoinder demo``: the whole story on one screen, over real sockets.

The door runs all rooms and a relay that keeps what it is given; this tells the story from outside,
through the HTTP API and SMTP, as an app, two mail clients and a forger would. Each step says what
it expects; the first that does not come about ends the story with exit code 1.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import typer

from core.config.loading import load
from core.config.settings import Settings
from core.late import late
from gateway.cli.story import CHAPTERS, Story
from gateway.cli.teller import Surprise, Teller

if TYPE_CHECKING:
    import httpx
    from rich import console
else:
    httpx = late("httpx")
    console = late("rich.console")

Stay = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story plays: the running rooms, and what the relay was given."""

    database: str
    api: str
    smtp_port: int
    mails: asyncio.Queue[bytes]
    admin: httpx.AsyncClient


class DemoRelay(Protocol):
    """A relay that keeps what it is given."""

    port: int
    mails: asyncio.Queue[bytes]


@dataclass(frozen=True, slots=True)
class Theatre:
    """What the door lends: a relay, all the rooms, and a way to reach the operator's socket."""

    capturing: Callable[[], AbstractAsyncContextManager[DemoRelay]]
    running: Callable[[Settings], AbstractAsyncContextManager[object]]
    operator: Callable[[Path], httpx.AsyncClient]


async def play(theatre: Theatre, stay: Stay | None = None) -> int:
    """Set the stage in a folder that is gone afterwards, and tell the story on it."""
    with tempfile.TemporaryDirectory(prefix="rejoinder-demo-") as name:
        folder = Path(name)
        async with theatre.capturing() as relay:
            flags = demo_settings(folder, relay.port, secrets.token_hex(32))
            settings = load(Path(os.devnull), {}, flags)
            async with theatre.running(settings):
                stage = Stage(
                    database=settings.database.url,
                    api=settings.http.public_url,
                    smtp_port=settings.smtp.port,
                    mails=relay.mails,
                    admin=theatre.operator(folder / "rejoinder.db.sock"),
                )
                return await perform(stage, stay)


async def perform(stage: Stage, stay: Stay | None = None) -> int:
    """Tell the story; return the exit code. ``stay``: how long to leave everything running."""
    teller = Teller(console.Console(highlight=False, soft_wrap=True))
    teller.title("Rejoinder: a missed message goes out as a mail, and the reply comes back")
    async with stage.admin, httpx.AsyncClient(base_url=stage.api, timeout=10) as client:
        story = Story(stage.admin, client, stage.smtp_port, stage.mails, teller)
        try:
            for title, chapter in CHAPTERS:
                teller.chapter(title)
                await chapter(story)
        except (Surprise, httpx.HTTPError, OSError, TimeoutError) as error:
            teller.failed(str(error) or type(error).__name__)
            return 1
        teller.title("That is the whole story. Everything went as it should.")
        if stay is not None:
            for line in await story.invitation(stage.database):
                typer.echo(line)
            showing = asyncio.create_task(story.show_mails())
            await stay()
            showing.cancel()
    return 0


def demo_settings(folder: Path, relay_port: int, signing_key: str) -> Mapping[str, Any]:
    """Return the settings the story plays under: loopback, and ports that are free."""
    http, smtp = _free_port(), _free_port()
    return {
        "database.url": f"sqlite:///{folder / 'rejoinder.db'}",
        "smtp.host": "127.0.0.1",
        "smtp.port": smtp,
        "http.port": http,
        "http.public_url": f"http://127.0.0.1:{http}",
        "addresses.domain": "reply.localhost",
        "addresses.from_address": "notifications@bikes.example",
        "addresses.keys": {"1": signing_key},
        "relay.host": "127.0.0.1",
        "relay.port": relay_port,
        "notifier.poll_seconds": 0.2,
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
