"""What can be said by the API, what is refused because it would be lost, who has read it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.clock import SetClock
from core.model.attachment import Attachment
from core.store.database import Database
from tests.support.api import Api, a_shop
from tests.support.people import NOW

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


async def test_who_has_read_a_message_is_told(api: Api) -> None:
    """``readBy`` names who has read up to it, never its sender; so does ``lastMessage``."""
    await api.says("ann", "First")
    await api.ask("POST", "/conversations/bike/readBy/cy")
    await api.says("bo", "Second")

    second, first = (await api.get(PATH))["data"]
    last = (await api.get("/conversations/bike"))["lastMessage"]

    assert first["readBy"] == ["bo", "cy"]
    assert second["readBy"] == last["readBy"] == []


async def test_in_a_crowd_nobody_is_told_who_read(api: Api) -> None:
    """More than 300 participants: ``readBy`` stays empty (talkjs-spec, 1.4)."""
    crowd = [f"u{n}" for n in range(300)]
    for start in range(0, 300, 100):
        await api.ask("PUT", "/users", {name: {"name": name} for name in crowd[start:][:100]})
    await api.says("ann")
    await api.ask("POST", "/conversations/bike/readBy/bo")
    (few,) = (await api.get(PATH))["data"]
    await api.ask("PUT", "/conversations/bike", {"participants": crowd})

    (many,) = (await api.get(PATH))["data"]

    assert (few["readBy"], many["readBy"]) == (["bo"], [])


async def test_a_last_message_has_its_files(api: Api) -> None:
    """What came with the last message is in the list of conversations, with a whole URL."""
    said = await api.says("ann")
    await api.database.write(lambda session: session.add(a_file(said)))

    last = (await api.get("/conversations"))["data"][0]["lastMessage"]
    of_user = (await api.get("/users/bo/conversations"))["data"][0]["lastMessage"]

    assert last == of_user
    assert last["attachment"] == {"url": "http://api.test/v1/shop/files/att_1", "size": 3}


async def test_until_when_everybody_has_read(api: Api) -> None:
    """``everyoneReadUntil`` is the least of all read markers, null while somebody has none."""
    await api.says("ann")
    await api.ask("POST", "/conversations/bike/readBy/bo")
    before = (await api.get("/conversations/bike"))["everyoneReadUntil"]
    api.clock.moment += 5_000
    await api.ask("POST", "/conversations/bike/readBy/cy")

    assert before is None
    assert (await api.get("/conversations/bike"))["everyoneReadUntil"] == NOW


def a_file(message_id: str) -> Attachment:
    """Return a file of a message."""
    return Attachment(
        app_id="shop", id="att_1", message_id=message_id, position=0, filename="a.txt",
        content_type="text/plain", size=3, sha256="", reference=1, created_at=NOW,
    )  # fmt: skip
