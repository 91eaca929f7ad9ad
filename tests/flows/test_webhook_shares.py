"""Who waits for whom, where two apps are told what happens? Neither for the other's endpoints."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from core.actions import converse, found_app, say
from core.clock import SetClock
from core.config.ways_out import WebhookSettings
from core.model.app import App
from core.model.participant import Access, Notify
from core.model.user import User
from core.model.webhook import WebhookEndpoint
from core.moment import MINUTE
from core.nudge import Nudge
from core.store import webhooks
from core.store.database import Database, Session
from core.store.engine import due
from notifier.channels.email.in_memory_relay import Memory
from notifier.channels.webhook.call import WebhookAnswer, WebhookCall, WebhookClient
from notifier.context import NotifierContext
from notifier.queue.pool import Pace
from notifier.webhooks import StreamClaim, tell
from notifier.worker import work
from tests.support.fake_endpoint import FakeEndpoint
from tests.support.notifying import a_context, until
from tests.support.people import NOW

LOUD, QUIET = "loud", "quiet"
_ENDPOINTS = 60
_QUIET_ROOMS = 12
_AT_ONCE = 48


def _an_app(session: Session, name: str, rooms: int) -> None:
    """Found an app with one user, in so many conversations."""
    found_app.found_app(session, App(app_id=name, number=0, name=name, created_at=NOW), NOW)
    session.add(User(app_id=name, id="ann", name="Ann", created_at=NOW))
    session.flush()
    for n in range(rooms):
        converse.put(session, name, f"c{n}", {}, NOW)
        converse.join(session, (name, f"c{n}", "ann"), Access.READ_WRITE, Notify.ALL, NOW)


def _listens(session: Session, app: str, endpoint: str, url: str) -> None:
    session.add(WebhookEndpoint(app_id=app, id=endpoint, url=url, created_at=NOW))
    session.flush()


def _said(session: Session, app: str, rooms: int, now: int = NOW) -> None:
    for n in range(rooms):
        say.say(session, say.Words(app, f"c{n}", "ann", "Hello"), now)


@asynccontextmanager
async def _telling(
    database: Database, clock: SetClock, webhook: WebhookClient
) -> AsyncIterator[NotifierContext]:
    """Let the notifier work until left."""
    at = a_context(database, clock, Memory(), webhook=webhook)
    task = asyncio.create_task(work("w", at, Pace(poll_seconds=0.02), Nudge()))
    try:
        yield at
    finally:
        await webhook.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("known", [False, True], ids=["new endpoints", "that hung before"])
async def test_sixty_endpoints_of_one_app_that_hang_keep_no_other_app_waiting(
    database: Database, clock: SetClock, *, known: bool
) -> None:
    """Theirs was owed first, and none of their calls ends: the other is told all of it meanwhile.

    Of the endpoints that have hung before, those of another app are tried, too.
    """
    clock.moment = NOW + MINUTE
    webhook = WebhookClient(WebhookSettings(allow_private=True, timeout_seconds=60))
    async with FakeEndpoint() as hanging, FakeEndpoint() as healthy:
        for _ in range(_ENDPOINTS * 4):
            hanging.fall_silent()

        def begin(session: Session) -> None:
            _an_app(session, LOUD, 4)
            _an_app(session, QUIET, _QUIET_ROOMS)
            for n in range(_ENDPOINTS):
                _listens(session, LOUD, f"loud-{n:02}", hanging.url)
            _listens(session, QUIET, "quiet", healthy.url)
            _said(session, LOUD, 4)
            _said(session, QUIET, _QUIET_ROOMS, NOW + 1)

        most = _AT_ONCE // 4 if known else _AT_ONCE // 2

        async def told() -> bool:
            return len(healthy.calls) == _QUIET_ROOMS and len(hanging.calls) >= most

        await database.write(begin)
        async with _telling(database, clock, webhook) as at:
            names = [(LOUD, f"loud-{n:02}") for n in range(_ENDPOINTS)] if known else []
            for key in (*names, *([(QUIET, "quiet")] if known else [])):
                at.shares.heard(key, answered_soon=False)
            await until(told)

    assert len(hanging.calls) == most
    assert {call.json["data"]["message"]["text"] for call in healthy.calls} == {"Hello"}


class _Meanwhile(WebhookClient):
    """Calls endpoints; during each call another app takes two slots."""

    at: NotifierContext

    async def send(self, call: WebhookCall) -> WebhookAnswer:
        """Take them, then call."""
        for _ in range(2):
            assert self.at.shares.take((QUIET, "quiet"))
        return await super().send(call)


async def test_an_app_that_has_too_much_makes_room_between_two_events(
    database: Database, clock: SetClock
) -> None:
    """Another has come meanwhile: the slot goes back, and what is left to tell is due at once."""
    clock.moment = NOW
    webhook = _Meanwhile(WebhookSettings(allow_private=True))
    at = webhook.at = a_context(database, clock, Memory(), webhook=webhook)
    async with FakeEndpoint() as endpoint:
        await database.write(partial(_an_app, name=LOUD, rooms=1))
        await database.write(lambda s: _listens(s, LOUD, "loud", endpoint.url))
        for _ in range(3):
            await database.write(partial(_said, app=LOUD, rooms=1))
        held = sum(at.shares.take((LOUD, f"loud-{n}")) for n in range(_AT_ONCE))
        taking = due.Taking("w", NOW, MINUTE, 1)
        (row,) = await database.write(lambda s: due.claim(s, webhooks.WORK, taking))
        await tell(StreamClaim(*row), at, MINUTE)
        await webhook.close()
    stream = await database.read(lambda s: webhooks.stream(s, LOUD, "loud", "c0"))

    assert held == _AT_ONCE // 2
    assert len(endpoint.calls) == 1
    assert stream is not None
    assert (stream.next_attempt_at, stream.claimed_by) == (NOW, None)
