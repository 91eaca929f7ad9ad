"""An app hears of what happens: signed as TalkJS signs, in order, each event under one id."""

import hmac
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest

from core.client.reach import in_process
from core.clock import SetClock
from core.moment import HOUR, MINUTE, SECOND
from core.nudge import Nudge
from core.store import apps, webhooks
from core.store.database import Database
from gateway.context import Context
from gateway.http.asgi import build
from gateway.smtp.handler import MailHandler
from gateway.smtp.listener import Listening, listening
from tests.faults.peer import offer
from tests.support import stored
from tests.support.fake_endpoint import Called, FakeEndpoint
from tests.support.fake_relay import FakeRelay
from tests.support.notifying import KEYS, notifying, until
from tests.support.people import APP, NOW, ROOM, a_conversation, says


@pytest.fixture
async def endpoint(database: Database, clock: SetClock) -> AsyncIterator[FakeEndpoint]:
    """Run an endpoint that the app of Ann and Bo has asked us to tell everything."""
    clock.moment = NOW
    await database.write(lambda session: a_conversation(session, "ann", "bo"))
    context = Context(database, clock, KEYS, "http://n.test", "reply.test")
    async with FakeEndpoint() as running, in_process(build(context, admin=True)) as admin:
        asked = await admin.post(f"/v1/{APP}/webhooks", json={"url": running.url})
        assert asked.is_success
        yield running


async def _secret(database: Database) -> bytes:
    (key,) = await database.read(lambda session: apps.keys(session, APP))
    return key.secret.encode()


async def _failures(database: Database, clock: SetClock) -> tuple[int, int | None]:
    """Return how often in a row the endpoint has failed, and how long until the next try."""

    def look(session: Any) -> tuple[int, int | None]:
        (one,) = webhooks.endpoints(session, APP)
        stream = webhooks.stream(session, APP, one.id, ROOM)
        if stream is None or stream.claimed_by is not None or stream.next_attempt_at is None:
            return 0, None
        return stream.failures, stream.next_attempt_at - clock.now()

    return await database.read(look)


async def _all_is_told(database: Database) -> bool:
    """Tell whether nothing waits to be told, and nobody is telling."""

    def look(session: Any) -> bool:
        (one,) = webhooks.endpoints(session, APP)
        return not stored.waking_streams(session, APP, one.id)

    return await database.read(look)


def _is_signed(call: Called, secret: bytes) -> bool:
    """Check as TalkJS documents it: HMAC-SHA256 over time, dot, body; upper-case hexadecimal."""
    signed = call.headers["x-talkjs-timestamp"].encode() + b"." + call.body
    return call.headers["x-talkjs-signature"] == hmac.digest(secret, signed, "sha256").hex().upper()


async def _replies(database: Database, clock: SetClock, nudge: Nudge, text: str) -> None:
    """Let Bo answer by mail."""
    context = Context(database, clock, KEYS, "http://n.test", "reply.test", nudge=nudge)
    async with in_process(build(context, admin=True)) as admin:
        told = await admin.get(f"/v1/{APP}/conversations/{ROOM}/participants/bo/email")
    async with listening(Listening(), MailHandler(context)) as listener:
        heard = await offer(listener.port, told.json()["emailAddress"], text, text)
    assert heard.startswith("250")


async def test_a_reply_by_mail_is_told(
    database: Database, clock: SetClock, endpoint: FakeEndpoint
) -> None:
    """The message, the decision to notify Ann, and her mail: three events in this order."""
    async with FakeRelay() as relay, notifying(database, relay, clock) as nudge:
        await _replies(database, clock, nudge, "Yes!")
        calls = [await endpoint.next_call()]
        await until(partial(_all_is_told, database))  # else the clock outruns the lease of the call
        clock.move(2 * MINUTE)
        nudge()
        calls += [await endpoint.next_call(), await endpoint.next_call()]
    sent, triggered, mailed = (call.json for call in calls)
    secret = await _secret(database)

    assert [call.json["type"] for call in calls] == [
        "message.sent", "notification.triggered", "notification.sent"
    ]  # fmt: skip
    assert all(_is_signed(call, secret) for call in calls)
    assert (sent["data"]["message"]["text"], sent["data"]["message"]["origin"]) == ("Yes!", "email")
    assert sent["data"]["sender"]["id"] == "bo"
    assert sent["data"]["conversation"]["id"] == ROOM
    assert triggered["data"]["recipient"]["email"] == ["ann@example.net"]
    assert [one["text"] for one in triggered["data"]["messages"]] == ["Yes!"]
    assert mailed["data"]["notificationId"] == triggered["data"]["notificationId"]
    assert mailed["data"]["address"] == "ann@example.net"
    assert len({call.json["id"] for call in calls}) == 3


async def test_order_is_kept_while_an_endpoint_fails(
    database: Database, clock: SetClock, endpoint: FakeEndpoint
) -> None:
    """What is not taken is told again under its id, and nothing later is told before it."""
    endpoint.answer(500)
    endpoint.answer(500)
    async with FakeRelay() as relay, notifying(database, relay, clock) as nudge:
        for text in ("one", "two", "three"):
            await database.write(partial(says, sender="ann", text=text, now=NOW))
        nudge()
        for failures in (1, 2):

            async def put_off(failures: int = failures) -> bool:
                return (await _failures(database, clock))[0] == failures

            await until(put_off)
            clock.move(HOUR)
            nudge()
        calls = [await endpoint.next_call() for _ in range(5)]
    ids = [call.json["id"] for call in calls]
    secret = await _secret(database)

    texts = [call.json["data"]["message"]["text"] for call in calls]
    assert texts == ["one", "one", "one", "two", "three"]
    assert len(set(ids[:3])) == 1
    assert len(set(ids)) == 3
    assert all(_is_signed(call, secret) for call in calls)


async def test_a_success_forgives_what_failed_before(
    database: Database, clock: SetClock, endpoint: FakeEndpoint
) -> None:
    """After an event that was taken, the next that is not is tried again as soon as the first."""
    for status in (500, 500, 200, 500):
        endpoint.answer(status)
    async with FakeRelay() as relay, notifying(database, relay, clock) as nudge:
        for text in ("one", "two"):
            await database.write(partial(says, sender="ann", text=text, now=NOW))
        waits: list[tuple[int, int | None]] = []
        for calls in (1, 2, 4):

            async def put_off(calls: int = calls) -> bool:
                found = await _failures(database, clock)
                there = len(endpoint.calls) == calls and found[0] > 0
                if there:
                    waits.append(found)
                return there

            await until(put_off)
            clock.move(waits[-1][1] or 0)
            nudge()

    assert waits == [(1, 5 * SECOND), (2, 5 * MINUTE), (1, 5 * SECOND)]
