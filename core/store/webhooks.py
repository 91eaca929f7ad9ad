"""Webhooks: endpoints, what they are told of the log of changes, and a cursor for each of both.

A cursor is one endpoint's place in one conversation's log.
"""

from sqlalchemy import Update, bindparam, func, literal, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from core.model.change import Change
from core.model.webhook import WebhookAttempt, WebhookEndpoint, WebhookEvent, WebhookStream
from core.moment import Moment
from core.store.engine.dialect import flushed, shard_for, table_of
from core.store.engine.due import Work
from core.store.engine.prepared import Prepared

WORK = Work(
    "webhook_stream", ("app_id", "endpoint_id", "conversation_id"), "next_attempt_at", "claims"
)

_CHANGE, _ENDPOINT, _STREAM = (
    table_of(Change),
    table_of(WebhookEndpoint),
    table_of(WebhookStream),
)
_OF_APP = _ENDPOINT.c.app_id == bindparam("a")
_LISTENS = _OF_APP & _ENDPOINT.c.disabled_at.is_(None)
# Of the app "a": for whatever asks about more at once. A disabled endpoint counts, too.
HAS_ENDPOINT = core_select(core_select(_ENDPOINT.c.id).where(_OF_APP).exists()).scalar_subquery()
_ASK_FOR_ENDPOINT = Prepared(core_select(HAS_ENDPOINT))
_TOLD = _CHANGE.c.data.is_not(None)

# A cursor is made by its first event and woken by every event that finds it idle.
_WAKE = Prepared(
    lambda insert: (
        insert(_STREAM)
        .from_select(
            [
                "app_id",
                "endpoint_id",
                "conversation_id",
                "next_number",
                "next_attempt_at",
                "failures",
                "claims",
                "shard",
            ],
            core_select(
                _ENDPOINT.c.app_id,
                _ENDPOINT.c.id,
                bindparam("c", type_=_STREAM.c.conversation_id.type),
                bindparam("n", type_=_STREAM.c.next_number.type),
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


def has_endpoint(session: Session, app_id: str) -> bool:
    """Tell whether anybody may ever be told what happens in an app now.

    A disabled endpoint counts: enabled again, it goes on where it was.
    """
    row = _ASK_FOR_ENDPOINT.row(session, {"a": app_id})
    return row is not None and bool(row[0])


def wake(session: Session, change: Change) -> None:
    """Make due the cursors of all who listen, at a change that was just written down."""
    given = {
        "a": change.app_id,
        "c": change.conversation_id,
        "n": change.number,
        "now": change.at,
        "shard": shard_for(session, change.app_id, change.conversation_id),
    }
    _WAKE.run(session, given)


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
    session: Session, app_id: str, conversation_id: str, number: int, limit: int
) -> list[WebhookEvent]:
    """Return what there is to tell of a conversation from a number on, in order."""
    statement = (
        core_select(
            _CHANGE.c.number, _CHANGE.c.event_id, _CHANGE.c.kind, _CHANGE.c.data, _CHANGE.c.at
        )
        .where(
            _CHANGE.c.app_id == app_id,
            _CHANGE.c.conversation_id == conversation_id,
            _CHANGE.c.number >= number,
            _TOLD,
        )
        .order_by(_CHANGE.c.number)
        .limit(limit)
    )
    return [
        WebhookEvent(at_number, event_id, kind, data, at)
        for at_number, event_id, kind, data, at in flushed(session).execute(statement)
    ]


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
        core_select(_CHANGE.c.number)
        .where(
            _CHANGE.c.app_id == app_id,
            _CHANGE.c.conversation_id == _STREAM.c.conversation_id,
            _CHANGE.c.number >= _STREAM.c.next_number,
            _TOLD,
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
    session: Session, key: tuple[str, str, str], fence: int, next_number: int, until: Moment
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
    moved = _claimed(key, fence).values(next_number=next_number, failures=0, next_attempt_at=until)
    return int(flushed(session).execute(moved).rowcount) == 1


def advance(
    session: Session, key: tuple[str, str, str], fence: int, next_number: int, now: Moment
) -> None:
    """Give a claimed cursor back: due at once if there is more to tell, else idle.

    The row is locked by a statement of its own first: an event being added meanwhile has then
    either been committed, and is seen below, or waits and finds the cursor idle.
    """
    found = session.get(WebhookStream, key, populate_existing=True, with_for_update=True)
    if found is None or found.claims != fence:
        return
    more = events_from(session, key[0], key[2], next_number, 1)
    found.next_number, found.failures, found.claimed_by = next_number, 0, None
    found.next_attempt_at = now if more else None
    session.add(found)


def postpone(
    session: Session, key: tuple[str, str, str], fence: int, next_number: int, until: Moment
) -> None:
    """Give a claimed cursor back, to be tried again later."""
    flushed(session).execute(
        _claimed(key, fence).values(
            next_number=next_number,
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
