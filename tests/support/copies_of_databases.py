"""SQLite files with notes in them that tell which database they are, whole or with a log."""

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

_MANY = 300


def note_on_paper(file: Path, word: str) -> None:
    """Write many notes of a word into a database, and its log into it."""
    with closing(sqlite3.connect(file)) as opened:
        _note(opened, word)


def with_log(template: Path, file: Path, word: str) -> None:
    """Make a database from a template that died with two thirds of its notes in its log alone."""
    dying = file.with_name("dying.db")
    shutil.copy(template, dying)
    with closing(sqlite3.connect(dying)) as opened:
        opened.execute("PRAGMA wal_autocheckpoint = 0")
        _note(opened, word, _MANY // 3)
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _note(opened, word, _MANY - _MANY // 3)
        for suffix in ("", "-wal", "-shm"):
            shutil.copy(f"{dying}{suffix}", f"{file}{suffix}")
    dying.unlink()


def one_and_a_copy(folder: Path, template: Path) -> Path:
    """Make live/one.db, which died with words in its log, and copy.db of another; return folder."""
    (folder / "live").mkdir()
    with_log(template, folder / "live/one.db", "old")
    shutil.copy(template, folder / "copy.db")
    note_on_paper(folder / "copy.db", "new")
    return folder


def notes_in(file: Path) -> dict[str, int]:
    """Return how many notes of each word a whole database has, as whoever opens it reads it.

    Raise sqlite3.DatabaseError for one that is damaged.
    """
    with closing(sqlite3.connect(file)) as opened:
        found = Counter(word for (word, _) in opened.execute("SELECT word, rest FROM note"))
        if opened.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise sqlite3.DatabaseError("malformed")
    return dict(found)


def _note(opened: sqlite3.Connection, word: str, many: int = _MANY) -> None:
    with opened:
        opened.execute("CREATE TABLE IF NOT EXISTS note (word TEXT, rest TEXT)")
        opened.executemany("INSERT INTO note VALUES (?, ?)", [(word, word * 99)] * many)
