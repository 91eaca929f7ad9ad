"""A database of before the log of changes: what was told and what was not goes on as it was."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlmodel import select

from core.actions import converse, listen, people
from core.model.change import ChangeKind
from core.model.delivery import Delivery, State
from core.model.tables import metadata
from core.model.webhook import WebhookEvent, WebhookStream
from core.store import changes, conversations, deliveries, webhooks
from core.store.database import Database, Session
from core.store.engine import schema
from tests.support.people import APP, NOW, ROOM, a_user, an_app

_EVENT = (
    "INSERT INTO webhook_event (app_id, conversation_id, seq, id, type, data, created_at) "
    "VALUES ('demo', '{}', {}, '{}', '{}', '{{\"n\": 1}}', 1700000000000)"
)
_ENDPOINT = (
    "INSERT INTO webhook_endpoint (app_id, id, url, created_at, disabled_at) "
    "VALUES ('demo', '{}', 'http://x', 1, {})"
)
_CURSOR = (
    "INSERT INTO webhook_stream (app_id, endpoint_id, conversation_id, "
    "next_seq, next_attempt_at, failures, claims, claimed_by, shard) "
    "VALUES ('demo', '{}', '{}', {}, {}, {}, {}, {}, 0)"
)
_OLD = (
    (
        "INSERT INTO conversation (app_id, id, custom, created_at, seq) "
        "VALUES ('demo', 'order-1', '{}', 1, 7)"
    ),
    _EVENT.format(ROOM, 7, "evt_1", "message.updated"),
    _EVENT.format("user/bo", 2, "evt_2", "user.updated"),
    _EVENT.format("gone", 4, "evt_3", "conversation.deleted"),
    _ENDPOINT.format("whk", "NULL"),
    _ENDPOINT.format("off", 5),
    _CURSOR.format("whk", ROOM, 6, "NULL", 0, 0, "NULL"),
    _CURSOR.format("whk", "gone", 4, 8, 0, 3, "'w1'"),
    _CURSOR.format("whk", "user/bo", 2, 9, 4, 5, "NULL"),
    _CURSOR.format("off", ROOM, 7, "NULL", 0, 2, "NULL"),
)


def _to(session: Session, revision: str) -> None:
    config = schema.scripts()
    config.attributes["connection"] = session.connection()
    (command.upgrade if revision == "head" else command.downgrade)(config, revision)


def _of_before(session: Session) -> None:
    """Make the tables as they were, with something in them."""
    connection = session.connection()
    metadata().drop_all(connection)
    connection.execute(text("DROP TABLE alembic_version"))
    schema.run_scripts(connection)
    an_app(session)  # as apps are now: what they have more goes with what is undone
    session.flush()
    _to(session, "0012")
    for statement in _OLD:
        connection.exec_driver_sql(statement)


def _told(session: Session) -> tuple[list[WebhookEvent], int]:
    stream = webhooks.stream(session, APP, "whk", ROOM)
    assert stream is not None
    return webhooks.events_from(session, APP, ROOM, 1, 9), stream.next_number


@pytest.mark.own_database
async def test_events_and_cursors_are_taken_over(database: Database) -> None:
    """What was logged keeps number and id, a cursor its place, and no number comes twice."""
    await database.write(_of_before)
    await database.write(lambda session: _to(session, "head"))
    events, place = await database.read(_told)
    await database.write(lambda session: _to(session, "0012"))
    await database.write(lambda session: _to(session, "head"))
    again = await database.read(_told)
    taken = await database.write(lambda s: conversations.take_to_speak(s, APP, ROOM, NOW))

    assert events == [WebhookEvent(7, "evt_1", ChangeKind.MESSAGE_EDITED, {"n": 1}, NOW)]
    assert (events, place) == again == (events, 6)
    assert taken == (8, 8)
    assert await database.read(lambda s: changes.last_number(s, APP, ROOM)) == 7


def _cursors(session: Session) -> dict[tuple[str, str], tuple[object, ...]]:
    """Return each cursor's place, when it is due, its failures, its claims and whose it is."""
    found = session.exec(select(WebhookStream)).all()
    return {
        (one.endpoint_id, one.conversation_id): (
            one.next_number, one.next_attempt_at, one.failures, one.claims, one.claimed_by
        )
        for one in found
    }  # fmt: skip


@pytest.mark.own_database
async def test_what_is_under_way_goes_on_as_it_was(database: Database) -> None:
    """A cursor that is claimed stays so, one that fails is tried again when it would have been."""
    await database.write(_of_before)
    await database.write(lambda session: _to(session, "head"))

    assert await database.read(_cursors) == {
        ("whk", ROOM): (6, None, 0, 0, None),
        ("whk", "gone"): (4, 8, 0, 3, "w1"),
        ("whk", "user/bo"): (2, 9, 4, 5, None),
        ("off", ROOM): (7, None, 0, 2, None),
    }


@pytest.mark.own_database
async def test_what_is_no_conversation_is_taken_over_too(database: Database) -> None:
    """A user's events, and those of a conversation that is gone: made anew, its numbers go on."""
    await database.write(_of_before)
    await database.write(lambda session: _to(session, "head"))

    def happens(session: Session) -> None:
        a_user(session, "bo")
        people.put_user(session, APP, "bo", {"name": "Bob"}, NOW)
        converse.put(session, APP, "gone", {}, NOW)

    await database.write(happens)
    theirs, gone = await database.read(
        lambda s: [webhooks.events_from(s, APP, name, 1, 9) for name in ("user/bo", "gone")]
    )
    made = await database.read(lambda s: conversations.find(s, APP, "gone"))

    assert [(one.number, one.id) for one in theirs][:1] == [(2, "evt_2")]
    assert [one.number for one in theirs] == [2, 3]
    assert [(one.number, one.kind.value) for one in gone] == [(4, "conversation.deleted")]
    assert made is not None
    assert (made.seq, made.change) == (4, 5)


@pytest.mark.own_database
async def test_who_was_disabled_before_goes_on_where_they_were(database: Database) -> None:
    """Enabled after the upgrade, an endpoint is told what was logged before it."""
    await database.write(_of_before)
    await database.write(lambda session: _to(session, "head"))

    await database.write(lambda s: listen.change(s, APP, "off", {"enabled": True}, NOW) and None)
    cursors = await database.read(_cursors)

    assert cursors["off", ROOM] == (7, NOW, 0, 3, None)


@pytest.mark.own_database
async def test_what_has_arrived_was_taken_for_who_goes_back(database: Database) -> None:
    """A state that is not known there would make the row unreadable; nothing else is changed."""

    def states(session: Session) -> list[tuple[str, str]]:
        found = session.connection().execute(text("SELECT id, state FROM delivery ORDER BY id"))
        return [(str(id_), str(state)) for id_, state in found]

    def arrived(session: Session) -> None:
        _of_before(session)
        _to(session, "head")
        for state in (State.ACCEPTED, State.DELIVERED, State.FAILED):
            mail = Delivery(
                app_id=APP, id=f"dlv_{state.value}", notification_id="n", conversation_id=ROOM,
                user_id="bo", address="bo@example.net", message_id="<m>", state=state,
                reference=len(state.value), created_at=NOW,
            )  # fmt: skip
            deliveries.add(session, mail)

    await database.write(arrived)
    before = await database.read(states)
    await database.write(lambda session: _to(session, "0023"))
    after = await database.read(states)
    await database.write(lambda session: _to(session, "head"))

    assert before[1] == ("dlv_delivered", "delivered")
    assert after == [*before[:1], ("dlv_delivered", "accepted"), *before[2:]]
