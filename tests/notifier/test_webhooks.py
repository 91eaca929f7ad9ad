"""What an endpoint hears of a conversation: in order, once it listens, and again until it does."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial

import pytest

from core.actions import converse, found_app, say
from core.clock import SetClock
from core.config.ways_out import WebhookSettings
from core.model.participant import Access, Notify
from core.model.webhook import WebhookAttempt, WebhookEndpoint, WebhookStream
from core.moment import DAY, MINUTE, SECOND
from core.store import apps, conversations, webhooks
from core.store.database import Database, Session
from core.store.engine import due
from notifier.channels.email.in_memory_relay import Memory
from notifier.channels.webhook.call import WebhookAnswer, WebhookCall, WebhookClient
from notifier.context import NotifierContext
from notifier.webhooks import StreamClaim, tell
from tests.support.fake_endpoint import FakeEndpoint
from tests.support.notifying import a_context
from tests.support.people import APP, NOW, ROOM, a_conversation, says

HOOK, OTHER = "whk_1", "order-2"
LEASE = 15 * MINUTE


@dataclass
class Stage:
    """An app with one endpoint, and what tells it."""

    database: Database
    clock: SetClock
    endpoint: FakeEndpoint
    at: NotifierContext

    async def say(self, *texts: str) -> None:
        """Let Ann say something."""
        for text in texts:
            await self.database.write(partial(says, sender="ann", text=text, now=NOW))

    async def claim(self) -> StreamClaim | None:
        """Claim what is due now."""
        taking = due.Taking("w", self.clock.now(), LEASE, 1)
        rows = await self.database.write(lambda s: due.claim(s, webhooks.WORK, taking))
        return StreamClaim(*rows[0]) if rows else None

    async def tell(self) -> bool:
        """Claim one stream and tell it; False if none is due."""
        claim = await self.claim()
        if claim is not None:
            await tell(claim, self.at, LEASE)
        return claim is not None

    async def stream(self) -> WebhookStream:
        """Return the cursor in the one conversation."""
        found_app = await self.database.read(lambda s: webhooks.stream(s, APP, HOOK, ROOM))
        assert found_app is not None
        return found_app

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
    webhook = WebhookClient(WebhookSettings(allow_private=True, timeout_seconds=5))
    at = a_context(database, clock, Memory(), webhook=webhook)
    await database.write(lambda session: a_conversation(session, "ann", "bo"))
    async with FakeEndpoint() as endpoint:
        await database.write(lambda session: an_endpoint(session, endpoint.url))
        yield Stage(database, clock, endpoint, at)
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


async def _elsewhere(stage: Stage) -> None:
    """Let something happen in another conversation."""

    def said(session: Session) -> None:
        if conversations.find(session, APP, OTHER) is None:
            converse.put(session, APP, OTHER, {}, NOW)
            converse.join(session, (APP, OTHER, "ann"), Access.READ_WRITE, Notify.ALL, NOW)
        say.say(session, say.Words(APP, OTHER, "ann", "elsewhere"), NOW)

    await stage.database.write(said)


async def _endpoint(stage: Stage) -> WebhookEndpoint:
    found_app = await stage.database.read(lambda s: webhooks.endpoint(s, APP, HOOK))
    assert found_app is not None
    return found_app


async def _fail_once(stage: Stage) -> None:
    """Let the next call be refused, and time pass until the one after it."""
    stage.endpoint.answer(500)
    assert await stage.tell()
    again = (await stage.stream()).next_attempt_at
    if again is not None:
        stage.clock.moment = again


async def test_an_event_that_is_never_taken_is_stepped_over(stage: Stage) -> None:
    """Its endpoint takes others, so it stays: the event is noted as expired and the next told."""
    await stage.say("poison", "two")
    for _ in range(9):
        await _fail_once(stage)
        at, stage.clock.moment = stage.clock.moment, stage.clock.moment - 1
        await _elsewhere(stage)
        await stage.tell()
        stage.clock.moment = at
    await _fail_once(stage)
    await stage.tell()

    assert stage.heard()[-2:] == ["poison", "two"]
    outcomes = [one.outcome for one in await stage.attempts() if one.outcome != "delivered"]
    assert outcomes == ["retry"] * 9 + ["expired"]
    assert (await _endpoint(stage)).disabled_at is None


async def test_three_days_without_any_success_disable(stage: Stage) -> None:
    """An endpoint that takes nothing is told no more, and says why."""
    await stage.say("one")
    for _ in range(9):
        await _fail_once(stage)
    before = await _endpoint(stage)
    await _fail_once(stage)
    disabled = await _endpoint(stage)

    assert stage.clock.now() - NOW > 3 * DAY
    assert (before.failing_since, before.disabled_at) == (NOW, None)
    assert disabled.disabled_reason == "took nothing for three days"
    assert not await stage.tell()


async def test_a_success_anywhere_clears_an_endpoint(stage: Stage) -> None:
    """What is taken in one conversation ends what began to fail in another."""
    await stage.say("one")
    await _fail_once(stage)
    failing = (await _endpoint(stage)).failing_since
    stage.clock.moment = NOW + 1
    await _elsewhere(stage)
    await stage.tell()

    assert failing == NOW
    assert (await _endpoint(stage)).failing_since is None


async def test_an_enabled_endpoint_goes_on_where_it_was(stage: Stage) -> None:
    """Nothing that waited then, or happened while nobody listened, is lost, nor told twice."""
    await stage.say("one")
    await stage.tell()
    await stage.say("two")
    await stage.database.write(lambda s: webhooks.silence(s, APP, HOOK, NOW, "by hand"))
    await stage.say("three")
    while_disabled = await stage.tell()
    await stage.database.write(lambda s: webhooks.listen_again(s, APP, HOOK, NOW))
    await stage.tell()

    assert not while_disabled
    assert stage.heard() == ["one", "two", "three"]


async def test_gone_is_taken_at_its_word(stage: Stage) -> None:
    """A 410 disables the endpoint at once (RFC 9110, 15.5.11)."""
    stage.endpoint.answer(410)
    await stage.say("one", "two")
    await stage.tell()

    assert stage.heard() == ["one"]
    assert (await _endpoint(stage)).disabled_reason == "answered 410 Gone"
    assert not await stage.tell()


class Meanwhile(WebhookClient):
    """Calls endpoints, and lets something happen before each call."""

    def __init__(self, happens: Callable[[], Awaitable[object]]) -> None:
        """Let this happen."""
        super().__init__(WebhookSettings(allow_private=True, timeout_seconds=5))
        self._happens = happens

    async def send(self, call: WebhookCall) -> WebhookAnswer:
        """Let it happen, then call."""
        await self._happens()
        return await super().send(call)


async def test_who_has_lost_the_claim_tells_no_more(stage: Stage) -> None:
    """When another has taken the stream over, the rest is that one's to tell."""
    await stage.say("one", "two")

    async def another_claims() -> None:
        stage.clock.move(LEASE)
        assert await stage.claim() is not None

    stage.at = replace(stage.at, webhook=Meanwhile(another_claims))
    await stage.tell()
    await stage.at.webhook.close()

    assert stage.heard() == ["one"]


async def test_the_claim_grows_with_each_event(stage: Stage) -> None:
    """However many events there are, and however long each takes, each has the whole lease."""
    await stage.say("one", "two", "three")
    left: list[int] = []

    async def time_passes() -> None:
        left.append(((await stage.stream()).next_attempt_at or 0) - stage.clock.now())
        stage.clock.move(LEASE - SECOND)

    stage.at = replace(stage.at, webhook=Meanwhile(time_passes))
    await stage.tell()
    await stage.at.webhook.close()

    assert left == [LEASE, LEASE, LEASE]
    assert stage.heard() == ["one", "two", "three"]
    # Who takes so long holds a slot as one that hangs does: it shall not hold many.
    assert [stage.at.shares.take((APP, HOOK)) for _ in range(2)] == [True, False]


async def test_without_a_key_it_waits_for_one(stage: Stage) -> None:
    """Nothing is told unsigned, and nothing is lost: a new key signs what has waited."""
    (key,) = await stage.database.read(lambda s: apps.keys(s, APP))
    await stage.database.write(lambda s: apps.revoke_key(s, s.merge(key), NOW))
    await stage.say("one")
    await stage.tell()
    before = stage.heard()
    await stage.database.write(lambda s: found_app.add_key(s, APP, "", NOW).id)
    at_once = await stage.tell()
    stage.clock.move(5 * MINUTE)
    await stage.tell()

    assert (before, at_once) == ([], False)
    assert stage.heard() == ["one"]
    assert (await _endpoint(stage)).failing_since is None
