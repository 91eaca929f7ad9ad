"""How much does PostgreSQL read for one mail? The rows it is about, however many the app has."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from core.actions.say import say_at_once
from core.model.app import App
from core.model.participant import Participant
from core.model.receipt import Receipt
from core.store import participants
from core.store.database import Database, Session, open_database
from core.store.rows import fresh
from tests.support.people import APP, NOW, ROOM, a_conversation, words

_MANY_LIKE_IT = """
INSERT INTO {0} SELECT (jsonb_populate_record({0}, jsonb_build_object({1}))).*
FROM {0}, generate_series(1, 400) AS n
"""
_CROWD = {
    '"user"': "'id', id || n",
    "conversation": "'id', id || n",
    "participant": "'conversation_id', conversation_id || n, 'user_id', user_id || n,"
    "'reference', reference - n",
}
_READ = "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) "
_READ += "FROM pg_stat_xact_user_tables"
_FEW = 20


@pytest.fixture
async def database(postgresql_url: str) -> AsyncIterator[Database]:
    """Open one where an app has hundreds of conversations that nobody has counted yet."""
    opened = open_database(postgresql_url)
    await opened.write(_a_crowd)
    yield opened
    await opened.close()


def _a_crowd(session: Session) -> None:
    a_conversation(session, "ann", "bo")
    session.flush()
    for table, other in _CROWD.items():
        session.connection().execute(text(_MANY_LIKE_IT.format(table, other)))


async def test_a_mail_reads_the_rows_it_is_about(database: Database) -> None:
    """RCPT's look-up and the statement that posts find each row by its whole key."""

    def look_up(session: Session) -> tuple[str | None, int]:
        bo = session.get_one(Participant, (APP, ROOM, "bo"))
        app = session.get_one(App, APP)
        before = _rows_read(session)
        named, _ = participants.correspondence(session, app.number, bo.reference, 5)
        return named.user_id if named else None, _rows_read(session) - before

    def post(session: Session) -> tuple[str | None, int]:
        receipt = fresh(
            Receipt, app_id=APP, id="rcp_1", received_at=NOW, reverse_path="", recipient="",
            dedupe_key="1", size=1, raw_until=NOW, verdict="accept", reason="posted",
        )  # fmt: skip
        before = _rows_read(session)
        return say_at_once(session, words("bo"), receipt, NOW), _rows_read(session) - before

    named, read = await database.write(look_up)
    said, also_read = await database.write(post)

    assert named == "bo"
    assert said is not None
    assert 0 < read <= _FEW
    assert 0 < also_read <= _FEW


def _rows_read(session: Session) -> int:
    """Return how many rows this connection has read since it last told the server."""
    return int(session.connection().scalar(text(_READ)) or 0)
