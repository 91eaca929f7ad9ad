"""The gateway as an operator runs it: a process of its own, which a test may kill.

async with served(folder, relay_port=relay.port) as process:
    await process.kill()      # SIGKILL: nothing is finished, nothing is told
    await process.start()     # on other ports, over the same files
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from core.address import Keyring
from core.client.reach import in_process, over_socket
from core.clock import SystemClock
from core.store.database import open_database
from gateway.context import Context
from gateway.http.asgi import build

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30
ROOMS = ("smtp", "http", "notifier")
KEY = "5a" * 32

_SETTINGS = """
[database]
url = "{database}"
[addresses]
domain = "reply.test"
from_address = "shop@app.test"
keys = {{ 1 = "{key}" }}
[smtp]
host = "127.0.0.1"
port = 0
[http]
port = 0
[relay]
host = "127.0.0.1"
port = {relay}
tls = "none"
[notifier]
poll_seconds = 0.1
[webhooks]
allow_private = true
"""


@dataclass
class Served:
    """A gateway in a folder of its own; ``ports`` are those it said it listens on.

    ``open_files``: how many it may have, 0 for as many as this process.
    """

    folder: Path
    flags: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ROOMS
    open_files: int = 0
    ports: dict[str, int] = field(default_factory=dict, init=False)
    starts: int = field(default=0, init=False)
    up: asyncio.Event = field(default_factory=asyncio.Event, init=False)
    _process: Process | None = field(default=None, init=False)

    @property
    def process(self) -> Process:
        """The process that was started last."""
        assert self._process is not None
        return self._process

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it and wait until it listens."""
        with (self.folder / "serve.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._limited(), sys.executable, str(ROOT / "rejoinder.py"), "serve",
                "--only", ",".join(self.rooms), *self.flags,
                cwd=self.folder, env=_environment(), stdin=DEVNULL, stdout=PIPE, stderr=log,
            )  # fmt: skip
        assert self._process.stdout is not None
        async with asyncio.timeout(SECONDS):
            for _ in self.rooms:
                line = (await self._process.stdout.readline()).decode()
                assert line, (self.folder / "serve.log").read_text("utf-8")
                name, listens, place = line.partition(" listening on ")
                if listens:
                    self.ports[name] = int(place.rpartition(":")[2])
        self.starts += 1
        self.up.set()

    def _limited(self) -> tuple[str, ...]:
        """Return the words before a command that has so many descriptors, soft and hard."""
        return ("sh", "-c", f'ulimit -n {self.open_files}; exec "$@"', "sh") * bool(self.open_files)

    def log(self) -> str:
        """Return what it has logged."""
        return (self.folder / "serve.log").read_text("utf-8")

    async def kill(self) -> None:
        """End it so that it can do nothing about it."""
        self.shoot()
        await self.process.wait()

    def shoot(self) -> None:
        """End it this very moment; ``wait`` tells when it is gone."""
        self.up.clear()
        self.ports.clear()
        if self.alive:
            self.process.kill()

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    async def wait(self) -> int:
        """Wait until it has ended and return its exit code."""
        async with asyncio.timeout(SECONDS):
            return await self.process.wait()

    def admin(self) -> httpx.AsyncClient:
        """Return a client of the operator's socket (of an embedded database)."""
        return over_socket(self.folder / "rejoinder.db.sock")

    def api(self, secret: str = "") -> httpx.AsyncClient:
        """Return a client of the public port, with an app's key."""
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        url = f"http://127.0.0.1:{self.ports['http']}"
        return httpx.AsyncClient(base_url=url, headers=headers, timeout=SECONDS)


@asynccontextmanager
async def served(
    folder: Path,
    *flags: str,
    relay_port: int = 1,
    database: str = "sqlite:///rejoinder.db",
    rooms: tuple[str, ...] = ROOMS,
    open_files: int = 0,
) -> AsyncIterator[Served]:
    """Run a gateway, or some of its rooms, until left, in whatever state it is then."""
    settings = _SETTINGS.format(database=database, key=KEY, relay=relay_port)
    (folder / "rejoinder.toml").write_text(settings, encoding="utf-8")
    one = Served(folder, flags, rooms, open_files)
    try:
        await one.start()
        yield one
    finally:
        if one.alive:
            await one.kill()


async def a_shop(client: httpx.AsyncClient, rooms: int, *, quiet: bool = False) -> list[str]:
    """Found the app ``shop`` with Ann, Bo and conversations ``room-0`` on; return Bo's addresses.

    Word of what was said is owed at once, or not at all if it shall be ``quiet``.
    """
    people: dict[str, Any] = {
        "ann": {"name": "Ann", "email": ["ann@example.net"]},
        "bo": {"name": "Bo", "email": ["bo@example.net"]},
    }
    await _done(client.put("/v1/shop/users", json=people))
    role = {"timeoutSeconds": 0, "emailEnabled": not quiet}
    await _done(client.put("/v1/shop/roles/default", json=role))
    addresses = []
    for number in range(rooms):
        room = f"/v1/shop/conversations/room-{number}"
        await _done(client.put(room, json={"participants": ["ann", "bo"]}))
        told = await _done(client.get(f"{room}/participants/bo/email"))
        addresses.append(str(told.json()["emailAddress"]))
    return addresses


async def an_app(admin: httpx.AsyncClient) -> str:
    """Found the app ``shop`` and return its secret key. ``admin``: a client of the operator's."""
    made = await _done(admin.post("/admin/apps", json={"id": "shop", "name": "The shop"}))
    return str(made.json()["secretKey"])


async def an_app_in(url: str) -> str:
    """Found the app in a database that no process owns, and return its secret key."""
    database = open_database(url)
    context = Context(database, SystemClock(), Keyring({1: b"k" * 16}, 1), "http://x", "x.test")
    async with in_process(build(context, admin=True)) as admin:
        secret = await an_app(admin)
    await database.close()
    return secret


async def _done(asked: Any) -> httpx.Response:
    response: httpx.Response = await asked
    assert response.is_success, response.text
    return response


def _environment() -> dict[str, str]:
    """Return the environment without settings of the machine's own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("REJOINDER_")}
