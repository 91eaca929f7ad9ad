"""What can be said by the API, what is refused because it would be lost, who has read it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.clock import SetClock
from core.store.database import Database
from tests.support.api import Api, a_shop

PATH = "/conversations/bike/messages"


@pytest.fixture
async def api(database: Database, clock: SetClock) -> AsyncIterator[Api]:
    """Open the application."""
    async with a_shop(database, clock) as opened:
        yield opened


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"text": "See this", "attachmentToken": "tok"}, id="beside a text"),
        pytest.param({"attachmentToken": "tok"}, id="alone"),
        pytest.param({"content": [{"type": "file", "fileToken": "tok"}]}, id="as a block"),
    ],
)
async def test_a_file_that_would_be_lost_is_refused(api: Api, said: dict[str, Any]) -> None:
    """There are no uploads: a message with a file is refused whole, and says why."""
    answer = await api.ask("POST", PATH, [{"type": "UserMessage", "sender": "ann"} | said])

    assert answer.status_code == 400
    assert "files cannot be sent" in answer.text
    assert (await api.get(PATH))["data"] == []


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"location": [52.5, 13.4]}, id="the older field"),
        pytest.param(
            {"content": [{"type": "location", "latitude": 52.5, "longitude": 13.4}]}, id="a block"
        ),
    ],
)
async def test_a_place_alone_is_a_message(api: Api, said: dict[str, Any]) -> None:
    """A location needs no text beside it."""
    await api.ask("POST", PATH, [{"type": "UserMessage", "sender": "ann"} | said])

    (message,) = (await api.get(PATH))["data"]

    assert (message["location"], message["text"]) == ([52.5, 13.4], "")
