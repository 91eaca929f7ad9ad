"""What only PostgreSQL can do to us: lose a worker's line, and have no connection left."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import pairwise
from typing import Any

import asyncpg
import pytest
from sqlalchemy import BigInteger, Column, MetaData, Table, bindparam, insert, text

from core.errors import StoreFull, StoreUnavailable
from core.model.webhook import WebhookEndpoint
from core.store import pending, webhooks
from core.store.database import QUEUES, Database, Session, open_database
from core.store.engine import due, postgres
from core.store.engine.postgres import PostgresDatabase
from core.store.engine.prepared import Prepared
from tests.faults.forwarder import Cut, forwarding
from tests.support.people import APP, NOW, a_conversation, says

LATER = NOW + 3_600_000


@pytest.fixture
async def database(postgresql_url: str) -> AsyncIterator[Database]:
    """Open it as a worker does that has claimed something."""
    opened = open_database(postgresql_url)
    await opened.enlist("w", NOW)
    await opened.write(_owe)
    yield opened
    await opened.close()


def _owe(session: Session) -> None:
    a_conversation(session, "ann", "bo")
    says(session, "ann")
    session.flush()
    assert due.claim(session, pending.WORK, due.Taking("w", LATER, 60_000, 5))


async def _break_all_others(database: Database) -> None:
    """End every other connection to the database, as its server does when it restarts."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    others += "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    await database.write(lambda session: session.connection().execute(text(others)) and None)


async def test_a_worker_whose_line_broke_is_still_alive(
    database: Database, postgresql_url: str
) -> None:
    """It takes its lock again before anything is reaped: what it works on is not handed out."""
    other = open_database(postgresql_url)
    await _break_all_others(other)
    with pytest.raises(StoreUnavailable):
        await database.reap(LATER)  # so it hears of it
    freed = [await database.reap(LATER), await other.reap(LATER)]
    owners = await other.read(lambda session: due.owners(session, pending.WORK))
    await other.close()

    assert freed == [0, 0]
    assert owners == ["w"]


async def test_a_worker_that_died_is_reaped_by_the_others(
    database: Database, postgresql_url: str
) -> None:
    """When its process ends, what it had claimed is due at once."""
    other = open_database(postgresql_url)
    await other.enlist("v", NOW)
    alive = await other.reap(LATER)
    await database.close()
    dead = await other.reap(LATER)
    await other.close()

    assert (alive, dead) == (0, 1)


async def test_when_all_connections_are_taken_it_is_not_now(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits in vain for a connection hears what is temporary, not a bug."""
    monkeypatch.setattr(postgres, "_WORK_SECONDS", 0.8)
    database = PostgresDatabase(
        postgresql_url.replace("postgresql:", "postgresql+asyncpg:"), QUEUES, pool_size=1
    )
    database._engine.pool._timeout = 0.05  # type: ignore[attr-defined]
    nap = text("SELECT pg_sleep(0.5)")

    def doze(session: Session) -> None:
        session.connection().execute(nap)

    ended = await asyncio.gather(
        *(database.write(doze) for _ in range(3)),
        *(database.read(doze) for _ in range(3)),
        return_exceptions=True,
    )
    await database.close()

    assert {type(one) for one in ended} == {type(None), StoreUnavailable}


@pytest.mark.parametrize("said", ["BEGIN", "COMMIT", "ROLLBACK", "INSERT"])
async def test_who_is_cancelled_spoils_nothing_for_others(
    postgresql_url: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A peer that hangs up at any moment of a write: what others write later is there."""
    database = open_database(postgresql_url)
    await database.write(lambda session: session.connection().execute(text(_TABLE)) and None)
    tasks: list[asyncio.Task[None]] = []
    execute = asyncpg.Connection.execute

    async def spy(self: Any, words: str, *more: Any, **named: Any) -> Any:
        if tasks and asyncio.current_task() is tasks[0] and words.startswith(said):
            asyncio.get_running_loop().call_soon(tasks[0].cancel)
        return await execute(self, words, *more, **named)

    def work(session: Session) -> None:
        _INSERT.run(session, {"n": 1})
        if said == "ROLLBACK":
            raise LookupError

    monkeypatch.setattr(asyncpg.Connection, "execute", spy)
    tasks.append(asyncio.create_task(database.write(work)))
    with suppress(asyncio.CancelledError, LookupError):
        await tasks[0]
    for _ in range(3):
        await database.write(lambda session: _INSERT.run(session, {"n": 2}) and None)
    await database.close()
    again = open_database(postgresql_url)
    count = text("SELECT count(*) FROM written WHERE n = 2")
    kept = await again.read(lambda session: session.connection().scalar(count))
    await again.close()

    assert kept == 3


_TABLE = "CREATE TABLE written (n bigint)"
_WRITTEN = Table("written", MetaData(), Column("n", BigInteger))
_INSERT = Prepared(insert(_WRITTEN).values(n=bindparam("n")))

_FULL = "DO $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = 'disk_full'; END $$"


async def test_a_full_disk_is_told_as_one(database: Database) -> None:
    """What the server has no room for can be told from what it cannot do for other reasons."""
    with pytest.raises(StoreFull):
        await database.write(lambda session: session.connection().execute(text(_FULL)) and None)


async def _all_ask(database: PostgresDatabase) -> list[object]:
    """Ask in every way there is, all at once, and return what was heard."""
    ask = text("SELECT 1")
    async with asyncio.timeout(20):
        return await asyncio.gather(
            database.write(lambda session: session.connection().scalar(ask)),
            *(database.read(lambda session: session.connection().scalar(ask)) for _ in "ab"),
            *(database.glance(lambda session: session.connection().scalar(ask)) for _ in "ab"),
            database.is_current(),
            database.reap(NOW),
            return_exceptions=True,
        )


@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
async def test_a_server_that_falls_silent_is_not_waited_for(
    postgresql_url: str, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line breaks, nothing answers: all who ask hear that it is not now; later it goes on."""
    monkeypatch.setattr(postgres, "_CONNECT_SECONDS", 1)
    ask = text("SELECT 1")
    async with forwarding(postgresql_url) as line:
        database = PostgresDatabase(line.url.replace("://", f"+{driver}://"), QUEUES, pool_size=2)
        await database.enlist("w", NOW)
        before = await database.read(lambda session: session.connection().scalar(ask))
        await line.cut(Cut.SILENT)
        with monkeypatch.context() as hasty:
            for limit in ("_LOOK_SECONDS", "_WORK_SECONDS"):
                hasty.setattr(postgres, limit, 0.2)
            silent = await _all_ask(database)
        await line.restore()
        after = await database.write(lambda session: session.connection().scalar(ask))
        current = await database.is_current()
        freed = await database.reap(NOW)
        await database.close()

    assert {type(one) for one in silent} == {StoreUnavailable}
    assert (before, after, current, freed) == (1, 1, True, 0)


_BACKLOG = """
INSERT INTO webhook_stream
    (app_id, endpoint_id, conversation_id, next_number, next_attempt_at, failures, claims, shard)
SELECT 'demo', 'whk_1', 'c' || n, 1, CAST(:now AS bigint) + n, 0, 0, 63 - n % 64
FROM generate_series(0, 25599) AS n
"""


def _behind(session: Session) -> None:
    """Let far more be due on every shard than a claim takes, the oldest on the last."""
    session.add(WebhookEndpoint(app_id=APP, id="whk_1", url="http://x", created_at=NOW))
    session.flush()
    session.connection().execute(text(_BACKLOG), {"now": NOW})
    session.connection().execute(text("ANALYZE webhook_stream"))


async def test_no_shard_waits_for_another(database: Database) -> None:
    """Under a backlog rows leave in the order in which they came due, give or take a claim."""
    await database.write(_behind)
    oldest: list[int] = []
    for _ in range(40):
        first = await database.read(lambda s: due.next_due(s, webhooks.WORK))
        oldest.append(first or 0)
        taking = due.Taking("w", LATER, 60_000_000, 50)
        await database.write(lambda s: due.claim(s, webhooks.WORK, taking))  # noqa: B023
    shards = await database.read(lambda s: list(s.connection().scalars(text(_CLAIMED))))

    assert all(earlier < later for earlier, later in pairwise(oldest))
    assert max(shards) - min(shards) <= 50 // 4 + 1


_CLAIMED = "SELECT count(*) FILTER (WHERE claims > 0) FROM webhook_stream GROUP BY shard"


async def test_a_claim_reads_no_more_than_it_takes(database: Database) -> None:
    """Each shard's oldest is found by the index, and nothing is sorted but one row a shard."""
    await database.write(_behind)
    taking = due.Taking("w", LATER, 60_000, 50)

    def plan(session: Session) -> str:
        spelled, given = due.spelled(session, webhooks.WORK, taking)
        lines = session.connection().execute(text(f"EXPLAIN {spelled}"), given)
        return "\n".join(line for (line,) in lines)

    told = await database.write(plan)

    assert told.count("using webhook_stream_due") == 2
    assert "Seq Scan" not in told
    assert told.count("Sort Key") == 1
