"""Each thing an app can let grow has its bound: as docs/api.md says, row by row.

What is at the bound is taken; one more is refused in words that name the bound, and nothing
of it is stored; where that is counted in the database, on both of them.
"""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.actions import converse, hold
from core.clock import SetClock
from core.errors import InvalidRequest
from core.model.held import AuthorProof, HeldReply
from core.rules import bounds
from core.rules.bounds import Bound
from core.rules.emoji import one_emoji
from core.store import users
from core.store.database import Database, Session, open_database
from tests.support.api import Api, a_shop
from tests.support.bounded import ANN, BIKE, MESSAGES, ROWS
from tests.support.people import NOW
from tests.support.previews import the_previews

ROOT = Path(__file__).resolve().parents[3]
_ROW = re.compile(r"\| `([\w.]+)`(?: ([\w ]+))? \| (\d+) \| .+ \|")


def _table() -> dict[str, int]:
    """Return what the page says, by what."""
    page = (ROOT / "docs/api.md").read_text("utf-8").partition("## How much may be kept")[2]
    rows = [_ROW.fullmatch(line) for line in page.partition("\n## ")[0].splitlines()]
    return {" ".join(filter(None, row.groups()[:2])): int(row[3]) for row in rows if row}


@pytest.fixture
async def shop(database: Database, clock: SetClock) -> AsyncIterator[Api]:
    """Open the shop on each database in turn."""
    async with a_shop(database, clock, previews=the_previews()) as api:
        yield api


# Driven below, each in its own way.
_OTHERWISE = {"user.aliases", "conversation.participants"}


def test_the_page_has_a_row_for_all_that_is_driven() -> None:
    """None is on the page that nobody tries, and none is tried that the page does not tell."""
    assert set(_table()) == ROWS.keys() | _OTHERWISE


def test_what_is_counted_is_what_the_page_says() -> None:
    """Each bound of the rules stands on the page with its number."""
    of_rules = [one.most for one in vars(bounds).values() if isinstance(one, Bound)]

    assert len(of_rules) == 10
    assert set(of_rules) <= set(_table().values())


# Counted in the database, over requests.
COUNTED = {
    "app.custom", "app.roles", "app.webhooks", "user.custom", "user.custom as JSON",
    "user.pushTokens", "user.sessions", "conversation.custom", "conversation.custom as JSON",
    "message.reactions",
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(COUNTED))
async def test_one_more_than_is_counted_is_refused(shop: Api, what: str) -> None:
    """At the bound it is taken; over it 400, in words, and what was there is there."""
    await _drive(shop, what)


@pytest.mark.parametrize("what", sorted(ROWS.keys() - COUNTED))
async def test_one_more_than_a_request_holds_is_refused(
    sqlite_template: Path, tmp_path: Path, clock: SetClock, what: str
) -> None:
    """As above; what a field refuses by itself never comes to a database."""
    shutil.copy(sqlite_template, tmp_path)
    database = open_database(f"sqlite:///{tmp_path}/rejoinder.db")
    async with a_shop(database, clock, previews=the_previews()) as shop:
        await _drive(shop, what)
    await database.close()


async def _drive(shop: Api, what: str) -> None:
    put, where = ROWS[what]
    most = _table()[what]

    taken = await put(shop, most)
    before = await shop.get(where)
    refused = await put(shop, most + 1)
    told = refused.json()

    assert taken.status_code == 200, taken.text
    assert refused.status_code == 400
    assert told["errorCode"] in {"INVALID_ARGUMENT", "TOO_MUCH", "TOO_MANY_REACTIONS"}
    assert str(most) in " ".join(told["reasons"])
    if what not in _WRITES_BEFORE:
        assert await shop.get(where) == before


# To come to the bound anew these write what is allowed first.
_WRITES_BEFORE = {"user.custom as JSON", "conversation.custom as JSON"}


def _body(spoil: Callable[[bytes], bytes]) -> bytes:
    return spoil(json.dumps({"custom": dict.fromkeys(map(str, range(50)), "ü" * 600)}).encode())


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        pytest.param(lambda body: body[: len(body) // 2], {400}, id="cut in the middle"),
        pytest.param(lambda body: body[: body.index(b"\\") + 3], {400}, id="cut in a character"),
        pytest.param(lambda body: body * 2, {400}, id="doubled"),
        pytest.param(lambda body: b" " * 1_050_000 + body, {413}, id="behind a megabyte"),
        pytest.param(lambda body: body.replace(b'"0"', b'"1"'), {200}, id="a name twice"),
        pytest.param(lambda body: body, {200}, id="as it is"),
    ],
)
async def test_a_spoilt_body_changes_nothing(
    shop: Api, spoil: Callable[[bytes], bytes], codes: set[int]
) -> None:
    """It is refused, or read as JSON is; never half of it."""
    headers = {"Authorization": f"Bearer {shop.secret}", "Content-Type": "application/json"}

    answer = await shop.client.put(f"/v1/shop{ANN}", headers=headers, content=_body(spoil))

    assert answer.status_code in codes
    assert bool((await shop.get(ANN))["custom"]) == (answer.status_code == 200)


@pytest.mark.parametrize("path", ["", ANN, BIKE])
async def test_custom_does_not_grow_by_patches(shop: Api, path: str) -> None:
    """Sixty patches of new names end at the bound, and the rest leaves nothing behind."""
    answers = []
    for number in range(60):
        some = {f"n{number}-{field}": "x" * 1_000 for field in range(50)}
        answers.append((await shop.ask("PUT", path, {"custom": some})).status_code)

    kept = (await shop.get(path))["custom"]
    assert answers == [200] + [400] * 59
    assert len(kept) == 50


async def test_what_is_too_much_already_may_become_less(shop: Api) -> None:
    """Who has more from before there was a bound is not locked out: less is taken, more is not."""

    def before(session: Session) -> None:
        ann = users.find(session, "shop", "ann")
        assert ann is not None
        ann.custom = {f"k{number}": "v" for number in range(300)}
        session.add(ann)

    await shop.database.write(before)
    more = await shop.ask("PUT", ANN, {"custom": {"new": "v"}})
    less = await shop.ask("PUT", ANN, {"custom": {"k1": None, "k2": "w"}})
    none = await shop.ask("PUT", ANN, {"custom": None})

    assert [one.status_code for one in (more, less, none)] == [400, 200, 200]
    assert (await shop.get(ANN))["custom"] == {}


async def test_a_batch_with_one_too_many_changes_nobody(shop: Api) -> None:
    """All of them, or none: also where the bound is found in the transaction."""
    heavy = {f"n{field}": "x" * 1_400 for field in range(50)}
    body = {"bo": {"custom": {"a": "1"}}, "ann": {"custom": heavy}}

    refused = await shop.ask("PUT", "/users", body)

    assert refused.status_code == 400
    assert (await shop.get("/users/bo"))["custom"] == {}


@pytest.mark.parametrize(
    ("method", "path", "body", "where", "what"),
    [
        ("POST", "/webhooks", {"url": "https://shop.example/hook"}, "/webhooks", "app.webhooks"),
        ("PUT", "/roles/r{}", {}, "/roles", "app.roles"),
        ("PUT", "/users/ann/sessions/s{}", {}, "/users/ann/sessions", "user.sessions"),
    ],
)
async def test_many_at_once_come_to_the_same_bound(
    shop: Api, method: str, path: str, body: dict[str, str], where: str, what: str
) -> None:
    """Who asks for all of them at the same moment gets no more than who asks one by one."""
    most = _table()[what]
    asked = (shop.ask(method, path.format(number), body) for number in range(most + 20))

    answers = await asyncio.gather(*asked)

    assert {one.status_code for one in answers} == {200, 400}
    assert len((await shop.get(where))["data"]) == most


async def test_sessions_that_have_ended_make_room(shop: Api) -> None:
    """A hundred pages that were closed without a word keep no new one out."""
    await ROWS["user.sessions"][0](shop, 100)
    shop.clock.moment += 300_001

    told = await shop.ask("PUT", "/users/ann/sessions/new", {})

    assert told.status_code == 200


async def test_a_role_that_is_there_can_still_be_changed(shop: Api) -> None:
    """The bound is for new ones, as it is for sessions that tell again."""
    await ROWS["app.roles"][0](shop, 100)
    await ROWS["user.sessions"][0](shop, 100)

    role = await shop.ask("PUT", "/roles/r7", {"subject": "News"})
    session = await shop.ask("PUT", "/users/ann/sessions/s7", {"hasFocus": True})

    assert (role.status_code, session.status_code) == (200, 200)


async def test_no_words_are_cut(shop: Api) -> None:
    """Content that says more than a message may is refused, where its end once was lost."""
    words = [{"type": "text", "children": ["x" * 9_999, "the end"]}]
    body = [{"type": "UserMessage", "sender": "ann", "content": words}]

    refused = await shop.ask("POST", MESSAGES, body)

    assert refused.status_code == 400
    assert "10000" in refused.text
    assert (await shop.get(MESSAGES))["data"] == []


async def test_a_conversation_has_so_many_participants(
    shop: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted with those who left, by either way in; who comes back is no more than they were."""
    assert _table()["conversation.participants"] == bounds.PARTICIPANTS.most
    monkeypatch.setattr(converse, "PARTICIPANTS", replace(bounds.PARTICIPANTS, most=4))
    await shop.ask("PUT", "/users", {name: {"name": "U"} for name in ("d", "e", "f")})

    both = await shop.ask("PUT", BIKE, {"participants": ["d", "e"]})
    one = await shop.ask("PUT", f"{BIKE}/participants/d", {})
    await shop.ask("DELETE", f"{BIKE}/participants/cy")
    over = await shop.ask("PUT", f"{BIKE}/participants/f", {})
    back = await shop.ask("PUT", f"{BIKE}/participants/cy", {})

    assert [answer.status_code for answer in (both, one, over, back)] == [400, 200, 400, 200]
    assert "at most 4" in over.text
    assert sorted((await shop.get(BIKE))["participants"]) == ["ann", "bo", "cy", "d"]


async def test_a_user_writes_from_so_many_addresses(shop: Api) -> None:
    """By the page of a held reply, one after the other; the same one again takes no room."""
    most = _table()["user.aliases"]

    def claim(session: Session, number: int) -> None:
        one = HeldReply(
            app_id="shop", id=f"hld_{number}", conversation_id="bike", user_id="ann",
            sender=f"a{number}@elsewhere.test", proof=AuthorProof.PROVEN, reason="x", text="x",
            receipt_id="r", reference=number, asked_at=NOW,
        )  # fmt: skip
        hold.require_room(session, one)
        hold.claim_sender(session, one)

    for number in range(most):
        await shop.database.write(lambda session, number=number: claim(session, number))  # type: ignore[misc]
    await shop.database.write(lambda session: claim(session, 0))  # has it already
    with pytest.raises(InvalidRequest, match=f"at most {most}"):
        await shop.database.write(lambda session: claim(session, most))

    ann = await shop.database.read(lambda session: users.find(session, "shop", "ann"))
    assert ann is not None
    assert len(ann.aliases or ()) == most


def test_a_custom_emoji_is_as_long_as_it_may_be() -> None:
    """The page's number is the rule's."""
    most = _table()["message.reactions each"]

    assert one_emoji(f":{'e' * (most - 2)}:") is not None
    assert one_emoji(f":{'e' * (most - 1)}:") is None
