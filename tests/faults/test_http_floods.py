"""Strangers who hold HTTP connections shut nobody out: no mail, no operator, no supervisor.

The process may open 256 files, as few as are given anywhere, and 240 connections are made to its
HTTP port from one machine, which is trusted as a proxy's is.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from tests.faults.peer import offer
from tests.faults.process import Served, a_shop, an_app, served

DESCRIPTORS, CONNECTIONS = 256, 240
POST = b"POST /u/x HTTP/1.1\r\nHost: x\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
HELD = {
    "silent": (b"",),
    "half-spoken": (b"POST /u/x HTTP/1.1\r\nHost: x\r\nContent-Le",),
    "silent and half-spoken in turn": (b"", b"GET /u/"),
    "a form that does not come": (POST + b"Content-Length: 4000\r\n\r\n",),
    "a chunk that does not end": (POST + b"Transfer-Encoding: chunked\r\n\r\nfff\r\nscope=",),
    "a mail without a key": (
        b"POST /v1/shop/mail HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\nFrom: ",
    ),
    "answers that are not read": (HEALTH * 50,),
    "kept alive": (HEALTH,),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 100,),
}


@contextmanager
def _held(gateway: Served, words: tuple[bytes, ...]) -> Iterator[list[socket.socket]]:
    """Hold connections until left."""
    with ExitStack() as stack:
        lines = []
        for number in range(CONNECTIONS):
            place = ("127.0.0.1", gateway.ports["http"])
            line = stack.enter_context(socket.create_connection(place, 10))
            line.sendall(words[number % len(words)])
            lines.append(line)
        yield lines


async def _all_is_well(gateway: Served, admin: httpx.AsyncClient, address: str, name: str) -> None:
    """See that a mail is taken, and the operator and whoever supervises are answered."""
    answer = await offer(gateway.ports["smtp"], address, f"Posted {name}.", name)
    rooms = await admin.get("/v1/shop/conversations/room-0/messages")
    async with gateway.api() as stranger:
        health = [(await stranger.get(path)).status_code for path in ("/healthz", "/readyz")]

    assert answer[:3] == "250"
    assert rooms.json()["data"][0]["text"] == f"Posted {name}."
    assert health == [200, 200]


async def test_p7_11_whatever_holds_http_shuts_nobody_out(tmp_path: Path) -> None:
    """In each form of holding: SMTP greets and takes mail at once, and so does all else."""
    async with (
        served(tmp_path, open_files=DESCRIPTORS) as gateway,
        gateway.admin() as admin,
        asyncio.timeout(60),
    ):
        await an_app(admin)
        (address,) = await a_shop(admin, 1, quiet=True)
        for name, words in HELD.items():
            with _held(gateway, words):
                await _all_is_well(gateway, admin, address, name)
        log = gateway.log()
        await _all_is_well(gateway, admin, address, "afterwards")

    assert log.count("http.connections_full") == 1
    assert log.count('"limit": 256') == 1  # at start: fewer connections than the settings want
    assert "Traceback" not in log


async def test_smtps_own_flood_leaves_the_operator_a_way_in(tmp_path: Path) -> None:
    """240 SMTP connections as well: as many as there is room for, and 421 for others."""
    async with served(tmp_path, open_files=DESCRIPTORS) as gateway, gateway.admin() as admin:
        await an_app(admin)
        (address,) = await a_shop(admin, 1, quiet=True)
        with _held(gateway, (b"",)), ExitStack() as stack:
            heard = []
            for _ in range(CONNECTIONS):
                place = ("127.0.0.1", gateway.ports["smtp"])
                line = stack.enter_context(socket.create_connection(place, 10))
                heard.append(line.recv(3))
            assert (await admin.get("/admin/apps")).status_code == 200
            async with gateway.api() as stranger:
                assert (await stranger.get("/readyz")).status_code == 200
        await _all_is_well(gateway, admin, address, "afterwards")

    assert set(heard) == {b"220", b"421"}
    assert heard.count(b"220") > 50


@pytest.mark.parametrize("open_files", [100, 64])
async def test_too_few_descriptors_are_said_at_start(tmp_path: Path, open_files: int) -> None:
    """One line: how many there are, how many it takes, and where that is set."""
    with pytest.raises(AssertionError, match=f"rejoinder: {open_files} open files are too few: "):
        async with served(tmp_path, open_files=open_files):
            pass
