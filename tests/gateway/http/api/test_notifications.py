"""`POST …/notifications`: what is asked for is done, what makes no sense is refused in words."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.clock import SetClock
from core.store import deliveries
from core.store.database import open_database
from tests.support.api import Api, a_shop

ASK = "/conversations/bike/notifications"
EMAIL = {"channels": ["email"]}
MEGABYTE = " " * 1_048_576


@pytest.fixture
async def shop(sqlite_template: Path, tmp_path: Path, clock: SetClock) -> AsyncIterator[Api]:
    """Open the shop, where Ann has asked Bo and Cy something.

    On one database: what is decided is tried on both with the verb.
    """
    shutil.copy(sqlite_template, tmp_path)
    database = open_database(f"sqlite:///{tmp_path}/rejoinder.db")
    async with a_shop(database, clock) as api:
        await api.says("ann", "Is it for sale?")
        yield api
    await database.close()


async def _mails(shop: Api) -> list[str]:
    made = await shop.database.read(
        lambda session: deliveries.listed(session, "shop", waiting_only=True, limit=9)
    )
    return sorted(one.address for one in made)


@pytest.mark.parametrize(
    ("body", "addresses"),
    [
        pytest.param(EMAIL, ["bo@x.test", "cy@x.test"], id="all who did not answer"),
        pytest.param(EMAIL | {"recipients": ["cy"]}, ["cy@x.test"], id="one of them"),
        pytest.param(EMAIL | {"recipients": None}, ["bo@x.test", "cy@x.test"], id="null is all"),
        pytest.param(EMAIL | {"recipients": ["ann"]}, [], id="who wrote last"),
        pytest.param(EMAIL | {"emailSettings": {}}, ["bo@x.test", "cy@x.test"], id="no texts"),
        pytest.param(
            EMAIL
            | {
                "recipients": ["bo"],
                "emailSettings": {
                    "subject": "{{sender.name}} is still waiting for you",
                    "header": "Hello {{recipient.name}}, you have not answered yet:",
                    "footer": None,
                    "inboxUrl": "https://shop.example/inbox?conversation={{conversation.id}}",
                },
            },
            ["bo@x.test"],
            id="the example of TalkJS",
        ),
    ],
)
async def test_it_says_what_was_decided_of_each(
    shop: Api, body: dict[str, Any], addresses: list[str]
) -> None:
    """One row for each, with its id and reason; mails where it says so."""
    answer = await shop.ask("POST", ASK, body)
    told = answer.json()["data"]

    assert answer.status_code == 200
    assert [one["sent"] for one in told] == [True] * len(addresses) or not addresses
    assert all(one["notificationId"].startswith("ntf_") for one in told)
    assert await _mails(shop) == addresses


async def test_why_there_is_no_mail_is_in_the_answer(shop: Api) -> None:
    """Who wrote last is named, for they were asked for."""
    told = (await shop.ask("POST", ASK, EMAIL | {"recipients": ["ann"]})).json()["data"]

    assert [(one["recipient"], one["sent"], one["reason"]) for one in told] == [
        ("ann", False, "nothing_unanswered")
    ]
    assert told[0]["explanation"].startswith("The app asked to remind them. They had answered")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"channels": ["email", "sms"]}, "nothing is sent by SMS here; there is email"),
        (EMAIL | {"recipients": ["bo", "bob"]}, "'bob' is not a participant"),
    ],
)
async def test_what_makes_no_sense_is_refused(shop: Api, body: dict[str, Any], reason: str) -> None:
    """Nothing is taken that would have no effect, and nobody is written to."""
    answer = await shop.ask("POST", ASK, body)

    assert answer.status_code == 400, answer.text
    assert reason in " ".join(answer.json()["reasons"])
    assert await _mails(shop) == []


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        pytest.param(lambda text: text[: len(text) // 2], {400}, id="cut in the middle"),
        pytest.param(lambda text: text * 2, {400}, id="doubled"),
        pytest.param(lambda text: MEGABYTE + text, {413}, id="behind a megabyte"),
    ],
)
async def test_a_spoilt_body_reminds_nobody(shop: Api, spoil: Any, codes: set[int]) -> None:
    """It is refused whole."""
    headers = {"Authorization": f"Bearer {shop.secret}", "Content-Type": "application/json"}
    content = spoil('{"channels": ["email"], "recipients": ["bo"]}')

    answer = await shop.client.post(f"/v1/shop{ASK}", headers=headers, content=content)

    assert answer.status_code in codes
    assert await _mails(shop) == []


async def test_a_stranger_reminds_nobody(shop: Api) -> None:
    """Only who may act for the app asks for mails of it."""
    answer = await shop.client.post(f"/v1/shop{ASK}", json=EMAIL)

    assert answer.status_code == 401
    assert await _mails(shop) == []


async def test_a_crowd_is_reminded_by_name(shop: Api) -> None:
    """Of more than a hundred who did not answer the app says whom."""
    people = {f"p{n}": {"name": f"P {n}", "email": [f"p{n}@x.test"]} for n in range(100)}
    await shop.ask("PUT", "/users", people)
    await shop.ask("PUT", "/conversations/bike", {"participants": list(people)})
    shop.clock.move(1)
    await shop.says("ann", "Anybody?")

    refused = await shop.ask("POST", ASK, EMAIL)
    taken = await shop.ask("POST", ASK, EMAIL | {"recipients": ["p7", "p8"]})

    assert refused.status_code == 400
    assert "recipients: name them, at most 100" in refused.json()["reasons"][0]
    assert await _mails(shop) == ["p7@x.test", "p8@x.test"]
    assert taken.status_code == 200
