"""The routes are made once, and serve whatever they are bound to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.address import Keyring
from core.client.reach import in_process
from core.clock import SetClock
from core.store.database import Database, open_database
from gateway.context import Context
from gateway.http.asgi import build
from tests.support.people import APP, NOW, a_conversation

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)


async def test_two_applications_share_their_routes_and_nothing_else(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    """Each answers from its own database; being the operator's is not the other's right."""
    other = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    await other.migrate()
    clock.moment = NOW
    await database.write(lambda session: a_conversation(session, "ann", "bo"))
    contexts = [
        Context(one, clock, KEYS, "http://api.test", "reply.test") for one in (database, other)
    ]
    first, second = (build(context, admin=True) for context in contexts)
    public = build(contexts[0])
    async with in_process(first) as full, in_process(second) as empty, in_process(public) as shut:
        told = [(await one.get("/admin/apps")).json()["data"] for one in (full, empty)]
        refused = await shut.get(f"/v1/{APP}")
    await other.close()

    assert [[one["id"] for one in apps] for apps in told] == [[APP], []]
    assert refused.status_code == 401


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/v1/x/users", 1024 * 1024),
        ("/v1/x/mail", 2 * 1024 * 1024),
        ("/admin/mail", 2 * 1024 * 1024),
    ],
)
@pytest.mark.parametrize("is_declared", [True, False])
async def test_a_body_has_a_bound(
    database: Database, clock: SetClock, path: str, most: int, *, is_declared: bool
) -> None:
    """One octet more is refused: before anything is read, or as it comes in without a length."""

    async def body() -> AsyncIterator[bytes]:
        yield b"x" * most
        yield b"x"

    context = Context(database, clock, KEYS, "http://api.test", "reply.test", largest=2 * 1024**2)
    content = b"x" * (most + 1) if is_declared else body()
    kind = {"Content-Type": "message/rfc822" if path.endswith("mail") else "application/json"}
    given = {"recipient": "r@reply.test"}
    async with in_process(build(context, admin=True)) as client:
        heard = await client.request(
            "PUT" if path.endswith("users") else "POST",
            path, params=given, content=content, headers=kind,
        )  # fmt: skip

    assert heard.status_code == 413
    assert heard.json()["errorCode"] == "TOO_LARGE"
