"""The application over one shop, asked as an app's back end does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from core.address import Keyring
from core.clock import SetClock
from core.store.database import Database
from gateway.context import Context
from gateway.http.asgi import build
from tests.support.people import NOW

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)


@dataclass
class Api:
    """The application, Ann, Bo and Cy in the conversation ``bike`` of the app ``shop``."""

    client: httpx.AsyncClient
    database: Database
    clock: SetClock
    secret: str

    async def ask(self, method: str, path: str, body: Any = None) -> httpx.Response:
        """Ask below /v1/shop with the secret key."""
        headers = {"Authorization": f"Bearer {self.secret}"}
        given = {"json": body} if body is not None else {}
        return await self.client.request(method, f"/v1/shop{path}", headers=headers, **given)

    async def get(self, path: str) -> Any:
        """Return what is there."""
        return (await self.ask("GET", path)).json()

    async def says(self, user_id: str, text: str = "Hello", **more: Any) -> str:
        """Let somebody say something in ``bike``, and return its id."""
        body = [{"type": "UserMessage", "sender": user_id, "text": text} | more]
        said = (await self.ask("POST", "/conversations/bike/messages", body)).json()
        return str(said[0]["id"])


@asynccontextmanager
async def a_shop(database: Database, clock: SetClock) -> AsyncIterator[Api]:
    """Open the application with one app and its people."""
    clock.moment = NOW
    context = Context(database, clock, KEYS, "http://api.test", "reply.test")
    async with _client(build(context)) as client, _client(build(context, admin=True)) as admin:
        made = await admin.post("/admin/apps", json={"id": "shop", "name": "The shop"})
        one = Api(client, database, clock, made.json()["secretKey"])
        people = ("ann", "bo", "cy")
        told = {name: {"name": name.title(), "email": [f"{name}@x.test"]} for name in people}
        await one.ask("PUT", "/users", told)
        await one.ask("PUT", "/conversations/bike", {"participants": list(people)})
        yield one


def _client(app: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://api.test")
