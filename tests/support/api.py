"""The application over one shop, asked as an app's back end does."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from core.address import Keyring
from core.client.reach import over_socket
from core.clock import SetClock
from core.config.ways_in import HttpSettings
from core.store.database import Database
from gateway.context import Context
from gateway.http.asgi import build
from gateway.http.server import bind_private, open_public, serving
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

    async def hand_in(self, octets: bytes, sender: str = "bo") -> dict[str, Any]:
        """Hand in a mail to somebody's reply address in ``bike``; return what it became."""
        address = await self.get(f"/conversations/bike/participants/{sender}/email")
        done = await self.client.post(
            "/v1/shop/mail",
            params={"recipient": address["emailAddress"], "sender": f"{sender}@x.test"},
            headers={"Authorization": f"Bearer {self.secret}", "Content-Type": "message/rfc822"},
            content=octets,
        )
        return dict(done.json())


@asynccontextmanager
async def a_shop(database: Database, clock: SetClock, **more: Any) -> AsyncIterator[Api]:
    """Open the application with one app and its people."""
    context = _context(database, clock, **more)
    async with _client(build(context)) as client, _client(build(context, admin=True)) as admin:
        yield await _opened(client, admin, context, clock)


@asynccontextmanager
async def a_served_shop(
    database: Database, clock: SetClock, folder: Path, **more: Any
) -> AsyncIterator[tuple[Api, Path]]:
    """Serve the same on loopback, and to the operator on a socket; yield it and the socket."""
    context = _context(database, clock, **more)
    path = folder / "rejoinder.sock"
    async with AsyncExitStack() as stack:
        bound = stack.enter_context(bind_private(path))
        await stack.enter_async_context(serving(build(context, admin=True), bound))
        settings = HttpSettings(host="127.0.0.1", port=0)
        said = await open_public(stack, settings, build(context))
        url = f"http://127.0.0.1:{said.rpartition(':')[2]}"
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=300))
        admin = await stack.enter_async_context(over_socket(path))
        yield await _opened(client, admin, context, clock), path


def _context(database: Database, clock: SetClock, **more: Any) -> Context:
    clock.moment = NOW
    return Context(database, clock, KEYS, "http://api.test", "reply.test", **more)


async def _opened(
    client: httpx.AsyncClient, admin: httpx.AsyncClient, context: Context, clock: SetClock
) -> Api:
    """Found the app, and let its people in."""
    made = await admin.post("/admin/apps", json={"id": "shop", "name": "The shop"})
    one = Api(client, context.database, clock, made.json()["secretKey"])
    people = ("ann", "bo", "cy")
    told = {name: {"name": name.title(), "email": [f"{name}@x.test"]} for name in people}
    await one.ask("PUT", "/users", told)
    await one.ask("PUT", "/conversations/bike", {"participants": list(people)})
    return one


def _client(app: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://api.test")
