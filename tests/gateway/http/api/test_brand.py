"""An app, and a role over it, say how mails look; it is kept, patched and taken away."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from core.address import Keyring
from core.clock import SetClock
from core.store.database import Database
from gateway.context import Context
from gateway.http.asgi import build
from tests.support.api import Api, a_shop


@pytest.fixture
async def shop(database: Database, clock: SetClock) -> AsyncIterator[Api]:
    """Open the API of a shop."""
    async with a_shop(database, clock) as one:
        yield one


def _said(brand: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in brand.items() if value is not None}


@pytest.mark.parametrize("path", ["", "/roles/seller"])
async def test_a_brand_is_a_patch(shop: Api, path: str) -> None:
    """What is given is set, null takes one away, a null brand all; another setting leaves it."""
    first = {"accentColor": "#0AF", "postalAddress": "Acme\nBerlin"}
    await shop.ask("PUT", path, {"brand": first})
    second = await shop.ask("PUT", path, {"brand": {"accentColor": None, "buttonText": "Go"}})
    await shop.ask("PUT", path, {"name": "The shop"} if path == "" else {"timeoutSeconds": 5})
    kept = (await shop.get(path))["brand"]
    refused = await shop.ask("PUT", path, {"brand": {"accentColor": "blue"}})
    unharmed = (await shop.get(path))["brand"]
    await shop.ask("PUT", path, {"brand": None})

    assert second.status_code == 200
    assert _said(kept) == {"buttonText": "Go", "postalAddress": "Acme\nBerlin"}
    assert (refused.status_code, refused.json()["errorCode"]) == (400, "INVALID_ARGUMENT")
    assert "brand.accentColor" in " ".join(refused.json()["reasons"])
    assert unharmed == kept
    assert _said((await shop.get(path))["brand"]) == {}


async def test_an_app_is_founded_with_its_brand(database: Database, clock: SetClock) -> None:
    """Nothing that is told of it then is dropped."""
    keys = Keyring({1: b"a key of more than sixteen octets"}, 1)
    context = Context(database, clock, keys, "http://api.test", "reply.test")
    operator = httpx.ASGITransport(build(context, admin=True))
    async with httpx.AsyncClient(transport=operator, base_url="http://api.test") as admin:
        body = {"id": "new", "brand": {"accentColor": "#123456"}}
        made = await admin.post("/admin/apps", json=body)

    assert made.status_code == 200, made.text
    assert _said(made.json()["brand"]) == {"accentColor": "#123456"}
