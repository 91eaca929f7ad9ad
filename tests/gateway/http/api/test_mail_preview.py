"""A mail is shown and tested by the API: as an app's back end asks for it."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import httpx
import pytest

from core.clock import SetClock
from core.model.suppression import Suppression
from core.moment import MINUTE
from core.store.database import Database, Session
from tests.support.api import Api, a_shop
from tests.support.fake_relay import FakeRelay
from tests.support.people import NOW
from tests.support.previews import the_previews


@pytest.fixture
async def relay() -> AsyncIterator[FakeRelay]:
    """Give a relay."""
    async with FakeRelay() as one:
        yield one


@pytest.fixture
async def shop(database: Database, clock: SetClock, relay: FakeRelay) -> AsyncIterator[Api]:
    """Open the application of a process that writes mails."""
    async with a_shop(database, clock, previews=the_previews(relay)) as one:
        yield one


async def preview(shop: Api, **body: Any) -> httpx.Response:
    """Ask for a preview."""
    return await shop.ask("POST", "/mail/preview", body)


async def test_a_made_up_mail_is_shown(shop: Api) -> None:
    """With nothing said; in both parts, as some see it, with its size and what is wrong with it."""
    told = (await preview(shop)).json()

    assert told["madeUp"] is True
    assert told["subject"] == "Re: The red bike"
    assert told["from"] == "Ann Meyer and Carl Ødegård via The shop <n@app.test>"
    assert told["size"]["html"] == len(told["html"].encode())
    assert told["raw"].startswith("From:")
    assert {"dark", "narrow", "rtl", "text"} <= set(told)
    assert {"name", "gravity", "sentence", "mend"} == set(told["findings"][0])


async def test_a_real_one_shows_what_is_missed(shop: Api) -> None:
    """What Ann said; when Bo has read it, the same again."""
    await shop.says("ann", "Come at *five*")
    missed = (await preview(shop, conversationId="bike", userId="bo")).json()
    await shop.ask("PATCH", "/users/bo/conversations/bike", {"readUntil": NOW})
    read = (await preview(shop, conversationId="bike", userId="bo", locale="de")).json()

    assert "<strong>five</strong>" in missed["html"]
    assert missed["to"] == "Bo <bo@x.test>"
    assert "<strong>five</strong>" in read["html"]
    assert read["language"] == "de"
    assert missed["madeUp"] is read["madeUp"] is False


async def test_nothing_is_kept_of_it(shop: Api) -> None:
    """Neither a mail nor the settings that were tried."""
    await shop.says("ann")
    why = await shop.get("/conversations/bike/participants/bo/explain")
    told = await preview(
        shop, conversationId="bike", userId="bo", settings={"subject": "Hi {{recipient.name}}"}
    )

    assert told.json()["subject"] == "Hi Bo"
    assert (await shop.get("/roles/default"))["subject"] is None
    assert await shop.get("/conversations/bike/participants/bo/explain") == why


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"conversationId": "bike"}, 400, "go together"),
        ({"userId": "bo"}, 400, "go together"),
        ({"conversationId": "bike", "userId": "nobody"}, 404, "no participant 'nobody'"),
        ({"conversationId": "car", "userId": "bo"}, 404, "no participant 'bo' in 'car'"),
        ({"conversationId": "bike", "userId": "bo"}, 400, "Nobody but 'bo' said anything"),
        ({"role": "seller"}, 404, "no role 'seller'"),
        ({"conversation": "bike"}, 400, "did you mean 'conversationId'?"),
        ({"settings": {"suject": "x"}}, 400, "did you mean 'subject'?"),
        ({"settings": {"subject": "{{sender.nam}}"}}, 400, "did you mean {{sender.name}}?"),
        ({"locale": "xx-nonsense"}, 400, "locale"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    shop: Api, body: dict[str, Any], status: int, words: str
) -> None:
    """With a sentence, and what was meant."""
    answer = await preview(shop, **body)

    assert answer.status_code == status
    assert words in answer.text


async def test_a_test_is_sent_and_the_relay_is_heard(shop: Api, relay: FakeRelay) -> None:
    """Accepted, or refused in words; both are an answer."""
    fine = (await shop.ask("POST", "/mail/test", {"to": "me@x.test"})).json()
    relay.refuse("RCPT", "550 5.1.1 Nobody here")
    refused = (await shop.ask("POST", "/mail/test", {"to": "me@x.test"})).json()

    assert (fine["outcome"], fine["code"], fine["said"]) == ("accepted", 250, "Taken")
    mail = await relay.next_mail()
    assert fine["messageId"].encode() in mail.content
    assert (refused["outcome"], refused["code"]) == ("failed", 550)
    assert refused["cause"] == "invalid_recipient"


async def test_whoever_must_not_be_written_to_is_not(shop: Api, relay: FakeRelay) -> None:
    """However the address is spelt."""

    def suppress(session: Session) -> None:
        session.add(
            Suppression(
                app_id="shop", address="me@x.test", cause="complaint", evidence="", made_at=NOW
            )
        )

    await shop.database.write(suppress)
    answer = await shop.ask("POST", "/mail/test", {"to": "Me@X.test"})

    assert answer.status_code == 400
    assert answer.json()["errorCode"] == "SUPPRESSED"
    assert relay.mails == []


async def test_an_app_may_test_ten_mails_a_minute(shop: Api, relay: FakeRelay) -> None:
    """Also at once; the next is told in words when, and then is sent."""
    ask = partial(shop.ask, "POST", "/mail/test", {"to": "me@x.test"})
    fine = await asyncio.gather(*(ask() for _ in range(10)))
    refused = await ask()
    shop.clock.moment += MINUTE
    later = await ask()

    assert {one.status_code for one in (*fine, later)} == {200}
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert "At most 10 test mails" in refused.json()["detail"]
    assert len(relay.mails) == 11


@pytest.mark.parametrize(
    "to", ["", "me", "me@x.test\r\nBcc: you@x.test", "a@b.test, c@d.test", None]
)
async def test_a_test_needs_one_address(shop: Api, relay: FakeRelay, to: Any) -> None:
    """What is none is refused before anybody is asked."""
    answer = await shop.ask("POST", "/mail/test", {"to": to})

    assert answer.status_code == 400
    assert relay.connections == 0


async def test_strangers_see_nothing(shop: Api) -> None:
    """A key of the app is needed."""
    for path in ("preview", "test"):
        answer = await shop.client.post(f"/v1/shop/mail/{path}", json={"to": "me@x.test"})

        assert answer.status_code == 401


async def test_a_process_that_writes_no_mails_says_so(database: Database, clock: SetClock) -> None:
    """Not a traceback."""
    async with a_shop(database, clock) as bare:
        answer = await preview(bare)

    assert answer.status_code == 403
    assert answer.json()["errorCode"] == "NO_PREVIEWS"
