"""One webhook stream from claim to cursor: tell an endpoint what happened, in order.

A stream is one endpoint's view of one conversation. Its events are posted one after the other;
the first that is not taken stops the stream until it is tried again, so that event 5 is never
heard before 4. At least once: a process that dies after the endpoint's 2xx tells it again, with
the same event id.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from core.clock import Clock
from core.model.shapes import with_base
from core.model.webhook import WebhookAttempt, WebhookEndpoint, WebhookEvent
from core.moment import Moment
from core.observe import Event, logger
from core.store import apps, webhooks
from core.store.database import Database, Session
from notifier.scheduling.retry import Expired, next_call
from notifier.transports.webhook import Answer, Delivered, Gone, Retry, Webhook, WebhookCall

_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Switchboard:
    """What telling endpoints needs."""

    database: Database
    webhook: Webhook
    public_url: str
    clock: Clock
    jitter: Callable[[], float]


@dataclass(frozen=True, slots=True)
class StreamClaim:
    """A stream that is ours for a while: its key and its fence."""

    app_id: str
    endpoint_id: str
    conversation_id: str
    fence: int


@dataclass(frozen=True, slots=True)
class _Story:
    """What an endpoint has yet to hear."""

    endpoint: WebhookEndpoint
    secret: str
    failures: int
    next_seq: int
    events: list[WebhookEvent]


async def tell(claim: StreamClaim, at: Switchboard) -> None:
    """Tell one endpoint what it has not heard of one conversation, as far as it listens."""
    story = await at.database.read(partial(_load, claim=claim))
    if story is None:
        return
    seq, failures = story.next_seq, story.failures
    for event in story.events:
        if _wanted(story.endpoint, event):
            answer = await at.webhook.send(_call(event, story, at))
            _log(claim, event, answer)
            if not isinstance(answer, Delivered):
                await at.database.write(
                    partial(
                        _not_taken,
                        claim=claim,
                        at=at,
                        told=(seq, event),
                        answer=answer,
                        failures=failures + 1,
                    )
                )
                return
            await at.database.write(partial(_note, claim=claim, event=event, answer=answer, at=at))
            failures = 0
        seq = event.seq + 1
    now = at.clock.now()
    await at.database.write(
        lambda session: webhooks.advance(session, _key(claim), claim.fence, seq, now)
    )


def _load(session: Session, claim: StreamClaim) -> _Story | None:
    endpoint = webhooks.endpoint(session, claim.app_id, claim.endpoint_id)
    stream = webhooks.stream(session, *_key(claim))
    secret = apps.webhook_secret(session, claim.app_id)
    if endpoint is None or stream is None or stream.claims != claim.fence:
        return None
    if endpoint.disabled_at is not None or secret is None:
        return None
    events = webhooks.events_from(
        session, claim.app_id, claim.conversation_id, stream.next_seq, _AT_ONCE
    )
    return _Story(endpoint, secret, stream.failures, stream.next_seq, events)


def _key(claim: StreamClaim) -> tuple[str, str, str]:
    return claim.app_id, claim.endpoint_id, claim.conversation_id


def _wanted(endpoint: WebhookEndpoint, event: WebhookEvent) -> bool:
    return endpoint.events is None or event.type in endpoint.events


def _call(event: WebhookEvent, story: _Story, at: Switchboard) -> WebhookCall:
    """Return the envelope of talkjs-spec, 3.4, in its exact octets."""
    envelope = {
        "id": event.id,
        "createdAt": event.created_at,
        "type": event.type,
        "data": with_base(event.data, at.public_url),
    }
    body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
    return WebhookCall(story.endpoint.url, body, story.secret, event.id, at.clock.now())


def _note(
    session: Session, claim: StreamClaim, event: WebhookEvent, answer: Answer, at: Switchboard
) -> None:
    """Write a try down, and the cursor past an event that was taken."""
    now = at.clock.now()
    webhooks.add_attempt(
        session,
        WebhookAttempt(
            app_id=claim.app_id,
            endpoint_id=claim.endpoint_id,
            event_id=event.id,
            number=claim.fence,
            outcome=type(answer).__name__.lower(),
            status=answer.status,
            detail=answer.excerpt,
            ended_at=now,
        ),
    )
    if isinstance(answer, Delivered):
        webhooks.taken(session, _key(claim), claim.fence, event.seq + 1)


def _not_taken(
    session: Session,
    claim: StreamClaim,
    at: Switchboard,
    told: tuple[int, WebhookEvent],
    answer: Answer,
    failures: int,
) -> None:
    """Stop the stream before an event: until it is tried again, or for good."""
    now = at.clock.now()
    _note(session, claim, told[1], answer, at)
    if isinstance(answer, Gone):
        webhooks.silence(session, claim.app_id, claim.endpoint_id, now, "answered 410 Gone")
        return
    wish = answer.after if isinstance(answer, Retry) else None
    again: Moment | Expired = next_call(failures, now, at.jitter(), wish)
    if isinstance(again, Expired):
        reason = "failed for three days"
        webhooks.silence(session, claim.app_id, claim.endpoint_id, now, reason)
    else:
        webhooks.postpone(session, _key(claim), claim.fence, told[0], again)


def _log(claim: StreamClaim, event: WebhookEvent, answer: Answer) -> None:
    logger().info(
        Event.WEBHOOK_ENDED,
        app=claim.app_id,
        endpoint=claim.endpoint_id,
        event_id=event.id,  # "event" is the name of the line itself
        outcome=type(answer).__name__,
        status=answer.status,
    )
