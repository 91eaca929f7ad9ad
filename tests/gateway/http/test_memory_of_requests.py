"""What comes in is held within one account of memory, whichever way it comes."""

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.address import Keyring
from core.clock import SetClock
from core.memory_budget import FREE, MemoryBudget
from core.store.database import Database
from gateway.context import Context
from gateway.http.asgi import build
from gateway.http.http_state import HttpState
from gateway.http.server import serving
from gateway.smtp.handler import MailHandler
from gateway.smtp.listener import Listening, listening
from tests.support.api import Api, a_served_shop, a_shop
from tests.support.http_line import HttpLine
from tests.support.mail_peer import TO_DATA, Remembering, connect
from tests.support.people import NOW

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
MOST = 400_000
LONG = "x" * 100_000
MAIL = b"From: bo@x.test\r\nMessage-ID: <1@x.test>\r\n\r\n" + b"Yes. \r\n" * 14_000
WAYS: dict[str, tuple[str, str, bytes]] = {
    "a mail": ("POST", "/v1/shop/mail?recipient=x@reply.test", MAIL),
    "a mail of an MTA's": ("POST", "/admin/mail?recipient=x@reply.test", MAIL),
    "a user": ("PUT", "/v1/shop/users/dan", json.dumps({"name": "Dan", "x": LONG}).encode()),
    "users": ("PUT", "/v1/shop/users", json.dumps({"dan": {"name": "D", "x": LONG}}).encode()),
    "a conversation": ("PUT", "/v1/shop/conversations/car", json.dumps({"x": LONG}).encode()),
    "messages": (
        "POST",
        "/v1/shop/conversations/bike/messages",
        json.dumps([{"type": "SystemMessage", "text": "x", "y": LONG}]).encode(),
    ),
    "nothing but values": ("PUT", "/v1/shop/users/dan", b"[" + b"[]," * 3_000 + b"0]"),
    "an app": ("POST", "/admin/apps", json.dumps({"id": "big", "name": "B", "x": LONG}).encode()),
}


async def _sent(api: Api, admin: httpx.AsyncClient, way: str, how: str) -> httpx.Response:
    """Send a body one of the ways, with its length told or in chunks."""
    method, path, body = WAYS[way]
    kind = "message/rfc822" if "mail" in path else "application/json"
    headers = {"Authorization": f"Bearer {api.secret}", "Content-Type": kind}

    async def pieces() -> Any:
        for at in range(0, len(body), 5_000):
            yield body[at : at + 5_000]

    content = body if how == "at once" else pieces()
    client = admin if path.startswith("/admin") else api.client
    return await client.request(method, path, headers=headers, content=content)


@pytest.mark.parametrize("how", ["at once", "in pieces"])
@pytest.mark.parametrize("way", list(WAYS))
async def test_no_way_in_is_outside_the_account(
    database: Database, clock: SetClock, tmp_path: Path, way: str, how: str
) -> None:
    """503 with Retry-After while others hold it all, and as ever when they are answered."""
    memory = MemoryBudget(MOST)
    async with a_served_shop(database, clock, tmp_path, memory=memory) as (api, path):
        transport = httpx.AsyncHTTPTransport(uds=str(path))
        async with httpx.AsyncClient(transport=transport, base_url="http://admin") as admin:
            usual = await _sent(api, admin, way, how)
            assert memory.octets == 0
            memory.hold(MOST)
            refused = await _sent(api, admin, way, how)
            assert memory.octets == MOST
            memory.let_go(MOST)
            again = await _sent(api, admin, way, how)

    assert usual.status_code != 503
    assert (refused.status_code, refused.json()["errorCode"]) == (503, "BUSY")
    assert int(refused.headers["retry-after"]) > 0
    assert again.status_code in {usual.status_code, 400}  # the app is there by now
    assert memory.octets == 0


async def test_what_is_small_is_always_taken(database: Database, clock: SetClock) -> None:
    """A message and a reply of some lines are, however much others hold."""
    async with a_shop(database, clock) as api:
        memory = api.client._transport.app._memory  # type: ignore[attr-defined]
        while memory.hold(1 << 20):
            pass
        said = await api.says("ann", "Still there?")
        posted = await api.hand_in(b"From: bo@x.test\r\nMessage-ID: <1@x>\r\n\r\nYes.\r\n")

    assert said.startswith("msg_")
    assert posted["verdict"] == "accept"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" + b"[]," * 30_000 + b"0]", id="empty lists"),
        pytest.param(b"[" + b"{}," * 30_000 + b"0]", id="empty objects"),
        pytest.param(b"[" + b"0," * 30_000 + b"0]", id="numbers"),
        pytest.param(b"[" * 30_000 + b"]" * 30_000, id="lists in lists"),
        pytest.param(b'{"a":' * 30_000 + b"0" + b"}" * 30_000, id="objects in objects"),
        pytest.param(b'{"custom":{' + b'"a":"b",' * 30_000 + b'"a":"b"}}', id="one name"),
    ],
)
async def test_a_body_of_nothing_but_values_is_refused(
    database: Database, clock: SetClock, body: bytes
) -> None:
    """413 before any of them is made, whatever has the key."""
    async with a_shop(database, clock) as api:
        headers = {"Authorization": f"Bearer {api.secret}", "Content-Type": "application/json"}
        path = "/v1/shop/conversations/bike/messages"
        heard = await api.client.post(path, headers=headers, content=body)

    assert (heard.status_code, heard.json()["errorCode"]) == (413, "TOO_LARGE")


async def test_smtp_and_http_share_it(database: Database, clock: SetClock, tmp_path: Path) -> None:
    """What one holds the other cannot: 452 4.3.1, until the request has gone."""
    memory = MemoryBudget(MOST)
    async with (
        a_served_shop(database, clock, tmp_path, memory=memory) as (api, _),
        listening(Listening(memory=memory), Remembering()) as listener,
    ):
        port = api.client.base_url.port
        assert port is not None
        line = HttpLine(*await asyncio.open_connection("127.0.0.1", port))
        line.say(
            b"POST /v1/shop/mail?recipient=x HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n"
            b"Content-Type: message/rfc822\r\nAuthorization: Bearer " + api.secret.encode()
            + b"\r\n\r\n" + b"x" * 400_000
        )  # fmt: skip
        peer = await connect(listener.port)
        await peer.hear()
        while memory.octets < 400_000 - FREE:
            await peer.still_there()
        await peer.say(*TO_DATA)
        content = b"y" * 998 + b"\r\n"
        (full,) = await peer.say(content * 200 + b".")
        await line.close()
        while memory.octets:
            await peer.still_there()
        *_, taken = await peer.say(*TO_DATA[1:], content * 200 + b".")
        await peer.close()

    assert (full[:9], taken[:3]) == ("452 4.3.1", "250")


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"PUT /v1/shop/users/bo", id="a user"),
        pytest.param(b"POST /v1/shop/conversations/bike/messages", id="messages"),
        pytest.param(b"POST /v1/shop/mail?recipient=x", id="a mail"),
        pytest.param(b"PUT /v1/nobody/users", id="an app that is none"),
    ],
)
async def test_a_strangers_body_is_never_held(
    database: Database, clock: SetClock, head: bytes
) -> None:
    """Without a key the answer comes before the body, of which nothing is read or kept."""
    clock.moment = NOW
    context = Context(database, clock, KEYS, "http://api.test", "reply.test")
    bound = socket.create_server(("127.0.0.1", 0))
    async with serving(build(context), bound, HttpState()):
        streams = await asyncio.open_connection("127.0.0.1", bound.getsockname()[1])
        line = HttpLine(*streams)
        line.say(head + b" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
        line.say(b"Content-Length: 900000\r\n\r\n" + b"[" * 300_000)
        status, _ = await line.answer()
        held = context.memory.octets
        await line.close()

    assert (status, held) == (401, 0)


def test_the_handler_of_mail_has_the_same_account() -> None:
    """There is one in a context, which both ways in are made from."""
    assert MailHandler.__init__.__annotations__["at"] is Context
