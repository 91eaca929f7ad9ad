"""What was folded of a reply can be had, and posted after all."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.clock import SetClock
from core.model.delivery import Delivery, State
from core.moment import Moment
from core.store import deliveries
from core.store.database import Database
from tests.support.api import Api, a_shop
from tests.support.people import NOW

PATH = "/conversations/bike/messages/{}/mail"
TEXT = "Come at five.\n\n-- \nBo Berg\nThe bell is broken, so knock twice please.\n"


@pytest.fixture
async def shop(database: Database, clock: SetClock) -> AsyncIterator[Api]:
    """Open the API."""
    async with a_shop(database, clock) as one:
        yield one


async def hand_in(shop: Api, text: str = TEXT, number: int = 1) -> str:
    """Hand in a mail of Bo's, and return the id of the message it became."""
    mail = f"From: Bo <bo@x.test>\nMessage-ID: <{number}@x>\n\n{text}".replace("\n", "\r\n")
    return str((await shop.hand_in(mail.encode()))["messageId"])


async def text_of(shop: Api, message: str) -> str:
    """Return what a message says now."""
    return str((await shop.get(f"/conversations/bike/messages/{message}"))["text"])


async def refused(shop: Api, message: str, body: Any) -> tuple[int, str, str]:
    """Return how a repost is refused: status, code and first reason."""
    told = await shop.ask("POST", PATH.format(message), body)
    return told.status_code, told.json()["errorCode"], told.json()["reasons"][0]


async def test_the_mail_tells_what_was_kept_and_folded(shop: Api) -> None:
    """In ranges of lines, with the rule of each; together they are the whole mail."""
    told = await shop.get(PATH.format(await hand_in(shop)))

    ranges = [(one["from"], one["to"], one["kept"], one["rule"]) for one in told["ranges"]]
    assert ranges[0] == (1, 1, True, "written")
    assert (3, 5, False, "signature") in [(a, min(b, 5), kept, rule) for a, b, kept, rule in ranges]
    assert "\n".join(one["text"] for one in told["ranges"]).split() == TEXT.split()
    assert told["html"] is None
    assert (told["files"], told["leftOut"]) == ([], [])


async def test_what_is_formatted_is_told_as_html(shop: Api) -> None:
    """Sanitised: what was bold is, and no script comes along."""
    markup = "<p>Come at <b>five</b>.<script>x()</script></p>"
    mail = f"From: Bo <bo@x.test>\nMessage-ID: <9@x>\nContent-Type: text/html\n\n{markup}\n"
    done = await shop.hand_in(mail.encode())
    told = await shop.get(PATH.format(done["messageId"]))

    assert "<b>five</b>" in told["html"]
    assert "script" not in told["html"]


async def test_no_secret_of_the_reader_is_told(shop: Api) -> None:
    """A folded digest holds links that are its reader's alone, also broken over lines."""
    address = (await shop.get("/conversations/bike/participants/bo/email"))["emailAddress"]
    token = address.partition("@")[0][2:]
    link = f"https://x.test/u/{token[:30]}=\n> {token[30:]}"
    quote = f"On Mon, 2 Nov 2026 Ann <{address}> wrote:\n> {link}\n"
    told = await shop.ask("GET", PATH.format(await hand_in(shop, f"Yes.\n\n{quote}")))

    assert token not in told.text
    assert token[:30] not in told.text
    assert token[30:] not in told.text


async def test_no_secret_is_told_in_what_was_formatted_either(shop: Api) -> None:
    """Its reader's address stands in a link that somebody left in their words."""
    address = (await shop.get("/conversations/bike/participants/bo/email"))["emailAddress"]
    token = address.partition("@")[0][2:]
    markup = f'<p>Write <b>here</b>: <a href="mailto:{address}">{address}</a></p>'
    head = "From: Bo <bo@x.test>\nMessage-ID: <8@x>\nContent-Type: text/html\n\n"
    done = await shop.hand_in(f"{head}{markup}\n".encode())
    told = await shop.ask("GET", PATH.format(done["messageId"]))

    assert "<b>here</b>" in told.json()["html"]
    assert token not in told.text


SAID = (
    "Is the table by the window free?\nWe need six chairs and a bench.\nThe children come too.\n"
    "Stop these mails: https://notify.test/u/abc"
)


@pytest.mark.parametrize(
    ("sent_at", "rules"),
    [
        pytest.param(NOW - 1_000, {"written", "sent"}, id="before"),
        pytest.param(NOW + 1_000, {"written"}, id="after"),
    ],
)
async def test_a_mail_is_read_with_what_was_sent_by_then(
    shop: Api, sent_at: Moment, rules: set[str]
) -> None:
    """A digest that left after it cannot have been quoted, though it says the same."""
    message = await hand_in(shop, f"Come at five.\n\n{SAID}\n")
    digest = Delivery(
        app_id="shop", id="dlv_1", notification_id="ntf_1", conversation_id="bike", user_id="bo",
        state=State.ACCEPTED, reference=1, message_id="<1@shop>", address="bo@x.test",
        created_at=sent_at, ended_at=sent_at, trace={"text": SAID},
    )  # fmt: skip
    await shop.database.write(lambda session: deliveries.add(session, digest))
    told = await shop.get(PATH.format(message))

    assert {one["rule"] for one in told["ranges"]} - {"blank"} == rules
    assert "\n".join(one["text"] for one in told["ranges"]).split()[:3] == ["Come", "at", "five."]


async def test_folded_lines_are_posted_after_all(shop: Api) -> None:
    """By number or all of them; the message is edited, and webhooks hear of it."""
    await shop.ask("POST", "/webhooks", {"url": "https://hooks.example/x"})
    message = await hand_in(shop)
    shown = (await shop.get(PATH.format(message)))["fingerprint"]

    some = await shop.ask("POST", PATH.format(message), {"keep": [[5, 5]], "fingerprint": shown})
    after_some = await text_of(shop, message)
    every = await shop.ask("POST", PATH.format(message), {"keep": "all"})

    assert (some.status_code, every.status_code) == (200, 200)
    assert after_some == "Come at five.\n\nThe bell is broken, so knock twice please."
    assert (await text_of(shop, message)).split() == TEXT.split()
    assert (await shop.get(f"/conversations/bike/messages/{message}"))["editedAt"] is not None


async def test_what_cannot_be_posted_is_refused_with_a_reason(shop: Api) -> None:
    """Nothing new, no such line, other lines than were shown, edited meanwhile, no mail at all."""
    message = await hand_in(shop)
    other = await shop.says("ann")

    assert (await refused(shop, message, {"keep": [[1, 1]]}))[1] == "NOTHING_NEW"
    assert "lines 1 to" in (await refused(shop, message, {"keep": [[1, 90]]}))[2]
    assert (await refused(shop, message, {"keep": [[2, 1]]}))[0] == 400
    assert (await refused(shop, message, {"keep": [[1, 10**9]]}))[0] == 400
    assert (await refused(shop, message, {}))[0] == 400
    told = await refused(shop, message, {"keep": "all", "fingerprint": "0" * 16})
    assert told[1] == "OTHER_LINES"
    assert (await refused(shop, other, {"keep": "all"}))[:2] == (404, "NOT_BY_MAIL")
    assert (await refused(shop, "msg_x", {"keep": "all"}))[:2] == (404, "MESSAGE_NOT_FOUND")
    await shop.ask("PUT", f"/conversations/bike/messages/{message}", {"text": "At six."})
    assert (await refused(shop, message, {"keep": "all"}))[1] == "EDITED_SINCE"
    await shop.ask("DELETE", f"/conversations/bike/messages/{message}")
    assert (await refused(shop, message, {"keep": "all"}))[:2] == (404, "MESSAGE_NOT_FOUND")


async def test_what_is_too_long_for_a_message_is_refused(shop: Api) -> None:
    """All of a long history is no message; some lines of it are."""
    line = "> The table by the window is free, and there are six chairs and a bench.\n"
    history = "On Mon, 2 Nov 2026 Ann <ann@x.test> wrote:\n" + line * 800
    message = await hand_in(shop, f"Come at five.\n\n{history}")
    whole = await refused(shop, message, {"keep": "all"})
    before = await text_of(shop, message)
    some = await shop.ask("POST", PATH.format(message), {"keep": [[4, 5]]})

    assert whole[:2] == (400, "TOO_LONG")
    assert before == "Come at five."
    assert some.status_code == 200


async def test_what_may_be_unset_is_unset_by_null_alone(shop: Api) -> None:
    """Null takes the threshold away, and leaves what an app always has."""
    given = {"name": "The shop by the pier", "senderPolicy": "token", "defaultLocale": "de"}
    await shop.ask("PUT", "", given | {"emailConfidenceThreshold": 0.8})
    await shop.ask("PUT", "", dict.fromkeys(given))
    kept = await shop.get("")
    await shop.ask("PUT", "", {"emailConfidenceThreshold": None})

    assert {name: kept[name] for name in given} == given
    assert kept["emailConfidenceThreshold"] == 0.8
    assert (await shop.get(""))["emailConfidenceThreshold"] is None


async def test_an_app_may_ask_for_confidence(shop: Api) -> None:
    """A reply read with less is marked until somebody has looked at it; others never are."""
    before = await hand_in(shop, "Before.", 1)
    refused_ = await shop.ask("PUT", "", {"emailConfidenceThreshold": 1.5})
    await shop.ask("PUT", "", {"emailConfidenceThreshold": 0.8})
    doubted = await hand_in(shop, "Nothing is quoted here.", 2)
    told = await shop.get(f"/conversations/bike/messages/{doubted}")
    await shop.ask("PUT", f"/conversations/bike/messages/{doubted}", {"text": "I looked."})
    looked_at = await shop.get(f"/conversations/bike/messages/{doubted}")
    app = await shop.get("")
    await shop.ask("PUT", "", {"emailConfidenceThreshold": None})

    assert refused_.status_code == 400
    assert app["emailConfidenceThreshold"] == 0.8
    assert (await shop.get(""))["emailConfidenceThreshold"] is None
    assert told["email"] == {"confidence": 0.75}
    assert "email" not in looked_at
    assert "email" not in await shop.get(f"/conversations/bike/messages/{before}")
