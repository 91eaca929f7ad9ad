"""What a stranger is refused for costs the same, whatever it is: times of refusals tell nothing.

The work is counted, not timed: questions to the database, MACs, comparisons of secrets.
"""

import hmac
from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from jwt.algorithms import HMACAlgorithm

from core.address import Keyring, Purpose, Token
from core.client.reach import in_process
from core.clock import SetClock
from core.files import link
from core.store.database import Database
from gateway.context import Context
from gateway.http.asgi import build
from tests.support.people import APP, NOW, a_conversation

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
OTHERS = Keyring({1: b"another key of sixteen octets or so"}, 1)
SOMEBODYS = "sk_live_" + "n" * 32
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Work:
    """What was done since it was asked last."""

    def __init__(self, counted: Counter[str]) -> None:
        """Count into this."""
        self._counted = counted

    def done(self) -> dict[str, int]:
        """Return it and begin anew."""
        done = dict(self._counted)
        self._counted.clear()
        return done


_VERIFY = HMACAlgorithm.verify


def _method(counting: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function as a method of a class takes it."""

    def method(self: HMACAlgorithm, *given: Any) -> Any:
        return counting(self, *given)

    return method


@pytest.fixture
def work(database: Database, monkeypatch: pytest.MonkeyPatch) -> Work:
    """Count what a refusal may cost."""
    counted: Counter[str] = Counter()

    def counts(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*given: Any, **named: Any) -> Any:
            counted[name] += 1
            return real(*given, **named)

        return counting

    monkeypatch.setattr(database, "read", counts("questions", database.read))
    monkeypatch.setattr(database, "write", counts("writes", database.write))
    monkeypatch.setattr(hmac, "digest", counts("macs", hmac.digest))
    monkeypatch.setattr(hmac, "compare_digest", counts("comparisons", hmac.compare_digest))
    monkeypatch.setattr(HMACAlgorithm, "verify", _method(counts("signatures", _VERIFY)))
    return Work(counted)


@pytest.fixture
async def stranger(database: Database, clock: SetClock) -> httpx.AsyncClient:
    """Return a client without a key, of a service with apps of no, one, and two living keys."""
    clock.moment = NOW
    await database.write(lambda session: a_conversation(session, "ann", "bo"))
    context = Context(database, clock, KEYS, "http://api.test", "reply.test")
    async with in_process(build(context, admin=True)) as admin:
        for name in ("none", "one", "two"):
            await admin.post("/admin/apps", json={"id": name, "name": name})
        (only,) = (await admin.get("/admin/apps/none/keys")).json()["data"]
        await admin.delete(f"/admin/apps/none/keys/{only['id']}")
        await admin.post("/admin/apps/two/keys")
    return in_process(build(context))


CREDENTIALS = {
    "a key": f"Bearer {SOMEBODYS}",
    "a short key": "Bearer x",
    "an app token": "Bearer " + jwt.encode({"tokenType": "app", "iss": "one"}, SOMEBODYS, "HS256"),
    "nothing": "",
    "another scheme": "Basic eDp5",
}


@pytest.mark.parametrize("credential", CREDENTIALS.values(), ids=list(CREDENTIALS))
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/{}/users/bo"),
        ("PUT", "/v1/{}/users/bo"),
        ("POST", "/v1/{}/conversations/bike/messages"),
        ("POST", "/v1/{}/mail?recipient=r%2Bx@reply.test"),
        ("DELETE", "/v1/{}/conversations/bike"),
    ],
)
async def test_which_apps_there_are_is_told_by_no_cost(
    stranger: httpx.AsyncClient, work: Work, method: str, path: str, credential: str
) -> None:
    """No such app, one whose keys are all revoked, one with a key, one with two: 401, as dear."""
    headers = {"Authorization": credential} if credential else {}
    work.done()
    heard = []
    for app in ("nobody", "none", "one", "two", APP):
        asked = await stranger.request(method, path.format(app), headers=headers, content=b"{}")
        heard.append((asked.status_code, asked.text, work.done()))

    assert heard[0][0] == 401
    assert heard[0][2]["questions"] == 1
    assert heard[1:] == heard[:1] * 4


def _links(purpose: Purpose) -> list[str]:
    """Return tokens of no link: another key's, nearly ours, another purpose's, and no token."""
    ours = KEYS.sign(Token(purpose, 1, 5))
    other = Purpose.HELD if purpose is Purpose.OPT_OUT else Purpose.OPT_OUT
    changed = ours[:-2] + ("a" if ours[-2] != "a" else "b") + ours[-1]
    return [
        OTHERS.sign(Token(purpose, 1, 5)),
        changed,
        KEYS.sign(Token(other, 1, 5)),
        "x",
        "é" * 44,
    ]


@pytest.mark.parametrize(
    ("method", "path", "purpose"),
    [
        ("GET", "/u/", Purpose.OPT_OUT),
        ("POST", "/u/", Purpose.OPT_OUT),
        ("GET", "/h/", Purpose.HELD),
        ("POST", "/h/", Purpose.HELD),
    ],
)
async def test_a_link_that_was_never_signed_costs_no_question(
    stranger: httpx.AsyncClient, work: Work, method: str, path: str, purpose: Purpose
) -> None:
    """Whatever is wrong with it: one MAC, one comparison, one page."""
    links, heard = _links(purpose), []
    work.done()
    for token in links:
        asked = await stranger.request(method, path + token, headers=_FORM, content=b"do=post")
        heard.append((asked.status_code, asked.text, work.done()))

    assert heard[0][0] == 404
    assert heard[0][2] == {"macs": 1, "comparisons": 1}
    assert heard[1:] == heard[:1] * 4


async def test_a_files_link_that_was_never_signed_costs_no_question(
    stranger: httpx.AsyncClient, work: Work
) -> None:
    """A shape that no link has is told by itself; what has the shape is asked about alike."""
    ours = link.sign(link.Link(1, 5, NOW + 1_000_000, 0), KEYS)
    theirs = link.sign(link.Link(1, 5, NOW + 1_000_000, 0), OTHERS)
    work.done()
    heard = []
    for token in (theirs, ours[:-1] + ("a" if ours[-1] != "a" else "b"), "a" * 48):
        asked = await stranger.get(f"/f/{token}")
        heard.append((asked.status_code, asked.text, work.done()))

    assert heard[0][0] == 404
    assert "This link leads nowhere" in heard[0][1]
    assert heard[0][2] == {"macs": 1, "comparisons": 1}
    assert heard[1:] == heard[:1] * 2
