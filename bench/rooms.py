"""Which rooms does one reply enter, and which one digest? Counted in a real run.

    python bench/rooms.py

All rooms are wired as ``serve`` wires them, on SQLite, with a relay that takes every mail.
A reply goes the way from DATA to 250, a digest from claimed to settled; each a second time, since
the first fills caches. A room is a folder directly under core, gateway or notifier, or a module
that stands directly in one of the latter two. Core's own modules are values, which every room has
at hand: they are listed beside the rooms. ``tests/test_flow.py`` holds docs/flow.md against this.
"""

import asyncio
import gc
import logging
import smtplib
import sys
import tempfile
import threading
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, cast

import structlog

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import wiring
from core.client.reach import over_socket
from core.config.loading import load
from core.config.settings import Settings
from gateway.cli.demo.run import demo_settings, held_ports
from notifier import worker

ROOT = Path(__file__).resolve().parents[1]
APP = "bench"
VALUES = "core (values)"
_SECONDS = 30


class Trace:
    """The rooms that were entered, in order, each with how often, while it was on."""

    def __init__(self) -> None:
        """Be off."""
        self.entries: dict[str, int] = {}
        self._on = False
        self._last: dict[int, str] = {}

    def begin(self) -> None:
        """Take note from here on, of what came before no more."""
        gc.collect()  # what ends here is nobody's who is on the way
        self.entries, self._last, self._on = {}, {}, True

    def end(self) -> None:
        """Take note no more."""
        self._on = False

    def __call__(self, frame: FrameType, event: str, arg: Any) -> None:
        """Take note of a call, as ``sys.setprofile`` tells it."""
        if not self._on or event != "call":
            return
        room = room_of(frame.f_code.co_filename)
        thread = threading.get_ident()
        if room is not None and self._last.get(thread) != room:
            self._last[thread] = room
            self.entries[room] = self.entries.get(room, 0) + 1


@cache
def room_of(file: str) -> str | None:
    """Return the room a file lies in, None for one that is not the project's own."""
    if not file.startswith(f"{ROOT}/"):
        return None
    parts = Path(file).relative_to(ROOT).with_suffix("").parts
    if parts[0] not in {"core", "gateway", "notifier"} or len(parts) < 2:
        return None
    return VALUES if parts[0] == "core" and len(parts) == 2 else "/".join(parts[:2])


async def reply_rooms() -> dict[str, int]:
    """Return the rooms that a reply enters from DATA to its 250, with how often each."""
    trace = Trace()
    async with _wired(trace, frozenset({"smtp", "http"})) as (settings, client):
        path = f"/v1/{APP}/conversations/room/participants/bo/email"
        address = next(iter((await client.get(path)).json().values()))
        for text in ("Yes, it is.", "Shall I keep it for you?"):
            await asyncio.to_thread(_reply, settings.smtp.port, address, text, trace)
    return trace.entries


async def digest_rooms() -> dict[str, int]:
    """Return the rooms that a digest enters from claimed to settled, with how often each."""
    trace = Trace()
    rooms = frozenset({"http", "notifier"})
    with _from_claimed_to_settled(trace) as settled:
        async with _wired(trace, rooms) as (_, client):
            for _ in range(2):
                said = [{"type": "UserMessage", "sender": "ann", "text": "Is it there?"}]
                await client.post(f"/v1/{APP}/conversations/room/messages", json=said)
                await asyncio.wait_for(settled.get(), _SECONDS)
    return trace.entries


def _reply(port: int, address: str, text: str, trace: Trace) -> None:
    """Answer as Bo's mail server would; note what is entered from DATA on."""
    mail = f"From: Bo <bo@example.net>\nSubject: Re: x\n\n{text}\n\n> Is it there?\n"
    with smtplib.SMTP("127.0.0.1", port, timeout=_SECONDS) as peer:
        peer.ehlo()
        peer.mail("bo@example.net")
        peer.rcpt(address)
        trace.begin()
        code, words = peer.data(mail)
        trace.end()
        if code != 250:
            raise RuntimeError(words)


@contextmanager
def _from_claimed_to_settled(trace: Trace) -> Iterator[asyncio.Queue[object]]:
    """Note what ``deliver`` enters whenever the worker calls it; the queue tells that it ended."""
    settled: asyncio.Queue[object] = asyncio.Queue()
    deliver = vars(worker)["deliver"]

    async def noted(*given: Any, **more: Any) -> Any:
        trace.begin()
        try:
            return await deliver(*given, **more)
        finally:
            trace.end()
            settled.put_nowait(None)

    vars(worker)["deliver"] = noted  # where the worker looks it up
    try:
        yield settled
    finally:
        vars(worker)["deliver"] = deliver


@asynccontextmanager
async def _wired(trace: Trace, rooms: frozenset[str]) -> AsyncIterator[tuple[Settings, Any]]:
    """Run rooms, with Ann and Bo in a conversation; the relay is a process of its own."""
    with tempfile.TemporaryDirectory() as name, held_ports() as ports:
        folder = Path(name)
        # Threads take the hook when they start: so it is set before the first of ours does.
        threading.setprofile(trace)
        sys.setprofile(trace)
        try:
            async with _relay() as port:
                # Nudges wake what is to be seen; a poll would let the reaper into the picture.
                flags = dict(demo_settings(folder, port, ports, "ab" * 32))
                flags["notifier.poll_seconds"] = 600.0
                settings = load(Path("/dev/null"), {}, flags)
                socket = folder / "rejoinder.db.sock"
                async with wiring.running(settings, rooms), over_socket(socket) as client:
                    await _people(client)
                    yield settings, client
        finally:
            sys.setprofile(None)
            threading.setprofile(None)


@asynccontextmanager
async def _relay() -> AsyncIterator[int]:
    """Run a relay that takes every mail; give its port."""
    program = str(ROOT / "bench/servers/sink.py")
    relay = await asyncio.create_subprocess_exec(sys.executable, program, stdout=PIPE)
    try:
        yield int(await cast("asyncio.StreamReader", relay.stdout).readline())
    finally:
        relay.terminate()
        await relay.wait()


async def _people(client: Any) -> None:
    for method, path, body in (
        ("POST", "/admin/apps", {"id": APP, "name": "Bench"}),
        ("PUT", f"/v1/{APP}/roles/default", {"timeoutSeconds": 0}),
        ("PUT", f"/v1/{APP}/users/ann", {"name": "Ann", "email": ["ann@example.net"]}),
        ("PUT", f"/v1/{APP}/users/bo", {"name": "Bo", "email": ["bo@example.net"]}),
        ("PUT", f"/v1/{APP}/conversations/room", {"participants": ["ann", "bo"]}),
    ):
        (await client.request(method, path, json=body)).raise_for_status()


def main() -> None:
    """Print both."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    for what, walk in (
        ("a reply, DATA to 250", reply_rooms),
        ("a digest, claimed to settled", digest_rooms),
    ):
        entries = asyncio.run(walk())
        rooms = [room for room in entries if room != VALUES]
        print(f"{what}: {len(rooms)} rooms, {sum(entries.values())} entries")
        for room, times in entries.items():
            print(f"  {times:4}  {room}")


if __name__ == "__main__":
    main()
