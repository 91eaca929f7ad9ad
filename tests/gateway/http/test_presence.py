"""Who is online, and what their pages show."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.clock import SetClock
from core.store.database import Database
from tests.support.api import Api, a_shop


@pytest.fixture
async def api(database: Database, clock: SetClock) -> AsyncIterator[Api]:
    """Open the application; Ann types in ``bike``, Bo has a page open, Cy's has ended."""
    async with a_shop(database, clock) as opened:
        typing = {"selectedConversationId": "bike", "hasFocus": True, "isTyping": True}
        await opened.ask("PUT", "/users/cy/sessions/tab", {"ttl": 10})
        clock.moment += 10_000
        await opened.ask("PUT", "/users/ann/sessions/tab", typing)
        await opened.ask("PUT", "/users/bo/sessions/tab", {})
        yield opened


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        pytest.param("isOnline=true", ["ann", "bo"], id="those who are"),
        pytest.param("isOnline=false", ["cy"], id="those who are not"),
        pytest.param("isOnline=true&startingAfter=ann&limit=1", ["bo"], id="a page of them"),
        pytest.param("", ["ann", "bo", "cy"], id="everybody"),
    ],
)
async def test_users_are_listed_by_whether_they_are_online(
    api: Api, query: str, ids: list[str]
) -> None:
    """Online is who has a live session."""
    found = await api.get(f"/users?{query}")

    assert [one["id"] for one in found["data"]] == ids


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        pytest.param({}, ["ann", "bo"], id="no filter"),
        pytest.param({"userIds": ["bo", "cy"]}, ["bo"], id="some users"),
        pytest.param({"userIds": []}, [], id="none of them"),
        pytest.param({"selectedConversationId": "bike"}, ["ann"], id="one conversation"),
        pytest.param({"selectedConversationId": None}, ["bo"], id="no conversation"),
        pytest.param({"hasFocus": True}, ["ann"], id="before somebody's eyes"),
        pytest.param({"isTyping": False}, ["bo"], id="who does not type"),
    ],
)
async def test_presences_are_what_is_asked_for(
    api: Api, asked: dict[str, Any], ids: list[str]
) -> None:
    """Filters hold together, and what is left out filters nothing (talkjs-spec, 2.7)."""
    found = (await api.ask("POST", "/presences", asked)).json()["data"]

    assert list(found) == ids


async def test_a_presence_says_what_is_shown(api: Api) -> None:
    """Each live session is one widget."""
    found = (await api.ask("POST", "/presences", {"userIds": ["ann"]})).json()

    page = {"selectedConversationId": "bike", "hasFocus": True, "isTyping": True}
    assert found == {"data": {"ann": {"widgets": [page]}}}
