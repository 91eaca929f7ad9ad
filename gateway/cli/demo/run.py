"""``rejoinder demo``: the main job on one screen, over real sockets.

The door runs all rooms and a relay that keeps what it is given; this shows it from outside,
through the HTTP API and SMTP, as an app, two mail clients and a forger would. Each step says what
it expects; the first that does not come about ends the demo with exit code 1.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import typer

from core.config.loading import load
from core.config.settings import Settings
from core.lazy_import import lazy_import
from gateway.cli.demo.printer import Printer, Surprise
from gateway.cli.demo.walkthrough import STEPS, Walkthrough

if TYPE_CHECKING:
    import httpx
    from rich import console
else:
    httpx = lazy_import("httpx")
    console = lazy_import("rich.console")

Stay = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class DemoService:
    """What is shown: the running rooms, and what the relay was given."""

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
class DemoParts:
    """What the demo is given: a relay, all the rooms, and a way to reach the operator's socket."""

    relaying: Callable[[], AbstractAsyncContextManager[DemoRelay]]
    running: Callable[[Settings], AbstractAsyncContextManager[object]]
    operator: Callable[[Path], httpx.AsyncClient]


async def play(parts: DemoParts, stay: Stay | None = None) -> int:
    """Run it all in a folder that is gone afterwards, and show it."""
    with tempfile.TemporaryDirectory(prefix="rejoinder-demo-") as name, held_ports() as ports:
        folder = Path(name)
        async with parts.relaying() as relay:
            flags = demo_settings(folder, relay.port, ports, secrets.token_hex(32))
            settings = load(Path(os.devnull), {}, flags)
            async with parts.running(settings):
                service = DemoService(
                    database=settings.database.url,
                    api=settings.http.public_url,
                    smtp_port=settings.smtp.port,
                    mails=relay.mails,
                    admin=parts.operator(folder / "rejoinder.db.sock"),
                )
                return await perform(service, stay)


async def perform(service: DemoService, stay: Stay | None = None) -> int:
    """Show each step; return the exit code. ``stay``: how long to leave everything running."""
    printer = Printer(console.Console(highlight=False, soft_wrap=True))
    printer.title("Rejoinder: a missed message goes out as a mail, and the reply comes back")
    async with service.admin, httpx.AsyncClient(base_url=service.api, timeout=10) as client:
        walk = Walkthrough(service.admin, client, service.smtp_port, service.mails, printer)
        try:
            for title, step in STEPS:
                printer.step(title)
                await step(walk)
        except (Surprise, httpx.HTTPError, OSError, TimeoutError) as error:
            printer.failed(str(error) or type(error).__name__)
            return 1
        printer.title("That is all of it. Everything went as it should.")
        if stay is not None:
            for line in await walk.invitation(service.database):
                typer.echo(line)
            showing = asyncio.create_task(walk.show_mails())
            await stay()
            showing.cancel()
    return 0


def demo_settings(
    folder: Path, relay_port: int, ports: tuple[int, int], signing_key: str
) -> Mapping[str, Any]:
    """Return the settings of the demo: loopback, and the ``held_ports``."""
    smtp, http = ports
    return {
        "database.url": f"sqlite:///{folder / 'rejoinder.db'}",
        "smtp.host": "127.0.0.1",
        "smtp.port": smtp,
        "smtp.reuse_port": True,
        "http.host": "127.0.0.1",
        "http.port": http,
        "http.reuse_port": True,
        "http.public_url": f"http://127.0.0.1:{http}",
        "addresses.domain": "reply.localhost",
        "addresses.from_address": "notifications@bikes.example",
        "addresses.keys": {"1": signing_key},
        "relay.host": "127.0.0.1",
        "relay.port": relay_port,
        "notifier.poll_seconds": 0.2,
    }


@contextmanager
def held_ports() -> Iterator[tuple[int, int]]:
    """Hold two free ports of loopback, for SMTP and for HTTP, until left.

    The settings must name them before anybody listens. So they are bound meanwhile, or another
    process could be given them; and not listened on, so that who shares them gets all that comes.
    """
    with socket.socket() as smtp, socket.socket() as http:
        for held in (smtp, http):
            held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            held.bind(("127.0.0.1", 0))
        yield smtp.getsockname()[1], http.getsockname()[1]
