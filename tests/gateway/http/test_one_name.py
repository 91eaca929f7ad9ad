"""A name has one form at every door of the API: in paths, in keys, in lists."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from core.address import Keyring
from core.clock import SetClock
from core.store.database import Database
from gateway.context import Context
from gateway.http.asgi import build
from tests.core.test_ids import READ_TWO_WAYS
from tests.support.people import NOW

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
SAYABLE = {k: v for k, v in READ_TWO_WAYS.items() if "\ud800" not in v}  # JSON that is UTF-8


@pytest.fixture
async def api(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """Open an app's API with Ann and Bo in a conversation."""
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


async def held(api: httpx.AsyncClient) -> tuple[Any, ...]:
    """Return all that a name with a slash could have reached."""
    paths = ("/users", "/users/bo/sessions", "/conversations/bike/participants/bo/email")
    return tuple([(await api.get(path)).json() for path in paths])


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        pytest.param("PUT", "/users/bo%2Fsessions%2F1", id="makes a session"),
        pytest.param("DELETE", "/users/bo%2fsessions%2f1", id="ends a session"),
        pytest.param("DELETE", "/conversations/bike/participants/bo%2Femail", id="revokes"),
        pytest.param("PUT", "/conversations/bike%2Fparticipants%2Fann", id="joins"),
        pytest.param("GET", "/conversations/bike%2Fmessages", id="reads"),
        pytest.param("POST", "/conversations/bike%2FreadBy/bo", id="marks as read"),
        pytest.param("PUT", "/users/%FF", id="an octet that is no UTF-8"),
        pytest.param("PUT", "/users/b%C0%AFo", id="an overlong slash"),
        pytest.param("PUT", "/users/%ED%A0%80", id="a lone surrogate"),
        pytest.param("GET", "/users/%EF%BF%BD%FE", id="beside the sign that stands for it"),
        pytest.param("PUT", "/users/b%0Ao", id="a line feed"),
        pytest.param("PUT", "/users/b%1B%5B2J", id="an escape"),
        pytest.param("PUT", "/users/b%E2%80%AEo", id="a turned direction"),
        pytest.param("PUT", "/users/jose%CC%81", id="a mark apart"),
        pytest.param("PUT", "/users/" + "b" * 60_000, id="60,000 letters"),
        pytest.param("PUT", "/users/bo/sessions/a%0D", id="the id of a session"),
        pytest.param("PUT", "/conversations/a%C2%85b", id="the id of a conversation"),
    ],
)
async def test_a_path_names_one_thing(api: httpx.AsyncClient, verb: str, path: str) -> None:
    """It is refused with a reason, and nothing has happened."""
    before = await held(api)
    refused = await api.request(verb, path, json={"name": "Eve"} if verb == "PUT" else None)

    assert (refused.status_code, refused.json()["errorCode"]) == (400, "INVALID_ARGUMENT")
    assert await held(api) == before


@pytest.mark.parametrize("name", SAYABLE.values(), ids=SAYABLE)
async def test_a_body_names_nothing_else(api: httpx.AsyncClient, name: str) -> None:
    """What no path could name is not made by a body either."""
    before = await held(api)
    several = await api.put("/users", json={name: {"name": "Eve"}})
    joined = await api.put("/conversations/bike", json={"participants": [name]})
    says = [{"type": "UserMessage", "sender": name, "text": "Hi"}]
    said = await api.post("/conversations/bike/messages", json=says)

    assert [one.status_code for one in (several, joined, said)] == [400, 400, 400]
    assert await held(api) == before


@pytest.mark.parametrize("name", ["a%20b", "bo%40x.test", "%E5%8C%97%E4%BA%AC", "a%252Fb", "a+b"])
async def test_other_names_are_shown_and_erased(api: httpx.AsyncClient, name: str) -> None:
    """Whatever is taken can be shown and erased by the same path."""
    made = await api.put(f"/users/{name}", json={"name": "Cy"})
    shown = await api.get(f"/users/{name}")
    erased = await api.delete(f"/users/{name}")

    assert [one.status_code for one in (made, shown, erased)] == [200, 200, 200]


async def test_a_refused_address_comes_with_a_suggestion(api: httpx.AsyncClient) -> None:
    """Who wrote it learns how it is written."""
    refused = await api.put("/users/bo", json={"email": ["bo@i❤.ws"]})
    taken = await api.put("/users/bo", json={"email": ["bo@xn--i-7iq.ws", "bo@straße.de"]})

    assert refused.status_code == 400
    assert "bo@xn--i-7iq.ws" in refused.json()["reasons"][0]
    assert taken.status_code == 200
