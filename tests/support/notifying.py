"""The notifier at work on a test's database, and waiting for what it does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from core.address import Keyring
from core.clock import SetClock
from core.config.ways_out import RelaySettings, WebhookSettings
from core.model.delivery import EMAIL
from core.nudge import Nudge
from core.store.database import Database
from notifier.channels.base import Channel, Transport
from notifier.channels.email.dkim import Signer
from notifier.channels.email.parcel import MailParcel
from notifier.channels.email.relay import SmtpRelay
from notifier.channels.email.write import MailWriter
from notifier.channels.webhook.call import WebhookClient
from notifier.context import NotifierContext
from notifier.queue.pool import Pace
from notifier.rendering.identity import Identity
from notifier.worker import work
from tests.support.fake_relay import FakeRelay

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
IDENTITY = Identity(
    KEYS, "reply.test", "reply.test", "test", "+", "n@app.test", None, "http://n.test"
)


def a_context(
    database: Database,
    clock: SetClock,
    relay: Transport[MailParcel],
    *signers: Signer,
    webhook: WebhookClient | None = None,
) -> NotifierContext:
    """Return what the notifier needs, with mail as its one channel and no jitter."""
    client = webhook or WebhookClient(WebhookSettings(allow_private=True))
    channels = {EMAIL: Channel(MailWriter(IDENTITY, signers), relay)}
    return NotifierContext(database, clock, IDENTITY, channels, client, lambda: 0.0)


@asynccontextmanager
async def notifying(database: Database, relay: FakeRelay, clock: SetClock) -> AsyncIterator[Nudge]:
    """Let the notifier work, until left."""
    out = SmtpRelay(RelaySettings(host="127.0.0.1", port=relay.port, tls="none"))
    context, nudge = a_context(database, clock, out), Nudge()
    task = asyncio.create_task(work("w", context, Pace(poll_seconds=0.02), nudge))
    try:
        yield nudge
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await out.close()
        await context.webhook.close()


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something holds, at most ten seconds."""
    async with asyncio.timeout(10):
        while not await true():  # noqa: ASYNC110  the database has no event to wait for
            await asyncio.sleep(0.01)
