"""The notifier at work on a test's database, and waiting for what it does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from core.address import Keyring
from core.clock import SetClock
from core.config.ways_out import RelaySettings, WebhookSettings
from core.store.database import Database
from notifier.crew import Pace
from notifier.desk import Desk
from notifier.hooks import Switchboard
from notifier.nudge import Nudge
from notifier.rendering.letter import Sender
from notifier.scheduling.lane import Lane
from notifier.transports.relay import Relay
from notifier.transports.webhook import Webhook
from notifier.worker import work
from tests.support.fake_relay import FakeRelay

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
SENDER = Sender(KEYS, "reply.test", "reply.test", "test", "+", "n@app.test", None, "http://n.test")


@asynccontextmanager
async def notifying(database: Database, relay: FakeRelay, clock: SetClock) -> AsyncIterator[Nudge]:
    """Let the notifier work, until left."""
    out = Relay(RelaySettings(host="127.0.0.1", port=relay.port, tls="none"))
    webhook, nudge = Webhook(WebhookSettings(allow_private=True)), Nudge()
    desk = Desk(database, out, SENDER, (), Lane(), clock, lambda: 0.0)
    board = Switchboard(database, webhook, "http://n.test", clock, lambda: 0.0)
    task = asyncio.create_task(work("w", desk, board, Pace(poll_seconds=0.02), nudge))
    try:
        yield nudge
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await out.close()
        await webhook.close()


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds, at most ten seconds."""
    async with asyncio.timeout(10):
        while not await true():  # noqa: ASYNC110  the database has no event to wait for
            await asyncio.sleep(0.01)
