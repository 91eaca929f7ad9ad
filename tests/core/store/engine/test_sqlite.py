"""What only an embedded database can do to us: another program's lock, a file that may not grow."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from core.actions.erase import erase
from core.errors import StoreBroken, StoreFull, StoreUnavailable
from core.model.user import User
from core.store import users
from core.store.database import QUEUES, Session
from core.store.engine import sqlite
from core.store.engine.sqlite import SqliteDatabase
from tests.support.lives import LATER, SECRETS, a_life
from tests.support.people import APP, a_user, an_app


@pytest.fixture
async def database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SqliteDatabase]:
    """Open a database that waits for another's lock only briefly."""
    monkeypatch.setattr(sqlite, "_BUSY_MILLIS", 100)
    opened = SqliteDatabase(tmp_path / "one.db", QUEUES)
    await opened.migrate()
    await opened.write(lambda session: an_app(session).app_id)
    yield opened
    await opened.close()


async def _add(database: SqliteDatabase, *names: str) -> list[type]:
    """Add users at the same time, each in a write of its own; return how each ended."""
    ended = await asyncio.gather(
        *(database.write(partial(a_user, user_id=name)) for name in names),
        return_exceptions=True,
    )
    return [type(one) for one in ended]


async def _names(database: SqliteDatabase) -> list[str]:
    return [one.id for one in await database.read(lambda s: users.page(s, APP, 100, None))]


async def test_anothers_lock_is_waited_for_once(database: SqliteDatabase, tmp_path: Path) -> None:
    """All who wait are told together that it is not now, and nothing of theirs is there."""
    with closing(sqlite3.connect(tmp_path / "one.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        loop = asyncio.get_running_loop()
        began = loop.time()
        ended = await _add(database, *(f"user-{n}" for n in range(20)))
        took = loop.time() - began
        read = await _names(database)
        other.execute("ROLLBACK")
    after = await _add(database, "bo")

    assert set(ended) == {StoreUnavailable}
    assert took < 1  # one wait for the first, one for all the others: not one for each
    assert read == []
    assert after == [User]
    assert await _names(database) == ["bo"]


async def test_what_does_not_fit_is_put_off_alone(database: SqliteDatabase) -> None:
    """A full file undoes the work that did not fit, and that of nobody who shared its group."""

    def fill(session: Session) -> None:
        connection = session.connection()
        pages = connection.scalar(text("PRAGMA page_count"))
        connection.execute(text(f"PRAGMA max_page_count = {pages + 3}"))
        a_user(session, "big", custom={"all": "x" * 100_000})

    big = database.write(fill)
    small = (database.write(partial(a_user, user_id=name)) for name in ("ann", "bo"))
    ended = await asyncio.gather(big, *small, return_exceptions=True)
    after = await _add(database, "cy")

    assert [type(one) for one in ended] == [StoreFull, User, User]
    assert after == [User]
    assert await _names(database) == ["ann", "bo", "cy"]


def _overwrite(file: Path) -> None:
    """Write rubbish over the file, as a disk that fails or a copy gone wrong does."""
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # all that is known is in the file
    with file.open("r+b") as octets:
        octets.write(b"rubbish!" * (file.stat().st_size // 8))


def _as_from_disk(session: Session, name: str) -> None:
    session.connection().execute(text("PRAGMA shrink_memory"))
    a_user(session, name)


async def test_a_file_that_was_overwritten_is_told_as_broken(
    database: SqliteDatabase, tmp_path: Path
) -> None:
    """Whoever writes or reads hears that the store cannot answer, and why; nobody meets a bug."""
    _overwrite(tmp_path / "one.db")
    ended = await asyncio.gather(
        *(database.write(partial(_as_from_disk, name=name)) for name in ("ann", "bo")),
        database.read(lambda s: users.page(s, APP, 100, None)),
        return_exceptions=True,
    )
    with pytest.raises(StoreBroken):
        await database.glance(lambda s: users.page(s, APP, 100, None))

    assert {type(one) for one in ended} == {StoreBroken}
    assert {str(one).partition(":")[0] for one in ended} == {"the database file is damaged"}


async def test_a_file_that_is_none_is_told_as_broken(tmp_path: Path) -> None:
    """Also at the start, before anything was read from it."""
    (tmp_path / "one.db").write_bytes(b"rubbish!" * 1_000)
    opened = SqliteDatabase(tmp_path / "one.db", QUEUES)
    ended = await asyncio.gather(opened.migrate(), opened.is_current(), return_exceptions=True)
    await opened.close()

    assert [type(one) for one in ended] == [StoreBroken, StoreBroken]


@pytest.mark.parametrize("how", ["write", "write_at_once", "read", "glance"])
async def test_what_comes_after_the_end_is_told_so(database: SqliteDatabase, how: str) -> None:
    """Whoever is late neither waits for ever nor opens the file anew."""
    await database.close()
    async with asyncio.timeout(5):
        with pytest.raises(StoreUnavailable, match="closed"):
            await getattr(database, how)(lambda session: session.scalar(text("SELECT 1")))


async def test_what_was_asked_before_the_end_is_done(tmp_path: Path) -> None:
    """Closing finishes what was begun, and then refuses; closing again changes nothing."""
    database = SqliteDatabase(tmp_path / "one.db", QUEUES)
    asked = [asyncio.ensure_future(database.write(lambda s: s.connection())) for _ in range(300)]
    await asyncio.sleep(0)
    await asyncio.gather(database.close(), database.close())
    ended = await asyncio.gather(*asked, return_exceptions=True)
    await database.close()

    assert not [one for one in ended if isinstance(one, BaseException)]


def _in_files(folder: Path, *words: str) -> list[str]:
    """Return those of the words that any file of the database still has."""
    octets = b"".join(one.read_bytes() for one in sorted(folder.glob("one.db*")))
    return [word for word in words if word.encode() in octets]


async def test_what_was_erased_is_gone_from_the_files(tmp_path: Path) -> None:
    """While it runs: neither the database nor its log holds what a person was or said."""
    database = SqliteDatabase(tmp_path / "one.db", QUEUES)
    await database.migrate()
    await database.write(a_life)
    told = [one for one in SECRETS if one in _in_files(tmp_path, *SECRETS)]
    await erase(database, APP, "bo", LATER)
    left = _in_files(tmp_path, *SECRETS)
    await database.close()

    assert len(told) > 3
    assert left == []


@pytest.mark.parametrize("name", ["Zebrafinch", "Ζωή Παπαδοπούλου", "王秀英", "نرگس", "Żółć" * 900])
async def test_what_was_deleted_is_overwritten(
    database: SqliteDatabase, tmp_path: Path, name: str
) -> None:
    """Short or over many pages, of any script, also if another person of that name stays away."""
    await database.write(lambda session: a_user(session, user_id="zoe", name=name) and None)
    there = _in_files(tmp_path, name[:60])
    await database.write(lambda session: session.delete(users.find(session, APP, "zoe")))
    await database.purge()

    assert (there, _in_files(tmp_path, name[:60])) == ([name[:60]], [])


async def test_whoever_reads_puts_it_off_and_hinders_nobody(
    database: SqliteDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words go with the first write after a long reading; writes do not wait for its end."""
    monkeypatch.setattr(sqlite, "_PAUSES", (0.0, 0.0))
    await database.write(lambda session: a_user(session, user_id="zoe", name="Xylocarp") and None)
    with closing(sqlite3.connect(tmp_path / "one.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM user").fetchall()
        await database.write(lambda session: session.delete(users.find(session, APP, "zoe")))
        await database.purge()
        during = await _add(database, "bo")
        other.execute("ROLLBACK")
    await _add(database, "cy")

    assert during == [User]
    assert _in_files(tmp_path, "Xylocarp") == []


async def test_what_died_left_no_log(tmp_path: Path) -> None:
    """A process that begins empties the log of the one that died before it had done so."""
    file = tmp_path / "one.db"
    database = SqliteDatabase(file, QUEUES)
    await database.migrate()
    await database.write(lambda session: an_app(session).app_id)
    log = file.with_name("one.db-wal")
    file_then, log_then = file.read_bytes(), log.read_bytes()
    await database.close()
    file.write_bytes(file_then)
    log.write_bytes(log_then + b"Xylocarp")

    again = SqliteDatabase(file, QUEUES)
    await again.write(lambda session: None)
    left = log.stat().st_size
    await again.close()

    assert left == 0
