"""A database of before the log of changes: what was told and what was not goes on as it was."""

import pytest
from alembic import command
from sqlalchemy import text

from core.model.change import ChangeKind
from core.model.tables import metadata
from core.model.webhook import WebhookEvent
from core.store import changes, conversations, webhooks
from core.store.database import Database, Session
from core.store.engine import schema
from tests.support.people import APP, NOW, ROOM, an_app

_OLD = (
    "INSERT INTO conversation (app_id, id, custom, created_at, seq) VALUES (:a, :c, '{}', 1, 7)",
    (
        "INSERT INTO webhook_event (app_id, conversation_id, seq, id, type, data, created_at) "
        "VALUES (:a, :c, 7, 'evt_1', 'message.updated', '{\"n\": 1}', :now)"
    ),
    "INSERT INTO webhook_endpoint (app_id, id, url, created_at) VALUES (:a, 'whk', 'http://x', 1)",
    (
        "INSERT INTO webhook_stream "
        "(app_id, endpoint_id, conversation_id, next_seq, failures, claims, shard) "
        "VALUES (:a, 'whk', :c, 6, 0, 0, 0)"
    ),
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
    _to(session, "0012")
    an_app(session)
    for statement in _OLD:
        connection.execute(text(statement), {"a": APP, "c": ROOM, "now": NOW})


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
