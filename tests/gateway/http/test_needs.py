"""No route is entered by whoever is not named in it."""

import re
from collections.abc import Iterator

import httpx
import pytest
from fastapi.routing import APIRoute

from core.address import Keyring
from core.client.reach import in_process
from core.clock import SetClock
from core.store.database import Database
from gateway.context import Context
from gateway.http.asgi import _routes
from gateway.http.edge import Edge
from gateway.http.principal import Operator
from tests.support.people import APP, NOW, a_conversation

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
ROUTES = _routes(admin=True)
FOR_ALL = {"/healthz", "/readyz"}


def _every(prefix: str) -> Iterator[tuple[str, str]]:
    """Yield the method and the path of every route, named as if it were about something."""
    for route in ROUTES.routes:
        if isinstance(route, APIRoute) and route.path.startswith(prefix):
            path = re.sub(r"\{\w+\}", "x", route.path.replace("{app_id}", APP))
            yield from ((method, path) for method in route.methods or ())


@pytest.fixture
async def stranger(database: Database, clock: SetClock) -> httpx.AsyncClient:
    """Return a client of all routes there are, whom the door has not let in."""
    clock.moment = NOW
    await database.write(lambda session: a_conversation(session, "ann", "bo"))
    context = Context(database, clock, KEYS, "http://api.test", "reply.test")
    return in_process(Edge(ROUTES, {"context": context, "let_in": None}, context.largest))


@pytest.mark.parametrize(
    ("prefix", "status"),
    [
        pytest.param("/v1/", 401, id="an app's"),
        pytest.param("/admin/", 401, id="the operator's, hung where anybody comes"),
        pytest.param("/f/", 404, id="a link's, to a file"),
        pytest.param("/u/", 404, id="a link's, to opt out"),
        pytest.param("/p/", 404, id="a link's, to email settings"),
        pytest.param("/h/", 404, id="a link's, to what is held"),
    ],
)
async def test_a_stranger_enters_no_route(
    stranger: httpx.AsyncClient, prefix: str, status: int
) -> None:
    """Every one refuses before it does anything, and all in the same words."""
    heard = {
        (method, path): await stranger.request(method, path, data={"do": "post"})
        if prefix == "/h/"
        else await stranger.request(method, path)
        for method, path in _every(prefix)
    }

    assert heard
    assert {one.status_code for one in heard.values()} == {status}
    assert len({one.text for (method, _), one in heard.items() if method != "HEAD"}) == 1
    assert {one.text for (method, _), one in heard.items() if method == "HEAD"} <= {""}


def test_every_route_is_somebodys() -> None:
    """There is none that the test above does not ask, but those that are for all."""
    prefixes = ("/v1/", "/admin/", "/f/", "/u/", "/p/", "/h/")
    asked = [one for prefix in prefixes for one in _every(prefix)]

    assert {path for _, path in set(_every("/")) - set(asked)} == FOR_ALL


async def test_the_operator_may_what_a_key_may(database: Database, clock: SetClock) -> None:
    """For every app, and no key is asked; an app that is none is told so, since it is no guess."""
    clock.moment = NOW
    await database.write(lambda session: a_conversation(session, "ann", "bo"))
    context = Context(database, clock, KEYS, "http://api.test", "reply.test")
    given = {"context": context, "let_in": Operator()}
    async with in_process(Edge(ROUTES, given, context.largest)) as operator:
        theirs = await operator.get(f"/v1/{APP}")
        nobodys = await operator.get("/v1/none")

    assert (theirs.status_code, nobodys.status_code) == (200, 404)
