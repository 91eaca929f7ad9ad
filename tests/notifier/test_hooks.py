"""What an endpoint hears of a conversation: in order, once it listens, and again until it does."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from core.clock import SetClock
from core.config.ways_out import Webhooks as WebhookSettings
from core.model.webhook import WebhookAttempt, WebhookEndpoint, WebhookStream
from core.moment import MINUTE, SECOND
from core.store import due, webhooks
from core.store.database import Database, Session
from notifier.hooks import StreamClaim, Switchboard, tell
from notifier.transports.webhook import Webhook
from tests.support.fake_endpoint import FakeEndpoint
from tests.support.people import APP, NOW, ROOM, a_conversation, says

HOOK = "whk_1"
LEASE = 15 * MINUTE


@dataclass
class Stage:
    """An app with one endpoint, and what tells it."""

    database: Database
    clock: SetClock
    endpoint: FakeEndpoint
    board: Switchboard

    async def say(self, *texts: str) -> None:
        """Let Ann say something."""
        for text in texts:
            await self.database.write(
                lambda session, text=text: says(session, "ann", text, NOW)  # type: ignore[misc]
            )

    async def claim(self) -> StreamClaim | None:
        """Claim what is due now."""
        taking = due.Taking("w", self.clock.now(), LEASE, 1)
        rows = await self.database.write(lambda s: due.claim(s, webhooks.WORK, taking))
        return StreamClaim(*rows[0]) if rows else None

    async def tell(self) -> bool:
        """Claim one stream and tell it; False if none is due."""
        claim = await self.claim()
        if claim is not None:
            await tell(claim, self.board, LEASE)
        return claim is not None

    async def stream(self) -> WebhookStream:
        """Return the cursor in the one conversation."""
        found = await self.database.read(lambda s: webhooks.stream(s, APP, HOOK, ROOM))
        assert found is not None
        return found

    async def attempts(self) -> list[WebhookAttempt]:
        """Return every call that was noted down, in order."""
        return await self.database.read(lambda s: webhooks.attempts(s, APP, HOOK))

    def heard(self) -> list[str]:
        """Return the texts the endpoint was told, in order."""
        return [call.json["data"]["message"]["text"] for call in self.endpoint.calls]


def an_endpoint(session: Session, url: str) -> None:
    """Let the app listen there."""
    session.add(WebhookEndpoint(app_id=APP, id=HOOK, url=url, created_at=NOW))
    session.flush()


@pytest.fixture
async def stage(database: Database, clock: SetClock) -> AsyncIterator[Stage]:
    """Found the app, and open its endpoint."""
    clock.moment = NOW
    webhook = Webhook(WebhookSettings(allow_private=True, timeout_seconds=5))
    board = Switchboard(database, webhook, "http://n.test", clock, lambda: 0.0)
    await database.write(lambda session: a_conversation(session, "ann", "bo"))
    async with FakeEndpoint() as endpoint:
        await database.write(lambda session: an_endpoint(session, endpoint.url))
        yield Stage(database, clock, endpoint, board)
        await webhook.close()


async def test_what_was_taken_is_not_told_again(stage: Stage) -> None:
    """A 2xx moves the cursor: the next event is told next, and then there is nothing to tell."""
    await stage.say("one", "two")
    await stage.tell()
    stream = await stage.stream()

    assert stage.heard() == ["one", "two"]
    assert (stream.next_attempt_at, stream.claimed_by, stream.failures) == (None, None, 0)
    assert [one.outcome for one in await stage.attempts()] == ["delivered", "delivered"]
    assert not await stage.tell()


async def test_what_was_not_taken_is_told_later(stage: Stage) -> None:
    """A refusal leaves the cursor where it is and puts the stream off, longer each time."""
    stage.endpoint.answer(500)
    stage.endpoint.answer(500)
    await stage.say("one")
    waits = []
    for _ in range(2):
        assert await stage.tell()
        waits.append(((await stage.stream()).next_attempt_at or 0) - stage.clock.now())
        assert not await stage.tell()
        stage.clock.move(waits[-1])
    assert await stage.tell()

    assert waits == [5 * SECOND, 5 * MINUTE]
    assert stage.heard() == ["one", "one", "one"]
    assert (await stage.stream()).failures == 0
    assert [one.outcome for one in await stage.attempts()] == ["retry", "retry", "delivered"]


async def test_nothing_is_told_before_what_came_first(stage: Stage) -> None:
    """Events of a conversation wait for the one that was not taken."""
    stage.endpoint.answer(200)
    stage.endpoint.answer(500)
    await stage.say("one", "two", "three")
    await stage.tell()
    heard = stage.heard()
    stage.clock.move(5 * SECOND)
    await stage.tell()

    assert heard == ["one", "two"]
    assert stage.heard() == ["one", "two", "two", "three"]
