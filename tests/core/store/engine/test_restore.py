"""A copy takes the place of a database, and neither is lost on the way."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.errors import DatabaseInUse
from core.store.engine import restore as restore_module
from core.store.engine.lock import FileLock
from core.store.engine.restore import NotRestored, restore, stamp
from core.store.engine.schema import HEAD
from tests.support.copies_of_databases import note_on_paper, notes_in, one_and_a_copy, with_log


@pytest.fixture
def place(tmp_path: Path, sqlite_template: Path) -> Path:
    """Give a folder with a database that died with words in its log, and a copy of another."""
    return one_and_a_copy(tmp_path, sqlite_template)


def _octets(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder but for locks, by name."""
    found = sorted(one for one in folder.rglob("*") if one.is_file() and one.suffix != ".lock")
    return {str(one.relative_to(folder)): one.read_bytes() for one in found}


def test_a_copy_takes_the_place(place: Path) -> None:
    """All of it and nothing else, for its owner alone; what was there can be restored, too."""
    database = place / "live/one.db"
    was = _octets(place / "live")
    done = restore(place / "copy.db", database, "then")
    names = {one.name for one in database.parent.iterdir()}

    assert done.kept == place / "live/one.db.replaced-then"
    assert _octets(done.kept) == was
    assert (done.revision, done.is_current) == (HEAD, True)
    assert notes_in(database) == {"new": 300}
    assert names == {"one.db", "one.db.lock", "one.db.replaced-then"}
    assert (database.stat().st_mode & 0o777, done.kept.stat().st_mode & 0o777) == (0o600, 0o700)
    restore(done.kept / "one.db", database, "later")
    assert notes_in(database) == {"old": 300}
    assert _octets(done.kept) == was


def test_what_is_kept_does_not_change_with_what_came(place: Path, sqlite_template: Path) -> None:
    """Without a log no second copy is made of what was there; it is another file all the same."""
    database = place / "live/two.db"
    shutil.copy(sqlite_template, database)
    note_on_paper(database, "old")
    done = restore(place / "copy.db", database, "then")
    note_on_paper(database, "later")

    assert done.kept is not None
    assert notes_in(done.kept / "two.db") == {"old": 300}
    assert notes_in(database) == {"new": 300, "later": 300}


def test_where_nothing_was_nothing_is_kept(place: Path) -> None:
    """A copy also comes to a new machine, into a folder that is not there yet."""
    done = restore(place / "copy.db", place / "new/one.db", "then")

    assert done.kept is None
    assert notes_in(place / "new/one.db") == {"new": 300}


@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal"])
def test_what_lies_beside_is_not_replayed(place: Path, suffix: str) -> None:
    """Also where only that was left of a database, or belonged to another one."""
    database = place / "live/one.db"
    stray = place / f"lone/one.db{suffix}"
    stray.parent.mkdir()
    shutil.copy(place / "live/one.db-wal", stray)
    done = restore(place / "copy.db", stray.with_name("one.db"), "then")
    assert done.kept is not None
    assert {one.name for one in done.kept.iterdir()} == {stray.name}
    log = (place / "live/one.db-wal").read_bytes()
    database.with_name("one.db" + suffix).write_bytes(log)
    restore(place / "copy.db", database, "then")

    assert notes_in(stray.with_name("one.db")) == {"new": 300}
    assert notes_in(database) == {"new": 300}


def _with_a_log(copy: Path, template: Path) -> None:
    copy.unlink()
    with_log(template, copy, "new")


def _by_backup(copy: Path, template: Path) -> None:
    """As ``sqlite3 rejoinder.db ".backup copy.db"`` makes one of a running database."""
    running = copy.with_name("running.db")
    with_log(template, running, "new")
    copy.unlink()
    with closing(sqlite3.connect(running)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    running.unlink()


def _by_vacuum(copy: Path, _template: Path) -> None:
    smaller = copy.with_name("smaller.db")
    with closing(sqlite3.connect(copy)) as opened:
        opened.execute("VACUUM INTO ?", (str(smaller),))
    smaller.replace(copy)


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda _, __: None, id="as it is"),
        _with_a_log,
        _by_backup,
        _by_vacuum,
        pytest.param(lambda copy, _: copy.chmod(0o444), id="readable by all"),
    ],
)
def test_a_copy_is_only_read(
    place: Path, sqlite_template: Path, made: Callable[[Path, Path], None]
) -> None:
    """However it was made, all of it comes, and itself it can be restored again."""
    made(place / "copy.db", sqlite_template)
    before = {name: octets for name, octets in _octets(place).items() if "live" not in name}
    restore(place / "copy.db", place / "live/one.db", "then")
    after = {name: octets for name, octets in _octets(place).items() if "live" not in name}

    assert notes_in(place / "live/one.db") == {"new": 300}
    assert (place / "live/one.db").stat().st_mode & 0o777 == 0o600
    assert after == before


def _sql(*statements: str) -> Callable[[Path], None]:
    def change(copy: Path) -> None:
        with closing(sqlite3.connect(copy)) as opened, opened:
            for statement in statements:
                opened.execute(statement)

    return change


def _cut(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])


def _overwritten(copy: Path) -> None:
    with copy.open("r+b") as octets:
        octets.seek(copy.stat().st_size - 40_960)
        octets.write(b"rubbish!" * 4_096)


def _another(copy: Path) -> None:
    copy.unlink()
    _sql("CREATE TABLE note (words TEXT)")(copy)


@pytest.mark.parametrize(
    ("made", "says"),
    [
        pytest.param(lambda copy: copy.unlink(), "No such file", id="none"),
        pytest.param(lambda copy: copy.write_bytes(b""), "no database of Rejoinder", id="empty"),
        pytest.param(lambda copy: copy.write_bytes(b"PK" * 999), "is damaged, or no", id="a zip"),
        pytest.param(lambda copy: copy.unlink() or copy.mkdir(), "Is a directory", id="a folder"),
        pytest.param(_cut, "is damaged", id="half of one"),
        pytest.param(_overwritten, "is damaged", id="overwritten"),
        pytest.param(_another, "no database of Rejoinder", id="another program's"),
        pytest.param(
            _sql("UPDATE alembic_version SET version_num = '9999'"),
            "is 9999, and this release knows those up to",
            id="of a newer release",
        ),
        pytest.param(_sql("DELETE FROM alembic_version"), "revision .* is none", id="half made"),
        pytest.param(_sql("DROP TABLE receipt"), "lacks tables: receipt", id="without a table"),
    ],
)
def test_what_is_no_copy_changes_nothing(
    place: Path, made: Callable[[Path], object], says: str
) -> None:
    """What is there stays as it is, octet for octet, and the refusal says why."""
    made(place / "copy.db")
    before = _octets(place / "live")
    with pytest.raises(NotRestored, match=says):
        restore(place / "copy.db", place / "live/one.db", "then")

    assert _octets(place / "live") == before
    assert notes_in(place / "live/one.db") == {"old": 300}


def test_a_copy_of_an_older_release_is_told(place: Path) -> None:
    """It takes the place: its tables are updated as those of any older database are."""
    _sql("UPDATE alembic_version SET version_num = '0019'")(place / "copy.db")
    done = restore(place / "copy.db", place / "live/one.db", "then")

    assert (done.revision, done.is_current) == ("0019", False)


def test_the_database_is_no_copy_of_itself(place: Path) -> None:
    """Not under another name of the same file either."""
    (place / "alias.db").symlink_to(place / "live/one.db")
    for copy in (place / "live/one.db", place / "alias.db"):
        with pytest.raises(NotRestored, match="the database itself"):
            restore(copy, place / "live/one.db", "then")


def test_a_database_may_be_a_link_to_another_place(place: Path) -> None:
    """SQLite's logs lie beside the file itself, and so does what is kept."""
    (place / "etc").mkdir()
    (place / "etc/one.db").symlink_to(place / "live/one.db")
    done = restore(place / "copy.db", place / "etc/one.db", "then")

    assert done.kept == place / "live/one.db.replaced-then"
    assert notes_in(place / "etc/one.db") == {"new": 300}


def test_a_running_service_keeps_its_database(place: Path) -> None:
    """Whoever holds the lock is named, and nothing changes."""
    before = _octets(place / "live")
    (place / "alias.db").symlink_to(place / "live/one.db")
    for name in ("live/one.db", "alias.db"):  # as it is called in the service's settings
        lock = FileLock(place / name)
        with pytest.raises(DatabaseInUse, match="in use by process"):
            restore(place / "copy.db", place / "live/one.db", "then")
        lock.release()

    assert _octets(place / "live") == before


def test_another_program_that_reads_is_not_deceived(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it hinders the log, what is there cannot be made whole, and stays."""
    monkeypatch.setattr(restore_module, "_BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(place / "live/one.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM note").fetchone()
        with pytest.raises(NotRestored, match="another program"):
            restore(place / "copy.db", place / "live/one.db", "then")
        other.execute("ROLLBACK")

    assert notes_in(place / "live/one.db") == {"old": 300}
    assert not list((place / "live").glob("one.db.re*"))


def test_what_a_killed_restore_left_is_no_copy_to_take(place: Path) -> None:
    """It would be swept away before it is read."""
    left = place / "live/one.db.restoring/fresh.db"
    left.parent.mkdir()
    shutil.copy(place / "copy.db", left)
    with pytest.raises(NotRestored, match="move it out"):
        restore(left, place / "live/one.db", "then")

    assert notes_in(left) == {"new": 300}


def test_root_takes_nothing_from_the_service(place: Path) -> None:
    """Neither the database nor its lock, also where nothing was there yet."""
    service = os.geteuid() or 65_534  # only root can give files away
    (place / "new").mkdir()
    os.chown(place / "new", service, os.getegid())
    restore(place / "copy.db", place / "new/one.db", "then")
    found = {one.name: one.stat().st_uid for one in (place / "new").iterdir()}

    assert found == {"one.db": service, "one.db.lock": service}


def test_a_stamp_is_read_by_people() -> None:
    """It sorts by time, and two restores of one second have two."""
    assert (stamp(0), stamp(1_000_000_000_007)) == (
        "19700101T000000.000Z", "20010909T014640.007Z",
    )  # fmt: skip
