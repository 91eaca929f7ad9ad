"""A person is erased by one call, or one command that makes it."""

from core.clock import SetClock
from core.store.database import Database
from tests.support.api import a_shop


async def test_a_user_is_erased(database: Database, clock: SetClock) -> None:
    """They are gone, with what they said; the rest goes on, and there is no second time."""
    async with a_shop(database, clock) as api:
        await api.says("ann", "From Ann")
        await api.says("bo", "From Bo")
        answer = await api.ask("DELETE", "/users/ann")
        again = await api.ask("DELETE", "/users/ann")
        said = (await api.get("/conversations/bike/messages"))["data"]
        there = (await api.get("/conversations/bike"))["participants"]

    assert (answer.status_code, answer.json()) == (200, {})
    assert (again.status_code, again.json()["errorCode"]) == (404, "USER_NOT_FOUND")
    assert [one["text"] for one in said] == ["From Bo"]
    assert sorted(there) == ["bo", "cy"]
