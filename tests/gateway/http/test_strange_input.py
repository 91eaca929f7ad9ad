"""What no database takes and no reader wants is refused at the edge, with 400 and why."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from core.address import Keyring
from core.clock import SetClock
from core.store.database import Database
from gateway.context import Context
from gateway.http.asgi import build
from tests.support.people import NOW

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
CHAT = "/conversations/bike/messages"


def deep(levels: int) -> Any:
    """Return JSON so many levels deep."""
    tree: Any = "x"
    for _ in range(levels):
        tree = [tree]
    return tree


@pytest.fixture
async def api(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """Open an app's API with Ann and a conversation."""
    context = Context(database, SetClock(NOW), KEYS, "http://api.test", "reply.test")
    operator = httpx.ASGITransport(build(context, admin=True))
    public = httpx.ASGITransport(build(context), raise_app_exceptions=False)
    async with (
        httpx.AsyncClient(transport=operator, base_url="http://api.test") as admin,
        httpx.AsyncClient(transport=public, base_url="http://api.test/v1/shop") as client,
    ):
        made = await admin.post("/admin/apps", json={"id": "shop", "name": "The shop"})
        client.headers["Authorization"] = f"Bearer {made.json()['secretKey']}"
        await client.put("/users/ann", json={"name": "Ann", "email": ["ann@x.test"]})
        await client.put("/users/bo", json={"name": "Bo"})
        await client.put("/conversations/bike", json={"participants": ["ann", "bo"]})
        yield client


def says(**more: Any) -> list[dict[str, Any]]:
    """Return a body that says something as Ann."""
    return [{"type": "UserMessage", "sender": "ann", "text": "Hi"} | more]


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        pytest.param("POST", CHAT, says(content=[{"a": deep(200)}]), id="too deep"),
        pytest.param("POST", CHAT, says(content=[{"a": [0] * 6_000}]), id="too much"),
        pytest.param("POST", CHAT, says(content=[{"text": "a\0b"}]), id="NUL in content"),
        pytest.param("POST", CHAT, says(content=[{"n": 2**70}]), id="a number without end"),
        pytest.param("PUT", "/users/b%00o", {"name": "Bo"}, id="NUL in a path"),
        pytest.param("GET", "/users?startingAfter=a%00", None, id="NUL in a query"),
        pytest.param("PUT", "/users", {"": {"name": "Nobody"}}, id="an id of nothing"),
        pytest.param("GET", "/conversations?lastMessageAfter=" + "9" * 30, None, id="after ever"),
        pytest.param("GET", "/conversations?filter=" + "[" * 5_000, None, id="a filter of [["),
        pytest.param(
            "PATCH", "/users/bo/conversations/bike", {"readUntil": 2**70}, id="read until ever"
        ),
        pytest.param("PATCH", "/users/bo/conversations/bike", {}, id="read until nothing"),
        pytest.param("GET", "/conversations?startingAfter=nowhere", None, id="after no room"),
        pytest.param("GET", CHAT + "?startingAfter=nowhere", None, id="after no message"),
        *(
            pytest.param("PUT", "/users/bo", {"email": [address]}, id=f"the address {address!r}")
            for address in ("bo@x.test,", 'a"b@x.test', "a;b@x.test", "bo:c@x.y", "a\x7fb@x.test")
        ),
    ],
)
async def test_it_is_refused(api: httpx.AsyncClient, verb: str, path: str, body: Any) -> None:
    """400 with a reason, and the lists go on working."""
    refused = await api.request(verb, path, json=body)
    lists = [await api.get(where) for where in (CHAT, "/conversations", "/users")]

    assert (refused.status_code, refused.json()["errorCode"]) == (400, "INVALID_ARGUMENT")
    assert refused.json()["reasons"][0]
    assert [one.status_code for one in lists] == [200, 200, 200]


@pytest.mark.parametrize("raw", [b'"a\\ud800b"', b"NaN"])
async def test_json_that_is_none(api: httpx.AsyncClient, raw: bytes) -> None:
    """Lone surrogates and numbers that are none never reach the database."""
    body = b'[{"type": "UserMessage", "sender": "ann", "content": [{"a": ' + raw + b"}]}]"
    refused = await api.post(CHAT, content=body, headers={"Content-Type": "application/json"})

    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param(r"\ud800", r"\ud800", id="half a character"),
        pytest.param(r"x\udfff\udfff", r"x\udfff\udfff", id="two halves"),
        pytest.param(r"\u001b]0;x", r"\x1b]0;x", id="a terminal's"),
        pytest.param(r"\u202e", r"\u202e", id="turned round"),
        pytest.param(r"\u0000", r"\x00", id="NUL"),
        pytest.param("y" * 100_000, "yyy", id="a great many"),
    ],
)
async def test_a_reason_can_be_read_and_is_no_longer_than_a_page(
    api: httpx.AsyncClient, name: str, shown: str
) -> None:
    """What is told of an id that is none shows it, whatever stands in it."""
    body = f'{{"{name}": {{"name": "a"}}}}'.encode()
    refused = await api.put("/users", content=body, headers={"Content-Type": "application/json"})

    assert refused.status_code == 400
    assert shown in refused.json()["reasons"][0]
    assert len(refused.json()["detail"]) < 1_100


async def test_a_body_without_a_length_is_bounded(api: httpx.AsyncClient) -> None:
    """A stream that does not say how long it is ends with 413."""

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 100_000

    refused = await api.put("/users/bo", content=endless())

    assert (refused.status_code, refused.json()["errorCode"]) == (413, "TOO_LARGE")


async def test_read_until_sent_is_until_their_own_last_word(api: httpx.AsyncClient) -> None:
    """What came after it is still unread."""
    await api.post(CHAT, json=says(text="one"))
    await api.post(CHAT, json=says(sender="bo", text="two"))
    await api.post(CHAT, json=says(text="three"))
    await api.patch("/users/bo/conversations/bike", json={"readUntil": "sent"})
    (room,) = (await api.get("/users/bo/conversations")).json()["data"]

    assert room["unreadMessageCount"] == 1


async def test_only_unread_rooms_fill_a_page(api: httpx.AsyncClient) -> None:
    """A page of unread conversations is full though newer ones are read."""
    for n in range(6):
        await api.put(f"/conversations/c{n}", json={"participants": ["ann", "bo"]})
        await api.post(f"/conversations/c{n}/messages", json=says())
        if n >= 2:
            await api.post(f"/conversations/c{n}/messages", json=says(sender="bo"))
    page = await api.get("/users/bo/conversations?unreadsOnly=true&limit=2")

    assert sorted(one["id"] for one in page.json()["data"]) == ["c0", "c1"]
