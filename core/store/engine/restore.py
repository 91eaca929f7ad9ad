"""How does a copy take the place of an embedded database? ``rejoinder restore`` asks.

The trap is the log. Nothing in a ``-wal`` names the database it belongs to (the file format,
https://www.sqlite.org/fileformat2.html, section 4, links them by their names alone), so SQLite
writes what an old one holds into whatever file it finds beside it, and a copy that was put there
by hand is destroyed, or is silently what it was to replace. A ``-journal`` is no better.

So the copy is put in place in steps, and whoever opens the database after any of them finds the
old one whole or the new one whole: the copy is duplicated and checked, the present files are
duplicated, the present log is written into its database as the next start would do, and only then
is one file renamed over the other. What was given is only read, and what was there is kept.
"""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.errors import RejoinderError
from core.model.tables import metadata
from core.moment import Moment
from core.private_file import open_private
from core.store.engine import schema, trouble
from core.store.engine.lock import FileLock

_LOGS = ("-wal", "-journal")  # they are written into the database that they lie beside
_BESIDE = (*_LOGS, "-shm")
_BUSY_SECONDS = 5.0


class NotRestored(RejoinderError):  # noqa: N818  reads as a state, like the others
    """The database was not restored, and is as it was."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: the folder of the files that were there, if any, and the copy's revision."""

    kept: Path | None
    revision: str

    @property
    def is_current(self) -> bool:
        """Tell whether the tables are those of this release."""
        return self.revision == schema.HEAD


def restore(copy: Path, database: Path, at: str) -> Restored:
    """Put a copy in a database's place; ``at`` names the folder of what was there.

    Raise DatabaseInUse while a process runs on the database, NotRestored for a copy that cannot
    take its place, and for what the system does not let us do.
    """
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(database)
        try:
            return _restore(copy, database.resolve(), at)  # SQLite's logs lie there, too
        finally:
            lock.release()
    except OSError as error:
        raise NotRestored(f"{error.filename or database}: {error.strerror}") from error


def stamp(now: Moment) -> str:
    """Return a moment as the name of a folder tells it, in UTC."""
    at = datetime.fromtimestamp(now / 1_000, UTC)
    return at.strftime("%Y%m%dT%H%M%S.") + f"{now % 1_000:03}Z"


def _restore(copy: Path, database: Path, at: str) -> Restored:
    if database.exists() and copy.samefile(database):
        raise NotRestored(f"{copy} is the database itself.")
    work = _beside(database, ".restoring")
    if work in copy.resolve().parents:
        raise NotRestored(f"{copy} is what a restore left that was killed: move it out of there.")
    shutil.rmtree(work, ignore_errors=True)  # of a restore that was killed: duplicates, no more
    work.mkdir(mode=0o700)
    try:
        fresh = work / "fresh.db"
        _duplicate(copy, fresh)
        revision = _made_one_file(copy, fresh)
        there = _duplicate_all(database, work / "kept")
        if database.exists():
            _write_log_into(database)
        kept = _beside(database, f".replaced-{at}") if there else None
        if kept is not None:  # from here on something is replaced: a refusal leaves no folder
            (work / "kept").rename(kept)
            _fsync(kept.parent)
        _replace(database, fresh)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Restored(kept, revision)


def _made_one_file(copy: Path, fresh: Path) -> str:
    """Check a duplicate of a copy, and write its log into it; return the revision of its tables."""
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as opened:
            fault = opened.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if fault != "ok":
                raise NotRestored(f"{copy} is damaged: {' '.join(fault.split())}")
            revision = _revision(copy, opened)
            opened.execute("PRAGMA journal_mode = DELETE")  # all of it in one file
    except sqlite3.DatabaseError as error:
        if trouble.is_damaged(error):
            raise NotRestored(f"{copy} is damaged, or no database: {error}") from error
        raise NotRestored(f"{copy} cannot be checked: {error}") from error  # as on a full disk
    _fsync(fresh)
    return revision


def _revision(copy: Path, opened: sqlite3.Connection) -> str:
    """Return the revision of the tables; raise NotRestored if they are none that we know."""
    tables = {name for (name,) in opened.execute("SELECT name FROM sqlite_master")}
    if "alembic_version" not in tables:
        raise NotRestored(f"{copy} is no database of Rejoinder.")
    rows = opened.execute("SELECT version_num FROM alembic_version").fetchall()
    revision = ", ".join(str(name) for (name,) in rows) or "none"
    if revision not in schema.revisions():
        raise NotRestored(
            f"{copy} is of another release: the revision of its tables is {revision}, "
            f"and this release knows those up to {schema.HEAD}."
        )
    if revision == schema.HEAD and (missing := metadata().tables.keys() - tables):
        raise NotRestored(f"{copy} lacks tables: {', '.join(sorted(missing))}.")
    return revision


def _duplicate_all(database: Path, folder: Path) -> bool:
    """Duplicate what is there, with its logs as they are, into a folder; False if nothing is.

    A second name of the same file would not do: who is killed after this, and goes on with the old
    database, would write into what is kept.
    """
    there = [one for one in (database, *_all_beside(database, _BESIDE)) if one.exists()]
    if not there:
        return False
    folder.mkdir(mode=0o700)
    for one in there:
        _duplicate_one(one, folder / one.name)
    _fsync(folder)
    return True


def _replace(database: Path, fresh: Path) -> None:
    """Rename one file over the other, at a moment when the old one needs no log."""
    owner = (database if database.exists() else database.parent).stat()
    with suppress(PermissionError):  # as root a restore must not take the file from the service
        os.chown(fresh, owner.st_uid, owner.st_gid)
    for one in _all_beside(database, _BESIDE):
        one.unlink(missing_ok=True)
    _fsync(database.parent)  # a power cut must not bring the log back beside the new file
    fresh.replace(database)
    _fsync(database.parent)


def _write_log_into(database: Path) -> None:
    """Write what its log holds into a database. One that is damaged stays so, and is kept."""
    try:
        with closing(sqlite3.connect(database, _BUSY_SECONDS, isolation_level=None)) as opened:
            opened.execute("SELECT count(*) FROM sqlite_master").fetchone()  # a -journal, too
            busy, _, _ = opened.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.DatabaseError as error:
        busy = trouble.is_locked(error)
        if not (busy or trouble.is_damaged(error)):  # a full disk: its log is all there is of it
            raise NotRestored(f"the log of {database} cannot be written: {error}") from error
    if busy:
        raise NotRestored(f"{database} is read or written by another program: stop that first.")


def _duplicate(file: Path, target: Path) -> None:
    """Duplicate a database with what its logs hold; the file itself is only read."""
    _duplicate_one(file, target)
    for suffix in _LOGS:
        if (log := _beside(file.resolve(), suffix)).exists():
            _duplicate_one(log, _beside(target, suffix))


def _duplicate_one(file: Path, target: Path) -> None:
    with file.open("rb") as source, open_private(target, "wb") as opened:
        shutil.copyfileobj(source, opened, 1 << 20)
        opened.flush()
        os.fsync(opened.fileno())


def _beside(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)


def _all_beside(file: Path, suffixes: tuple[str, ...]) -> list[Path]:
    return [_beside(file, suffix) for suffix in suffixes]


def _fsync(path: Path) -> None:
    """Write a file, or the names in a folder, through to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
