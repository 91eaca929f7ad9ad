"""A piece of work may be run again: what was answered 200 is there, whatever came before."""

from collections.abc import Callable
from typing import Any, TypeVar

import httpx
import pytest

from core.address import Keyring
from core.clock import SetClock
from core.store.database import Database, Session
from gateway.context import Context
from gateway.http.asgi import build
from tests.support.people import NOW

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
T = TypeVar("T")


class _UndoneError(Exception):
    """What another's fault in the same group does: nothing of it is kept."""


class RunTwice:
    """A database that does all work twice, as one does whose first transaction failed."""

    def __init__(self, database: Database) -> None:
        """Use this one."""
        self._database = database

    def __getattr__(self, name: str) -> Any:
        """Do everything else as it does."""
        return getattr(self._database, name)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Write, undo it, and write again."""

        def undone(session: Session) -> None:
            work(session)
            session.flush()
            raise _UndoneError

        with pytest.raises(_UndoneError):
            await self._database.write(undone)
        return await self._database.write(work)


WRITES = (
    ("PUT", "/users/ann", {"name": "Ann", "email": ["ann@x.test"]}),
    ("PUT", "/users/bo", {"name": "Bo"}),
    ("PUT", "/roles/vip", {"timeoutSeconds": 60}),
    ("PUT", "/conversations/bike", {"subject": "Bike", "participants": ["ann"]}),
    ("PUT", "/conversations/bike/participants/bo", {"access": "Read"}),
    (
        "POST",
        "/conversations/bike/messages",
        [{"type": "UserMessage", "sender": "ann", "text": "Hello"}],
    ),
    ("PUT", "/users/bo/sessions/s1", {"ttl": 60, "hasFocus": True}),
    ("POST", "/webhooks", {"url": "https://app.test/hook"}),
)


async def test_what_was_answered_200_is_there(database: Database) -> None:
    """Every write of the API survives that its first try was undone."""
    context = Context(RunTwice(database), SetClock(NOW), KEYS, "http://api.test", "reply.test")
    public, admin = (httpx.ASGITransport(build(context, admin=one)) for one in (False, True))
    async with (
        httpx.AsyncClient(transport=admin, base_url="http://api.test") as operator,
        httpx.AsyncClient(transport=public, base_url="http://api.test/v1/shop") as api,
    ):
        made = await operator.post("/admin/apps", json={"id": "shop", "name": "The shop"})
        api.headers["Authorization"] = f"Bearer {made.json()['secretKey']}"
        answers = [await api.request(verb, path, json=body) for verb, path, body in WRITES]
        seen = {
            path: (await api.get(path)).json()
            for path in ("/users", "/roles", "/conversations/bike/messages", "/webhooks")
        }
        bo = await api.get("/conversations/bike")

    assert [one.status_code for one in answers] == [200] * len(WRITES)
    assert {path: len(found["data"]) for path, found in seen.items()} == {
        "/users": 2,
        "/roles": 2,
        "/conversations/bike/messages": 1,
        "/webhooks": 1,
    }
    assert "bo" in bo.text
