"""How much does PostgreSQL read for one mail? The rows it is about, however many the app has."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from core.actions.say import say_at_once
from core.model.app import App
from core.model.participant import Participant
from core.model.receipt import Receipt
from core.store import participants, receipts
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
_RECEIPTS = """
INSERT INTO receipt SELECT (jsonb_populate_record(receipt, jsonb_build_object(
    'id', id || n, 'dedupe_key', n::text, 'words_key', CASE WHEN n % 2 = 0 THEN 'w' || n END
))).* FROM receipt, generate_series(1, 400) AS n
"""


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
        receipt = _receipt("rcp_1", "1")
        before = _rows_read(session)
        return say_at_once(session, words("bo"), receipt, NOW), _rows_read(session) - before

    named, read = await database.write(look_up)
    said, also_read = await database.write(post)

    assert named == "bo"
    assert said is not None
    assert 0 < read <= _FEW
    assert 0 < also_read <= _FEW


async def test_a_first_copy_is_looked_for_by_its_words(database: Database) -> None:
    """The statement that posts finds one by its whole key, however many mails an app has taken."""

    def keep_many(session: Session) -> None:
        receipts.record(session, _receipt("rcp_1", "first"))
        session.connection().execute(text(_RECEIPTS))

    def post(session: Session, also: str) -> tuple[str | None, int]:
        before = _rows_read(session)
        made = _receipt("rcp_2", "second", words_key="second")
        said = say_at_once(session, words("bo"), made, NOW, also=also)
        return said, _rows_read(session) - before

    await database.write(keep_many)
    known, read = await database.write(lambda s: post(s, "w10"))
    new, also_read = await database.write(lambda s: post(s, "w11"))

    assert known is None
    assert new is not None
    assert 0 < read <= _FEW
    assert 0 < also_read <= _FEW


def _receipt(id_: str, key: str, words_key: str | None = None) -> Receipt:
    return fresh(
        Receipt, app_id=APP, id=id_, received_at=NOW, reverse_path="", recipient="",
        dedupe_key=key, words_key=words_key, size=1, raw_until=NOW, verdict="accept",
        reason="posted",
    )  # fmt: skip


def _rows_read(session: Session) -> int:
    """Return how many rows this connection has read since it last told the server."""
    return int(session.connection().scalar(text(_READ)) or 0)
