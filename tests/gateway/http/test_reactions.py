"""Reactions by the API: put, shown, taken back, and refused with a reason."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import jwt
import pytest

from core.actions import converse
from core.address import Keyring
from core.clock import SetClock
from core.model.participant import Access
from core.store import apps
from core.store.database import Database, Session
from gateway.context import Context
from gateway.http.asgi import build
from tests.support.people import APP, NOW, ROOM, a_conversation, says

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
MESSAGES = f"/v1/{APP}/conversations/{ROOM}/messages"


@dataclass
class Api:
    """The application, and a message of Ann's to Bo in it."""

    client: httpx.AsyncClient
    message_id: str
    secret: str

    async def ask(self, method: str, path: str = "", credential: str = "") -> httpx.Response:
        """Ask below the message, with the secret key if nothing else is given."""
        headers = {"Authorization": f"Bearer {credential or self.secret}"}
        url = f"{MESSAGES}/{self.message_id}{path}"
        return await self.client.request(method, url, headers=headers)

    async def shown(self) -> Any:
        """Return the reactions as the message shows them."""
        return (await self.ask("GET")).json()["reactions"]


@pytest.fixture
async def api(database: Database, clock: SetClock) -> AsyncIterator[Api]:
    """Open the application where Ann has said something to Bo, and Cy may only read."""
    clock.moment = NOW

    def work(session: Session) -> tuple[str, str]:
        a_conversation(session, "ann", "bo", "cy")
        converse.change(session, (APP, ROOM, "cy"), Access.READ, None, NOW)
        return says(session, "ann").id, apps.keys(session, APP)[0].secret

    message_id, secret = await database.write(work)
    context = Context(database, clock, KEYS, "http://api.test", "reply.test")
    transport = httpx.ASGITransport(app=build(context), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://api.test") as client:
        yield Api(client, message_id, secret)


def of(emoji: str, user_id: str = "bo") -> str:
    """Return the path of a reaction."""
    return f"/reactions/{quote(emoji)}/{user_id}"


async def test_reactions_are_shown_wherever_the_message_is(api: Api) -> None:
    """Alone, in the list, and as the conversation's last message; twice is once."""
    for path in (of("❤"), of("❤", "ann"), of("❤️"), of(":cat:")):
        assert (await api.ask("PUT", path)).json() == {}
    alone = await api.shown()
    headers = {"Authorization": f"Bearer {api.secret}"}
    listed = (await api.client.get(MESSAGES, headers=headers)).json()["data"][0]
    last = (await api.client.get(f"/v1/{APP}/conversations/{ROOM}", headers=headers)).json()

    assert alone == {"❤️": ["ann", "bo"], ":cat:": ["bo"]}
    assert listed["reactions"] == last["lastMessage"]["reactions"] == alone


async def test_a_reaction_is_taken_back(api: Api) -> None:
    """Bo's goes and Ann's stays; taking back what is not there is no error."""
    for path in (of("👍"), of("👍", "ann")):
        await api.ask("PUT", path)
    heard = [await api.ask("DELETE", of("👍")) for _ in range(2)]

    assert [one.status_code for one in heard] == [200, 200]
    assert await api.shown() == {"👍": ["ann"]}


async def test_a_message_nobody_reacted_to_says_so(api: Api) -> None:
    """The field is always there."""
    assert await api.shown() == {}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        pytest.param(of("ok"), 400, "INVALID_ARGUMENT", id="a word"),
        pytest.param(of("👍👍"), 400, "INVALID_ARGUMENT", id="two emoji"),
        pytest.param(of(f":{'x' * 60}:"), 400, "INVALID_ARGUMENT", id="a long name"),
        pytest.param("/reactions/%00/bo", 400, "INVALID_ARGUMENT", id="a NUL"),
        pytest.param("/reactions/%F0%9F/bo", 400, "INVALID_ARGUMENT", id="half an emoji"),
        pytest.param(of("👍", "eve"), 400, "NOT_A_PARTICIPANT", id="who is not there"),
        pytest.param(of("👍", "cy"), 403, "NO_WRITE_ACCESS", id="who may only read"),
        pytest.param("x" + of("👍"), 404, "MESSAGE_NOT_FOUND", id="no such message"),
    ],
)
async def test_what_is_wrong_is_said(api: Api, path: str, status: int, code: str) -> None:
    """Each mistake has its status, its code and a reason, and changes nothing."""
    heard = await api.ask("PUT", path)

    assert (heard.status_code, heard.json()["errorCode"]) == (status, code)
    assert heard.json()["reasons"]
    assert await api.shown() == {}


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        pytest.param({"tokenType": "app", "iss": APP}, 200, id="a token of the app"),
        pytest.param({"tokenType": "app", "iss": "other"}, 401, id="of another app"),
        pytest.param({"tokenType": "user", "iss": APP}, 401, id="of a user"),
    ],
)
async def test_who_asks_must_prove_it(api: Api, claims: dict[str, str], status: int) -> None:
    """An app token reacts as the secret key does, and no other does."""
    token = jwt.encode(claims, api.secret, "HS256")
    heard = [await api.ask(method, of("👍"), token) for method in ("PUT", "DELETE")]

    assert [one.status_code for one in heard] == [status, status]
