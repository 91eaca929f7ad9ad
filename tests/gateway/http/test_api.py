"""The API keeps TalkJS's rules, and says clearly what is wrong."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import pytest

from core.address import Keyring, Purpose, read_local_part
from core.clock import SetClock
from core.store import conversations
from core.store.database import Database
from gateway.context import Context
from gateway.http.asgi import build
from tests.support.people import NOW

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)


@dataclass
class Api:
    """The application, asked as an app's back end does."""

    client: httpx.AsyncClient
    admin: httpx.AsyncClient
    database: Database
    clock: SetClock
    secret: str

    async def ask(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """Ask below /v1/shop with the secret key."""
        headers = {"Authorization": f"Bearer {self.secret}"} | more.pop("headers", {})
        given = {"json": body} if body is not None else {}
        return await self.client.request(
            method, f"/v1/shop{path}", headers=headers, **given, **more
        )

    async def get(self, path: str) -> Any:
        """Return what is there."""
        return (await self.ask("GET", path)).json()


def _client(app: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://api.test")


@pytest.fixture
async def api(database: Database, clock: SetClock) -> AsyncIterator[Api]:
    """Open the application with one app, Ann and Bo, and their conversation."""
    clock.moment = NOW
    context = Context(database, clock, KEYS, "http://api.test", "reply.test")
    async with _client(build(context)) as client, _client(build(context, admin=True)) as admin:
        made = await admin.post("/admin/apps", json={"id": "shop", "name": "The shop"})
        one = Api(client, admin, database, clock, made.json()["secretKey"])
        await one.ask("PUT", "/users/ann", {"name": "Ann", "email": ["ann@x.test"]})
        await one.ask(
            "PUT", "/users/bo", {"name": "Bo", "email": ["bo@x.test"], "custom": {"a": "1"}}
        )
        await one.ask(
            "PUT", "/conversations/bike", {"subject": "Bike", "participants": ["ann", "bo"]}
        )
        yield one


def a_message(text: str = "Hello", **more: Any) -> list[dict[str, Any]]:
    """Return the body that says something as Ann."""
    return [{"type": "UserMessage", "sender": "ann", "text": text} | more]


async def test_a_put_is_a_patch(api: Api) -> None:
    """What is left out stays, null resets, custom is patched key by key."""
    await api.ask("PUT", "/users/bo", {"locale": "de", "custom": {"b": "2"}})
    await api.ask("PUT", "/users/bo", {"email": None, "custom": {"a": None}})
    bo = await api.get("/users/bo")

    assert (bo["name"], bo["email"], bo["locale"], bo["custom"]) == ("Bo", None, "de", {"b": "2"})


async def test_participants_are_only_added(api: Api) -> None:
    """A conversation's PUT removes nobody, and leaves their settings alone."""
    await api.ask("PATCH", "/conversations/bike/participants/bo", {"notify": "MentionsOnly"})
    await api.ask("PUT", "/conversations/bike", {"participants": ["ann"]})
    found = await api.get("/conversations/bike")

    assert found["participants"] == {
        "ann": {"access": "ReadWrite", "notify": True},
        "bo": {"access": "ReadWrite", "notify": "MentionsOnly"},
    }


async def test_joining_again_starts_over(api: Api) -> None:
    """A participant's PUT overwrites; what is absent falls back to its default."""
    await api.ask("PATCH", "/conversations/bike/participants/bo", {"access": "Read"})
    await api.ask("PUT", "/conversations/bike/participants/bo")

    assert (await api.get("/conversations/bike"))["participants"]["bo"]["access"] == "ReadWrite"


async def test_a_batch_is_all_or_nothing(api: Api) -> None:
    """One bad user of three, and none is made; the reason names it."""
    heard = await api.ask(
        "PUT",
        "/users",
        {"cy": {"name": "Cy"}, "di": {"name": "Di", "email": ["nonsense"]}, "ed": {"name": "Ed"}},
    )

    assert heard.status_code == 400
    assert heard.json()["reasons"][0].startswith("di: email")
    assert [one["id"] for one in (await api.get("/users"))["data"]] == ["ann", "bo"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/users/eve", None, 404, "USER_NOT_FOUND"),
        ("GET", "/conversations/x", None, 404, "CONVERSATION_NOT_FOUND"),
        ("GET", "/conversations/bike/messages/msg_1", None, 404, "MESSAGE_NOT_FOUND"),
        ("GET", "/conversations/bike/participants/eve/email", None, 404, "PARTICIPANT_NOT_FOUND"),
        ("POST", "/conversations/x/messages", a_message(), 404, "CONVERSATION_NOT_FOUND"),
        ("POST", "/conversations/bike/messages", a_message(sender="eve"), 400, "NOT_A_PARTICIPANT"),
        ("POST", "/conversations/bike/messages", [], 400, "INVALID_ARGUMENT"),
        ("POST", "/conversations/bike/messages", a_message() * 11, 400, "INVALID_ARGUMENT"),
        ("POST", "/conversations/bike/messages", a_message("x" * 10_001), 400, "INVALID_ARGUMENT"),
        (
            "POST",
            "/conversations/bike/messages",
            a_message(type="SystemMessage"),
            400,
            "INVALID_ARGUMENT",
        ),
        ("PUT", "/users/bo", {"name": "a\0b"}, 400, "INVALID_ARGUMENT"),
        ("PUT", "/users/bo", {"email": "bo@x.test"}, 400, "INVALID_ARGUMENT"),
        ("PUT", "/users/bo", [1], 400, "INVALID_ARGUMENT"),
        ("PUT", "/users/new", {}, 400, "INVALID_ARGUMENT"),
        ("GET", "/nowhere", None, 404, "NOT_FOUND"),
        ("PATCH", "/users", {}, 405, "METHOD_NOT_ALLOWED"),
    ],
)
async def test_what_is_wrong_is_said(
    api: Api, method: str, path: str, body: Any, status: int, code: str
) -> None:
    """Each mistake has its status, its code, and at least one reason."""
    heard = await api.ask(method, path, body)

    assert (heard.status_code, heard.json()["errorCode"]) == (status, code)
    assert heard.json()["reasons"]


@pytest.mark.parametrize(
    ("claims", "key", "status"),
    [
        pytest.param({"tokenType": "app", "iss": "shop"}, None, 200, id="without an end"),
        pytest.param({"tokenType": "app", "iss": "shop", "exp": 1}, None, 401, id="over"),
        pytest.param({"tokenType": "app", "iss": "other"}, None, 401, id="of another app"),
        pytest.param({"tokenType": "user", "iss": "shop"}, None, 401, id="of a user"),
        pytest.param({"tokenType": "app", "iss": "shop"}, "x" * 40, 401, id="by another key"),
    ],
)
async def test_app_tokens(api: Api, claims: dict[str, Any], key: str | None, status: int) -> None:
    """A token signed with a key of the app acts for it, and no other does."""
    token = jwt.encode(claims, key or api.secret, "HS256")
    heard = await api.client.get("/v1/shop", headers={"Authorization": f"Bearer {token}"})

    assert heard.status_code == status


async def test_keys_end(api: Api) -> None:
    """No key, a wrong one and a revoked one are refused alike, and so is an app unknown."""
    key = (await api.admin.get("/admin/apps/shop/keys")).json()["data"][0]["id"]
    await api.admin.delete(f"/admin/apps/shop/keys/{key}")
    refused = [
        await api.client.get("/v1/shop"),
        await api.ask("GET", ""),
        await api.client.get("/v1/nobody", headers={"Authorization": "Bearer x"}),
        await api.client.get("/admin/apps"),
    ]

    assert [one.status_code for one in refused] == [401, 401, 401, 404]
    assert len({one.text for one in refused[:3]}) == 1


async def test_messages_come_newest_first_in_pages(api: Api) -> None:
    """Paging walks back through all that was said; ids are in the order given."""
    for n in range(3):
        await api.ask("POST", "/conversations/bike/messages", a_message(str(n)) * 2)
    first = (await api.get("/conversations/bike/messages?limit=4"))["data"]
    rest = (await api.get(f"/conversations/bike/messages?startingAfter={first[-1]['id']}"))["data"]

    assert [one["text"] for one in first + rest] == ["2", "2", "1", "1", "0", "0"]


async def test_real_clients_are_tolerated(api: Api) -> None:
    """Trailing slashes, a body with GET, POST as edit, a filter encoded twice."""
    (said,) = (await api.ask("POST", "/conversations/bike/messages/", a_message())).json()
    await api.ask("POST", f"/conversations/bike/messages/{said['id']}", {"text": "edited"})
    await api.ask("PUT", "/conversations/bike", {"custom": {"k": "v"}})
    found = await api.get(
        "/conversations?filter=%257B%2522custom%2522%3A%257B%2522k%2522%3A%2522v%2522%257D%257D"
    )
    none = await api.get('/conversations?filter={"custom":{"k":"w"}}')
    message = (await api.ask("GET", f"/conversations/bike/messages/{said['id']}", {})).json()

    assert message["text"] == "edited"
    assert [one["id"] for one in found["data"]] == ["bike"]
    assert none["data"] == []


async def test_a_reply_address_is_the_participants(api: Api) -> None:
    """It proves Bo in this conversation; after leaving and coming back it is another."""
    first = (await api.get("/conversations/bike/participants/bo/email"))["emailAddress"]
    await api.ask("DELETE", "/conversations/bike/participants/bo")
    gone = await api.ask("GET", "/conversations/bike/participants/bo/email")
    await api.ask("PUT", "/conversations/bike/participants/bo")
    second = (await api.get("/conversations/bike/participants/bo/email"))["emailAddress"]
    old, new = (read_local_part(one.partition("@")[0], KEYS) for one in (first, second))

    assert gone.status_code == 404
    assert old is not None
    assert new is not None
    assert (old.purpose, old.reference, old.epoch + 1) == (Purpose.REPLY, new.reference, new.epoch)


async def test_a_page_that_types_is_activity(api: Api) -> None:
    """A session's typing moves the conversation's last activity."""
    told = {"selectedConversationId": "bike", "isTyping": True, "ttl": 10}
    heard = await api.ask("PUT", "/users/ann/sessions/tab", told)
    bike = await api.database.read(lambda s: conversations.find(s, "shop", "bike"))

    assert heard.json() == {"expiresAt": NOW + 10_000}
    assert bike is not None
    assert bike.typed_at == NOW


async def test_explain_answers(api: Api) -> None:
    """Why did Bo not get a mail? First nothing was missed, then one is owed, then it was read."""
    path = "/conversations/bike/participants/bo/explain"
    before = (await api.get(path))["sentence"]
    await api.ask("POST", "/conversations/bike/messages", a_message())
    owed = await api.get(path)
    await api.ask("POST", "/conversations/bike/readBy/bo")
    after = await api.get(path)

    assert "Nothing has been missed" in before
    assert "in 120 s" in owed["sentence"]
    assert owed["pending"] is not None
    assert after["pending"] is None


async def test_p5_36_opting_out_takes_a_post(api: Api) -> None:
    """GET changes nothing; one click acts without a redirect, twice if need be; and back."""
    address = (await api.get("/conversations/bike/participants/bo/email"))["emailAddress"]
    token = read_local_part(address.partition("@")[0], KEYS)
    assert token is not None
    link = "/u/" + KEYS.sign(type(token)(Purpose.OPT_OUT, token.app_number, token.reference, 0))
    path = "/conversations/bike/participants/bo/explain"

    seen = await api.client.get(link)
    nothing = (await api.get(path))["optedOut"]
    clicks = [await api.client.post(link, data={"List-Unsubscribe": "One-Click"}) for _ in range(2)]
    out = (await api.get(path))["optedOut"]
    back = clicks[1].text.partition('name="back" value="')[2][:44]
    await api.client.post(link, data={"scope": "conversation", "back": back})
    again = (await api.get(path))["optedOut"]
    wrong = await api.client.post("/u/" + address[2:46])

    assert (seen.status_code, nothing) == (200, [])
    assert [one.status_code for one in clicks] == [200, 200]
    assert (out, again) == (["bike"], [])
    assert wrong.status_code == 404


@pytest.mark.own_database
async def test_a_bug_of_ours_tells_nothing(api: Api) -> None:
    """An error nobody foresaw is 500 with a reference and none of its words."""
    from sqlalchemy import text  # noqa: PLC0415  to break the database under the API

    await api.database.write(
        lambda session: session.connection().execute(text("DROP TABLE receipt")) and None
    )
    heard = await api.ask("GET", "/receipts")

    assert heard.status_code in {500, 503}
    assert "receipt" not in " ".join(heard.json()["reasons"])


async def test_health_is_told(api: Api) -> None:
    """The process lives, and is ready when its tables are."""
    assert (await api.client.get("/healthz")).json() == {"status": "ok"}
    assert (await api.client.get("/readyz")).status_code == 200
