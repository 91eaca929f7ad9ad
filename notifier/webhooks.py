"""One webhook's cursor, from claim to where it stands then: tell what happened, in order.

A cursor is one endpoint's place in one conversation's log. Its events are posted one after the
other; the first that is not taken stops it until it is tried again, so that event 5 is never
heard before 4. An event that is refused for three days while others are taken is stepped over,
and said to be; an endpoint that takes nothing for three days is disabled. At least once: a process
that dies after the endpoint's 2xx tells it again, with the same event id.
"""

import json
from dataclasses import dataclass
from functools import partial

from core.actions.listen import NO_KEY
from core.model.shapes import with_base
from core.model.webhook import WebhookAttempt, WebhookEndpoint, WebhookEvent
from core.moment import DAY, MINUTE, SECOND, Millis, Moment
from core.observe import Event, logger
from core.rules.telling import told_as
from core.store import apps, webhooks
from core.store.database import Session
from core.store.engine import due
from notifier.channels.webhook.call import Delivered, Gone, Retry, WebhookAnswer, WebhookCall
from notifier.context import NotifierContext
from notifier.scheduling.retry import Expired, next_call

_AT_ONCE = 20
_WITHOUT_SUCCESS: Millis = 3 * DAY
_WITHOUT_KEY: Millis = 5 * MINUTE
_SLOW: Millis = 3 * SECOND  # who takes so long holds slots as one that hangs does

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class StreamClaim:
    """A cursor that is ours for a while: its key and its fence."""

    app_id: str
    endpoint_id: str
    conversation_id: str
    fence: int

    @property
    def key(self) -> _Key:
        """The key: app, endpoint, conversation."""
        return self.app_id, self.endpoint_id, self.conversation_id


@dataclass(frozen=True, slots=True)
class _Backlog:
    """What an endpoint has yet to hear. Without a secret it cannot be told."""

    endpoint: WebhookEndpoint
    secret: str | None
    failures: int
    next_number: int
    events: list[WebhookEvent]


@dataclass(frozen=True, slots=True)
class _Call:
    """A call that was made: whose cursor, which event, what was answered, after which failures."""

    claim: StreamClaim
    event: WebhookEvent
    answer: WebhookAnswer
    failures: int


async def tell(claim: StreamClaim, at: NotifierContext, lease: Millis) -> None:
    """Tell one endpoint what it has not heard of one conversation, as far as it listens.

    The claim is good for the length of the lease, and as long again after each event taken.
    """
    backlog = await at.database.read(partial(_load, claim=claim))
    if backlog is None:
        return
    if backlog.secret is None:
        await _put_off(claim, at)
        return
    number, failures = backlog.next_number, backlog.failures
    for event in backlog.events:
        if _wanted(backlog.endpoint, event):
            began = at.clock.now()
            answer = await at.webhook.send(
                _envelope(event, backlog.endpoint.url, backlog.secret, at)
            )
            soon = answer.status is not None and at.clock.now() - began < _SLOW
            at.shares.heard((claim.app_id, claim.endpoint_id), answered_soon=soon)
            call = _Call(claim, event, answer, failures)
            _log(call)
            if not await at.database.write(partial(_written, call=call, at=at, lease=lease)):
                return
            failures = 0
        number = event.number + 1
        if at.shares.has_too_many(claim.app_id):  # the rest is due at once, behind others'
            break
    now = at.clock.now()
    await at.database.write(
        lambda session: webhooks.advance(session, claim.key, claim.fence, number, now)
    )


def _load(session: Session, claim: StreamClaim) -> _Backlog | None:
    endpoint = webhooks.endpoint(session, claim.app_id, claim.endpoint_id)
    cursor = webhooks.stream(session, *claim.key)
    if endpoint is None or cursor is None or cursor.claims != claim.fence:
        return None
    if endpoint.disabled_at is not None:
        return None
    events = webhooks.events_from(
        session, claim.app_id, claim.conversation_id, cursor.next_number, _AT_ONCE
    )
    secret = apps.webhook_secret(session, claim.app_id)
    return _Backlog(endpoint, secret, cursor.failures, cursor.next_number, events)


async def _put_off(claim: StreamClaim, at: NotifierContext) -> None:
    """Wait for a key to sign with: it is the app's to make one."""
    again = at.clock.now() + _WITHOUT_KEY
    await at.database.write(
        lambda session: due.give_back(session, webhooks.WORK, (*claim.key, claim.fence), again)
    )
    logger().warning(
        Event.WEBHOOK_ENDED, app=claim.app_id, endpoint=claim.endpoint_id, reason=NO_KEY
    )


def _wanted(endpoint: WebhookEndpoint, event: WebhookEvent) -> bool:
    return endpoint.events is None or told_as(event.kind) in endpoint.events


def _envelope(event: WebhookEvent, url: str, secret: str, at: NotifierContext) -> WebhookCall:
    """Return the envelope of talkjs-spec, 3.4, in its exact octets."""
    envelope = {
        "id": event.id,
        "createdAt": event.created_at,
        "type": told_as(event.kind),
        "data": with_base(event.data, at.identity.public_url),
    }
    body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
    return WebhookCall(url, body, secret, event.id, at.clock.now())


def _written(session: Session, call: _Call, at: NotifierContext, lease: Millis) -> bool:
    """Write down what became of a call; True if the cursor goes on, and is still ours."""
    now, claim = at.clock.now(), call.claim
    if isinstance(call.answer, Delivered):
        _note(session, call, type(call.answer).__name__.lower(), now)
        return webhooks.taken(session, claim.key, claim.fence, call.event.number + 1, now + lease)
    _note(session, call, _not_taken(session, call, at, now), now)
    return False


def _not_taken(session: Session, call: _Call, at: NotifierContext, now: Moment) -> str:
    """Stop the cursor before an event, or step over it; return what became of the event."""
    claim, outcome = call.claim, type(call.answer).__name__.lower()
    if not webhooks.held(session, claim.key, claim.fence):
        return outcome
    if isinstance(call.answer, Gone):
        webhooks.silence(session, claim.app_id, claim.endpoint_id, now, "answered 410 Gone")
        return outcome
    wish = call.answer.after if isinstance(call.answer, Retry) else None
    again: Moment | Expired = next_call(call.failures + 1, now, at.jitter(), wish)
    since = webhooks.failed(session, claim.app_id, claim.endpoint_id, now)
    if now - since >= _WITHOUT_SUCCESS:
        reason = "took nothing for three days"
        webhooks.silence(session, claim.app_id, claim.endpoint_id, now, reason)
    elif isinstance(again, Expired):
        webhooks.advance(session, claim.key, claim.fence, call.event.number + 1, now)
        return "expired"
    else:
        webhooks.postpone(session, claim.key, claim.fence, call.event.number, again)
    return outcome


def _note(session: Session, call: _Call, outcome: str, now: Moment) -> None:
    """Write a call down."""
    webhooks.add_attempt(
        session,
        WebhookAttempt(
            app_id=call.claim.app_id,
            endpoint_id=call.claim.endpoint_id,
            event_id=call.event.id,
            number=call.claim.fence,
            outcome=outcome,
            status=call.answer.status,
            detail=call.answer.excerpt,
            ended_at=now,
        ),
    )


def _log(call: _Call) -> None:
    logger().info(
        Event.WEBHOOK_ENDED,
        app=call.claim.app_id,
        endpoint=call.claim.endpoint_id,
        event_id=call.event.id,  # "event" is the name of the line itself
        outcome=type(call.answer).__name__,
        status=call.answer.status,
    )
