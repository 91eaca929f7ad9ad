"""An app says where it listens; which key signs is said by the operator."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from core.address import Keyring
from core.client.reach import in_process
from core.clock import SetClock
from core.store import apps
from core.store.database import Database
from gateway.context import Context
from gateway.http.asgi import build
from tests.support import stored
from tests.support.people import APP, NOW, a_conversation, says

HOOK = f"/v1/{APP}/webhooks"
KEYS = f"/admin/apps/{APP}/keys"


@dataclass
class Board:
    """The operator's application, and what it has called for."""

    client: httpx.AsyncClient
    database: Database
    nudged: list[None]

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Ask, and return what was answered."""
        answer = await self.client.request(method, path, json=body)
        return answer.json() | {"status": answer.status_code}

    async def secret(self) -> str | None:
        """Return what webhooks are signed with."""
        return await self.database.read(lambda session: apps.webhook_secret(session, APP))


@pytest.fixture
async def board(database: Database, clock: SetClock) -> AsyncIterator[Board]:
    """Found the app of Ann and Bo."""
    clock.moment = NOW
    nudged: list[None] = []
    await database.write(lambda session: a_conversation(session, "ann", "bo"))
    ring = Keyring({1: b"a key of more than sixteen octets"}, 1)
    context = Context(
        database, clock, ring, "http://n.test", "reply.test", nudge=lambda: nudged.append(None)
    )
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(in_process(build(context, admin=True)))
        yield Board(client, database, nudged)


async def test_an_endpoint_is_silenced_and_goes_on(board: Board) -> None:
    """Disabled it is told nothing; enabled again, what waited is due at once."""
    made = await board.ask("POST", HOOK, {"url": "https://x.test/h"})
    at = f"{HOOK}/{made['id']}"
    await board.database.write(lambda session: says(session, "ann").id)

    async def waiting() -> int:
        streams = await board.database.read(lambda s: stored.waking_streams(s, APP, made["id"]))
        return len(streams)

    before = await waiting()
    off = await board.ask("PATCH", at, {"enabled": False})
    silenced = await waiting()
    on = await board.ask("PATCH", at, {"enabled": True})

    assert (before, silenced, await waiting()) == (1, 0, 1)
    assert (made["enabled"], made["trouble"]) == (True, None)
    assert (off["enabled"], off["disabledAt"], off["trouble"]) == (
        False,
        NOW,
        "disabled by the app",
    )
    assert (on["enabled"], on["disabledAt"], on["trouble"]) == (True, None, None)
    assert len(board.nudged) == 2


async def test_only_what_is_given_changes(board: Board) -> None:
    """The URL and the events change alone; null events are all of them."""
    made = await board.ask("POST", HOOK, {"url": "https://x.test/h", "events": ["message.sent"]})
    at = f"{HOOK}/{made['id']}"
    moved = await board.ask("PATCH", at, {"url": "https://y.test/h"})
    widened = await board.ask("PATCH", at, {"events": None})

    assert (moved["url"], moved["events"]) == ("https://y.test/h", ["message.sent"])
    assert (widened["url"], widened["events"]) == ("https://y.test/h", None)
    assert (await board.ask("GET", HOOK))["data"][0]["url"] == "https://y.test/h"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"url": None}, 400, id="no URL at all"),
        pytest.param({"enabled": None}, 400, id="neither on nor off"),
        pytest.param({"url": "ftp://x.test"}, 400, id="not the web"),
    ],
)
async def test_a_change_that_makes_no_sense_is_refused(
    board: Board, body: dict[str, Any], status: int
) -> None:
    """It says so, and nothing changes."""
    made = await board.ask("POST", HOOK, {"url": "https://x.test/h"})
    told = await board.ask("PATCH", f"{HOOK}/{made['id']}", body)
    kept = (await board.ask("GET", HOOK))["data"][0]

    assert told["status"] == status
    assert (kept["url"], kept["enabled"]) == ("https://x.test/h", True)


async def test_nobody_else_is_changed(board: Board) -> None:
    """An endpoint that is not there is not found."""
    told = await board.ask("PATCH", f"{HOOK}/whk_none", {"enabled": True})

    assert (told["status"], told["errorCode"]) == (404, "WEBHOOK_NOT_FOUND")


async def test_a_new_key_does_not_sign(board: Board) -> None:
    """Signatures go on as they were, until another key is told to sign, and then only that."""
    first = await board.secret()
    made = await board.ask("POST", KEYS, {"label": "second"})
    still = await board.secret()
    told = await board.ask("PATCH", f"{KEYS}/{made['id']}", {"signsWebhooks": True})

    assert made["signsWebhooks"] is False
    assert still == first
    assert await board.secret() == made["secretKey"]
    assert [one["id"] for one in told["data"] if one["signsWebhooks"]] == [made["id"]]


async def test_another_living_key_takes_over(board: Board) -> None:
    """When the key that signs is revoked, one that lives signs; with none, the list says so."""
    second = await board.ask("POST", KEYS, {})
    await board.ask("POST", HOOK, {"url": "https://x.test/h"})
    listed = (await board.ask("GET", KEYS))["data"]
    (first,) = (one for one in listed if one["id"] != second["id"])
    left = (await board.ask("DELETE", f"{KEYS}/{first['id']}"))["data"]
    signs = await board.secret()
    none_left = (await board.ask("DELETE", f"{KEYS}/{second['id']}"))["data"]
    (endpoint,) = (await board.ask("GET", HOOK))["data"]

    assert [one["signsWebhooks"] for one in left] == [True]
    assert signs == second["secretKey"]
    assert none_left == []
    assert "no secret key left" in endpoint["trouble"]


async def test_a_revoked_key_signs_no_more(board: Board) -> None:
    """Who is dead is not found, and not told to sign."""
    second = await board.ask("POST", KEYS, {})
    await board.ask("DELETE", f"{KEYS}/{second['id']}")
    told = await board.ask("PATCH", f"{KEYS}/{second['id']}", {"signsWebhooks": True})

    assert (told["status"], told["errorCode"]) == (404, "KEY_NOT_FOUND")
