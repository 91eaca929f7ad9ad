"""Whom the token of a mail's link lets in, as the app asks."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from core.clock import SetClock
from core.link_token import LinkClaims, jti_of, sign_link
from core.moment import HOUR
from core.store import apps, participants
from core.store.database import Database, Session
from notifier.rendering.view import digest_view
from tests.support.api import KEYS, Api, a_shop
from tests.support.bursts import a_burst, a_delivery
from tests.support.notifying import IDENTITY
from tests.support.people import NOW
from tests.support.previews import the_previews


@pytest.fixture
async def shop(database: Database, clock: SetClock) -> AsyncIterator[Api]:
    """Open the application."""
    async with a_shop(database, clock, previews=the_previews()) as one:
        yield one


async def a_token(shop: Api, **changes: Any) -> str:
    """Return Bo's token for ``bike``."""

    def work(session: Session) -> tuple[int, int, int]:
        app = apps.find(session, "shop")
        bo = participants.find(session, "shop", "bike", "bo")
        assert app is not None
        assert bo is not None
        return app.number, bo.address_epoch, bo.reference

    number, epoch, reference = await shop.database.read(work)
    claims = LinkClaims("bo", "bike", epoch, reference, NOW, NOW + HOUR, jti_of("dlv_1"))
    return sign_link(replace(claims, **changes), ("shop", number), KEYS)


async def verify(shop: Api, token: str) -> httpx.Response:
    """Ask whom it lets in."""
    return await shop.ask("POST", "/links/verify", {"token": token})


async def test_a_good_token_says_who_and_where(shop: Api) -> None:
    """As often as it is asked."""
    token = await a_token(shop)
    first, again = await verify(shop, token), await verify(shop, token)

    assert first.status_code == 200
    assert first.json() == again.json()
    told = first.json()
    assert (told["userId"], told["conversationId"], told["access"]) == ("bo", "bike", "ReadWrite")
    assert told["expiresAt"] // 1000 == (NOW + HOUR) // 1000


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("DELETE", "/conversations/bike/participants/bo/email", None, "LINK_REVOKED"),
        ("DELETE", "/conversations/bike/participants/bo", None, "LINK_NO_ACCESS"),
        ("PATCH", "/conversations/bike/participants/bo", {"access": "None"}, "LINK_NO_ACCESS"),
        ("DELETE", "/users/bo", None, "LINK_NO_ACCESS"),
        ("DELETE", "/conversations/bike", None, "LINK_NO_ACCESS"),
    ],
)
async def test_what_ends_their_access_ends_the_token(
    shop: Api, method: str, path: str, body: Any, code: str
) -> None:
    """Revoked with the address, and with everything that lets them read no more."""
    token = await a_token(shop)
    changed = await shop.ask(method, path, body)
    answer = await verify(shop, token)

    assert changed.is_success
    assert (answer.status_code, answer.json()["errorCode"]) == (403, code)


async def test_who_is_made_anew_under_the_same_ids_is_another(shop: Api) -> None:
    """A link that was sent before lets the next person of the same id in nowhere."""
    token = await a_token(shop)
    for method, path, body in (
        ("DELETE", "/conversations/bike", None),
        ("DELETE", "/users/bo", None),
        ("PUT", "/users/bo", {"name": "Another Bo", "email": ["other@example.org"]}),
        ("PUT", "/conversations/bike", {"participants": ["ann", "bo"]}),
    ):
        assert (await shop.ask(method, path, body)).is_success, path
    answer = await verify(shop, token)

    assert (answer.status_code, answer.json()["errorCode"]) == (403, "LINK_REVOKED")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"expires_at": NOW - 1000}, "LINK_EXPIRED"),
        ({"user_id": "nobody"}, "LINK_NO_ACCESS"),
        ({"conversation_id": "car"}, "LINK_NO_ACCESS"),
        ({"epoch": -1}, "LINK_REVOKED"),
        ({"reference": 1}, "LINK_REVOKED"),
    ],
)
async def test_what_does_not_hold_lets_nobody_in(
    shop: Api, changes: dict[str, Any], code: str
) -> None:
    """And says why: the app is asked by its key."""
    answer = await verify(shop, await a_token(shop, **changes))

    assert (answer.status_code, answer.json()["errorCode"]) == (403, code)


@pytest.mark.parametrize("token", ["x", "a.b.c", "\u202e", "e" * 4000])
async def test_what_is_no_token_is_invalid(shop: Api, token: str) -> None:
    """403 and no traceback."""
    answer = await verify(shop, token)

    assert (answer.status_code, answer.json()["errorCode"]) == (403, "LINK_INVALID")


@pytest.mark.parametrize(
    "body", [{}, {"token": ""}, {"token": None}, {"tokn": "x"}, {"token": "e" * 4001}]
)
async def test_a_question_without_a_token_is_refused(shop: Api, body: dict[str, Any]) -> None:
    """With 400."""
    assert (await shop.ask("POST", "/links/verify", body)).status_code == 400


async def test_the_keys_are_the_apps_alone(shop: Api) -> None:
    """With its own key, and no other."""
    told = await shop.get("/links/keys")
    stranger = await shop.client.get("/v1/shop/links/keys")

    assert (told["issuer"], told["audience"], told["algorithm"]) == ("rejoinder", "shop", "HS256")
    assert [(one["kid"], len(one["secret"])) for one in told["keys"]] == [("1", 64)]
    assert stranger.status_code == 401


async def test_a_previews_token_lets_nobody_in(shop: Api) -> None:
    """Whoever is shown a mail is not its reader."""
    await shop.says("ann")
    body = {
        "conversationId": "bike", "userId": "bo",
        "settings": {"inboxUrl": "https://shop.example/in?t={{link.token}}"},
    }  # fmt: skip
    shown = (await shop.ask("POST", "/mail/preview", body)).json()
    token = shown["text"].partition("?t=")[2].split("\n")[0]
    answer = await verify(shop, token)

    assert token.count(".") == 2
    assert answer.status_code == 403


@pytest.mark.parametrize("field", ["subject", "header", "footer"])
async def test_it_stands_in_links_alone(shop: Api, field: str) -> None:
    """A text is read by whoever looks over a shoulder."""
    answer = await shop.ask("PUT", "/roles/default", {field: "{{link.token}}"})

    assert answer.status_code == 400
    assert "is for inboxUrl alone" in answer.text


def test_a_mail_carries_it_for_as_long_as_is_set() -> None:
    """From when it was made, the same each time it is written."""
    burst = a_burst(
        {"text": "x"}, inbox_url="https://s.example/{{conversation.id}}?t={{link.token}}"
    )
    view = digest_view(burst, a_delivery(), (), IDENTITY)
    again = digest_view(burst, a_delivery(), (), IDENTITY)
    claims = IDENTITY.login_token(burst, a_delivery())

    assert view.page.inbox_url is not None
    assert view.page.inbox_url.endswith(f"?t={claims}")
    assert view.page.inbox_url == again.page.inbox_url
    assert IDENTITY.login_hours == 168
