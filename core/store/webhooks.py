"""Webhooks: endpoints, the event log, and a cursor per endpoint and conversation."""

from sqlalchemy import Update, bindparam, func, insert, literal, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from core.model.webhook import WebhookAttempt, WebhookEndpoint, WebhookEvent, WebhookStream
from core.moment import Moment
from core.store.engine.dialect import flushed, shard_for, table_of
from core.store.engine.due import Work
from core.store.engine.prepared import Prepared

WORK = Work(
    "webhook_stream",
    ("app_id", "endpoint_id", "conversation_id"),
    "next_attempt_at",
    "claims",
    "endpoint_id",
)

_EVENT, _ENDPOINT, _STREAM = (
    table_of(WebhookEvent),
    table_of(WebhookEndpoint),
    table_of(WebhookStream),
)
_APPEND = insert(_EVENT)
_LISTENS = (_ENDPOINT.c.app_id == bindparam("a")) & _ENDPOINT.c.disabled_at.is_(None)
_HAS_LISTENER = Prepared(core_select(_ENDPOINT.c.id).where(_LISTENS).limit(1))

# A stream is made by its first event and woken by every event that finds it idle.
_WAKE = Prepared(
    lambda insert: (
        insert(_STREAM)
        .from_select(
            [
                "app_id",
                "endpoint_id",
                "conversation_id",
                "next_seq",
                "next_attempt_at",
                "failures",
                "claims",
                "shard",
            ],
            core_select(
                _ENDPOINT.c.app_id,
                _ENDPOINT.c.id,
                bindparam("c", type_=_STREAM.c.conversation_id.type),
                bindparam("seq", type_=_STREAM.c.next_seq.type),
                bindparam("now", type_=_STREAM.c.next_attempt_at.type),
                literal(0),
                literal(0),
                bindparam("shard", type_=_STREAM.c.shard.type),
            ).where(_LISTENS),
        )
        .on_conflict_do_update(
            index_elements=["app_id", "endpoint_id", "conversation_id"],
            set_={"next_attempt_at": bindparam("now", type_=_STREAM.c.next_attempt_at.type)},
            where=_STREAM.c.next_attempt_at.is_(None),
        )
    )
)


def anyone_listens(session: Session, app_id: str) -> bool:
    """Tell whether an app has a living endpoint."""
    return _HAS_LISTENER.row(session, {"a": app_id}) is not None


def append(session: Session, event: WebhookEvent) -> None:
    """Add an event to the log and wake everyone who listens."""
    flushed(session).execute(_APPEND, event.model_dump())
    given = {
        "a": event.app_id,
        "c": event.conversation_id,
        "seq": event.seq,
        "now": event.created_at,
        "shard": shard_for(session, event.app_id, event.conversation_id),
    }
    _WAKE.run(session, given)


def last_number(session: Session, app_id: str, conversation_id: str) -> int:
    """Return the highest number that listeners were told of under a conversation's id, or 0."""
    logged = select(func.max(WebhookEvent.seq)).where(
        WebhookEvent.app_id == app_id, WebhookEvent.conversation_id == conversation_id
    )
    told = select(func.max(WebhookStream.next_seq)).where(
        WebhookStream.app_id == app_id, WebhookStream.conversation_id == conversation_id
    )
    return max(session.exec(logged).one() or 0, (session.exec(told).one() or 1) - 1)


def endpoints(session: Session, app_id: str) -> list[WebhookEndpoint]:
    """Return an app's endpoints, oldest first."""
    statement = select(WebhookEndpoint).where(WebhookEndpoint.app_id == app_id)
    return list(session.exec(statement.order_by(col(WebhookEndpoint.created_at))))


def endpoint(session: Session, app_id: str, endpoint_id: str) -> WebhookEndpoint | None:
    """Return an endpoint."""
    return session.get(WebhookEndpoint, (app_id, endpoint_id))


def stream(
    session: Session, app_id: str, endpoint_id: str, conversation_id: str
) -> WebhookStream | None:
    """Return a cursor, as it is now."""
    key = (app_id, endpoint_id, conversation_id)
    return session.get(WebhookStream, key, populate_existing=True)


def events_from(
    session: Session, app_id: str, conversation_id: str, seq: int, limit: int
) -> list[WebhookEvent]:
    """Return the events of a conversation from a number on, in order."""
    statement = (
        select(WebhookEvent)
        .where(
            WebhookEvent.app_id == app_id,
            WebhookEvent.conversation_id == conversation_id,
            WebhookEvent.seq >= seq,
        )
        .order_by(col(WebhookEvent.seq))
        .limit(limit)
    )
    return list(session.exec(statement))


def add_attempt(session: Session, attempt: WebhookAttempt) -> None:
    """Keep what became of one call."""
    session.merge(attempt)


def attempts(session: Session, app_id: str, endpoint_id: str) -> list[WebhookAttempt]:
    """Return the calls of an endpoint, oldest first."""
    statement = select(WebhookAttempt).where(
        WebhookAttempt.app_id == app_id, WebhookAttempt.endpoint_id == endpoint_id
    )
    order = col(WebhookAttempt.ended_at), col(WebhookAttempt.number), col(WebhookAttempt.event_id)
    return list(session.exec(statement.order_by(*order)))


def silence(session: Session, app_id: str, endpoint_id: str, now: Moment, reason: str) -> None:
    """Disable an endpoint and let its cursors rest where they are, out of anybody's hands."""
    flushed(session).execute(
        update(_ENDPOINT)
        .where(_ENDPOINT.c.app_id == app_id, _ENDPOINT.c.id == endpoint_id)
        .values(disabled_at=now, disabled_reason=reason)
    )
    flushed(session).execute(
        update(_STREAM)
        .where(_STREAM.c.app_id == app_id, _STREAM.c.endpoint_id == endpoint_id)
        .values(next_attempt_at=None, claimed_by=None, claims=_STREAM.c.claims + 1)
    )


def listen_again(session: Session, app_id: str, endpoint_id: str, now: Moment) -> None:
    """Enable an endpoint: each of its cursors goes on where it was, now if there is more."""
    flushed(session).execute(
        update(_ENDPOINT)
        .where(_ENDPOINT.c.app_id == app_id, _ENDPOINT.c.id == endpoint_id)
        .values(disabled_at=None, disabled_reason=None, failing_since=None)
    )
    more = (
        core_select(_EVENT.c.seq)
        .where(
            _EVENT.c.app_id == app_id,
            _EVENT.c.conversation_id == _STREAM.c.conversation_id,
            _EVENT.c.seq >= _STREAM.c.next_seq,
        )
        .exists()
    )
    flushed(session).execute(
        update(_STREAM)
        .where(_STREAM.c.app_id == app_id, _STREAM.c.endpoint_id == endpoint_id, more)
        .values(next_attempt_at=now, claimed_by=None, failures=0, claims=_STREAM.c.claims + 1)
    )


def failed(session: Session, app_id: str, endpoint_id: str, now: Moment) -> Moment:
    """Note that an endpoint did not take something; return since when it has taken nothing."""
    since = func.coalesce(_ENDPOINT.c.failing_since, now)
    found = flushed(session).scalar(
        update(_ENDPOINT)
        .where(_ENDPOINT.c.app_id == app_id, _ENDPOINT.c.id == endpoint_id)
        .values(failing_since=since)
        .returning(_ENDPOINT.c.failing_since)
    )
    return now if found is None else int(found)


def held(session: Session, key: tuple[str, str, str], fence: int) -> bool:
    """Tell whether a claim is still ours, and keep it so to the end of the transaction."""
    found = session.get(WebhookStream, key, populate_existing=True, with_for_update=True)
    return found is not None and found.claims == fence


def taken(
    session: Session, key: tuple[str, str, str], fence: int, next_seq: int, until: Moment
) -> bool:
    """Move a claimed cursor past an event that was taken, and keep the claim until a moment.

    False if the claim is no longer ours: whoever has it now tells the rest. That the endpoint
    took something clears it either way.
    """
    flushed(session).execute(
        update(_ENDPOINT)
        .where(
            _ENDPOINT.c.app_id == key[0],
            _ENDPOINT.c.id == key[1],
            _ENDPOINT.c.failing_since.is_not(None),
        )
        .values(failing_since=None)
    )
    moved = _claimed(key, fence).values(next_seq=next_seq, failures=0, next_attempt_at=until)
    return int(flushed(session).execute(moved).rowcount) == 1


def advance(
    session: Session, key: tuple[str, str, str], fence: int, next_seq: int, now: Moment
) -> None:
    """Give a claimed cursor back: due at once if there is more to tell, else idle.

    The row is locked by a statement of its own first: an event being added meanwhile has then
    either been committed, and is seen below, or waits and finds the cursor idle.
    """
    found = session.get(WebhookStream, key, populate_existing=True, with_for_update=True)
    if found is None or found.claims != fence:
        return
    more = events_from(session, key[0], key[2], next_seq, 1)
    found.next_seq, found.failures, found.claimed_by = next_seq, 0, None
    found.next_attempt_at = now if more else None
    session.add(found)


def postpone(
    session: Session, key: tuple[str, str, str], fence: int, next_seq: int, until: Moment
) -> None:
    """Give a claimed cursor back, to be tried again later."""
    flushed(session).execute(
        _claimed(key, fence).values(
            next_seq=next_seq,
            next_attempt_at=until,
            failures=_STREAM.c.failures + 1,
            claimed_by=None,
        )
    )


def _claimed(key: tuple[str, str, str], fence: int) -> Update:
    """Return an update of a cursor that holds only while the claim is ours."""
    return update(_STREAM).where(
        _STREAM.c.app_id == key[0],
        _STREAM.c.endpoint_id == key[1],
        _STREAM.c.conversation_id == key[2],
        _STREAM.c.claims == fence,
    )
