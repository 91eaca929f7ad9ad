"""A body of JSON is work by its values: they are counted, bounded, and no two are read at once."""

import asyncio
import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from core.clock import SetClock
from core.store.database import Database
from gateway.http.bodies.apps import AppBody
from gateway.http.bodies.conversations import ConversationBody
from gateway.http.bodies.message_mail import RepostBody
from gateway.http.bodies.messages import MessageBody
from gateway.http.bodies.users import PresencesBody, UserBody
from gateway.http.bodies.webhooks import WebhookBody, WebhookChange
from gateway.http.json_work import JsonTurns, ValueCount
from tests.support.api import a_shop

COUNTED: dict[str, tuple[str, int]] = {
    "nothing": ("", 0),
    "a list": ("[1,2,3]", 3),
    "an object": ('{"a":1,"b":2}', 2),
    "commas in a text": ('["one, two, three",""]', 2),
    "brackets in a text": ('{"a":"[[[{{{,"}', 1),
    "a quote in a text": (r'["she said \",,,\" twice"]', 1),
    "a backslash ends a text": (r'["c:\\",",,"]', 2),
    "three backslashes and a quote": (r'["\\\",,,",1]', 2),
    "another escape": (r'["\n,\u002c,\/",1]', 2),
    "letters of others": ('["Grüße, 漢字, 😀,",1]', 2),
    "a text that has no end": ('["one, two', 1),
}


@pytest.mark.parametrize(("body", "values"), COUNTED.values(), ids=COUNTED)
def test_values_are_counted_and_not_what_stands_in_a_text(body: str, values: int) -> None:
    """In however many pieces it comes."""
    octets = body.encode()
    for size in (1, 2, 3, 5, len(octets) or 1):
        count = ValueCount()
        for at in range(0, len(octets), size):
            count.add(octets[at : at + size])

        assert count.values == values


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-16", "utf-32-le", "utf-32-be"])
def test_no_quote_hides_values_that_is_none(codec: str) -> None:
    """A letter has the octet of a quote in UTF-16, and a reader of JSON knows UTF-16."""
    count = ValueCount()
    count.add(('["\u0122",' + "[]," * 1_000 + "0]").encode(codec))

    assert count.values >= 2_000


async def test_texts_of_many_commas_are_taken(database: Database, clock: SetClock) -> None:
    """Ten messages, each as long as one may be, of nothing but what begins values elsewhere."""
    said = [{"type": "SystemMessage", "text": ",[{" * 3_333} for _ in range(10)]
    async with a_shop(database, clock) as api:
        heard = await api.client.post(
            "/v1/shop/conversations/bike/messages",
            headers={"Authorization": f"Bearer {api.secret}"},
            json=said,
        )

    assert heard.status_code == 200
    assert len(heard.json()) == 10


WRONG: list[object] = [None, 0, [], {}, [[]]]
SEVERAL: dict[str, tuple[type, str]] = {
    "hosts": (AppBody, "photoHosts"),
    "fields of a conversation": (ConversationBody, "custom"),
    "welcome messages": (ConversationBody, "welcomeMessages"),
    "participants": (ConversationBody, "participants"),
    "spans": (RepostBody, "keep"),
    "blocks": (MessageBody, "content"),
    "a place": (MessageBody, "location"),
    "fields of a message": (MessageBody, "custom"),
    "addresses": (UserBody, "email"),
    "numbers": (UserBody, "phone"),
    "fields of a user": (UserBody, "custom"),
    "tokens": (UserBody, "pushTokens"),
    "users": (PresencesBody, "userIds"),
    "events": (WebhookBody, "events"),
    "changed events": (WebhookChange, "events"),
}


def _wrong(found: list[Any], field: str) -> int:
    return sum(str(one["loc"][0]) == field for one in found)


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize(("body", "field"), SEVERAL.values(), ids=SEVERAL)
def test_of_too_many_none_is_looked_at(body: type, field: str, wrong: object) -> None:
    """Nine thousand wrong values are a sentence or two, and not nine thousand."""
    for several in ([wrong] * 9_000, {"x" * 300 + str(at): wrong for at in range(9_000)}):
        with pytest.raises(ValidationError) as told:
            TypeAdapter(body).validate_python({field: several})

        assert 1 <= _wrong(told.value.errors(), field) <= 2


@pytest.mark.parametrize(
    ("method", "path", "body", "most"),
    [
        ("POST", "conversations/bike/messages", [[]] * 9_000, 10),
        ("POST", "conversations/bike/messages", [{"text": []}] * 4_000, 10),
        ("PUT", "users", {str(at): [] for at in range(9_000)}, 100),
        ("PUT", "users", {str(at): {"email": [[]]} for at in range(4_000)}, 100),
        ("PUT", "users/dan", {"email": [[]] * 9_000}, 20),
        ("PUT", "users/dan", {"pushTokens": {str(at): [] for at in range(9_000)}}, 1_000),
        ("PUT", "conversations/car", {"participants": [[]] * 9_000}, 300),
    ],
)
async def test_a_caller_is_told_how_many_there_may_be(
    database: Database, clock: SetClock, method: str, path: str, body: object, most: int
) -> None:
    """Once, with the number."""
    async with a_shop(database, clock) as api:
        headers = {"Authorization": f"Bearer {api.secret}"}
        heard = await api.client.request(method, f"/v1/shop/{path}", headers=headers, json=body)

    assert heard.status_code == 400
    reasons = heard.json()["reasons"]
    assert len(reasons) == 1
    assert f"at most {most}" in reasons[0]


async def _order(many: int, values: int) -> list[str]:
    """Let so many bodies of so many values come at once; return who did what, turn by turn."""
    turns, seen = JsonTurns(), list[str]()

    async def body() -> None:
        await turns.mine(values)
        seen.append("body")

    async def other() -> None:
        while seen.count("body") < many:
            seen.append("other")
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        for _ in range(many):
            group.create_task(body())
        group.create_task(other())
    return seen


@pytest.mark.parametrize("values", [500, 9_000, 20_000])
async def test_between_two_bodies_of_many_values_others_have_a_turn(values: int) -> None:
    """However many come at once."""
    seen = await _order(10, values)

    assert ("body", "body") not in set(pairwise(seen))


@dataclass
class _Time:
    """Seconds that pass when somebody sleeps, or reads."""

    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def time(self) -> float:
        """Return the moment."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let so much time pass, and others have a turn."""
        self.waits.append(round(seconds, 6))
        self.now += seconds
        await asyncio.sleep(0)


VALUE_SECONDS = 2.5e-6  # what reading one takes at most
CROWDS: dict[str, tuple[tuple[int, ...], tuple[float, ...]]] = {
    "one": ((20_000,), (0.0,)),
    "two": ((20_000, 20_000), (0.0, 0.05)),
    "a large and a small": ((20_000, 500), (0.0, 0.05)),
    "a small and a large": ((500, 20_000), (0.0, 0.001_25)),
    "several": ((8_000, 500, 20_000, 1_000), (0.0, 0.02, 0.001_25, 0.05)),
    "few values between": ((8_000, 499, 8_000), (0.0, 0.02)),
}


@pytest.mark.parametrize(("bodies", "waits"), CROWDS.values(), ids=CROWDS)
async def test_others_have_at_least_half_of_the_time(
    bodies: tuple[int, ...], waits: tuple[float, ...]
) -> None:
    """After each body as long as its reading took at most, however many come at once."""
    passing = _Time()
    turns = JsonTurns(passing.time, passing.sleep)
    began = list[float]()

    async def read(values: int) -> None:
        await turns.mine(values)
        began.append(passing.now)
        passing.now += values * VALUE_SECONDS

    await asyncio.gather(*(read(values) for values in bodies))
    many = [values for values in bodies if values >= 500]
    worked = sum(many[:-1]) * VALUE_SECONDS

    assert tuple(passing.waits) == waits
    assert worked <= (began[-1] - began[0]) / 2 + 1e-9
    assert began == sorted(began)


async def test_who_comes_later_waits_only_for_the_rest() -> None:
    """What has passed is not waited for again, and who comes behind it not at all."""
    passing = _Time()
    turns = JsonTurns(passing.time, passing.sleep)
    await turns.mine(20_000)
    for later in (0.07, 0.2):
        passing.now += later
        await turns.mine(20_000)

    assert passing.waits == [0.0, 0.03, 0.0]


async def test_few_values_wait_for_nobody() -> None:
    """They are read as they come, also while many are waited for."""
    turns = JsonTurns()
    waiting = [asyncio.ensure_future(turns.mine(20_000)) for _ in range(5)]
    await asyncio.sleep(0)
    await turns.mine(499)

    assert not all(one.done() for one in waiting)
    await asyncio.gather(*waiting)


class _Noted(JsonTurns):
    """Turns that note who asked for one."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[int] = []

    async def mine(self, values: int) -> None:
        """Note it."""
        self.asked.append(values)
        await super().mine(values)


async def test_the_edge_gives_turns(database: Database, clock: SetClock) -> None:
    """A body is read when it has its turn, also one that came in pieces; a mail needs none."""
    body = json.dumps({"name": "Dan", "x": list(range(2_000))}).encode()

    async def pieces() -> Any:
        for at in range(0, len(body), 1_000):
            yield body[at : at + 1_000]

    async with a_shop(database, clock) as api:
        noted = _Noted()
        api.client._transport.app._turns = noted  # type: ignore[attr-defined]
        headers = {"Authorization": f"Bearer {api.secret}", "Content-Type": "application/json"}
        for content in (body, pieces()):
            await api.client.put("/v1/shop/users/dan", headers=headers, content=content)
        await api.hand_in(b"From: bo@x.test\r\nMessage-ID: <1@x>\r\n\r\nYes" + b",," * 900)

    assert noted.asked == [2_002, 2_002]
