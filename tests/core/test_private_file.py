"""What lies beside the database can be opened by its owner alone, from the first octet on."""

import fcntl
import os
import stat
from pathlib import Path

import pytest

from core.errors import DatabaseInUse
from core.private_file import open_private
from core.store.engine.lock import FileLock
from gateway.isolation.crash_log import CrashLog


def mode_of(file: Path) -> int:
    """Return who may do what with a file."""
    return stat.S_IMODE(file.stat().st_mode)


@pytest.mark.parametrize("mode", ["a+", "w", "w+b", "wb", "ab"])
@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
@pytest.mark.parametrize("before", [None, 0o644, 0o666, 0o600])
def test_a_file_is_its_owners(tmp_path: Path, mode: str, mask: int, before: int | None) -> None:
    """Whatever the process masks, whatever an older version left."""
    file = tmp_path / "one"
    if before is not None:
        file.touch()
        file.chmod(before)
    masked = os.umask(mask)
    try:
        open_private(file, mode).close()
    finally:
        os.umask(masked)

    assert mode_of(file) == 0o600


def test_the_lock_is_its_owners(tmp_path: Path) -> None:
    """Who may not open the lock cannot hold it while the service is down (flock(2))."""
    beside = tmp_path / "one.db.lock"
    beside.touch(mode=0o644)
    lock = FileLock(tmp_path / "one.db")

    assert mode_of(beside) == 0o600
    lock.release()


def test_the_lock_still_names_who_has_it(tmp_path: Path) -> None:
    """The second is told the process, and gets the lock when the first has gone."""
    first = FileLock(tmp_path / "one.db")
    with pytest.raises(DatabaseInUse, match=f"in use by process {os.getpid()}"):
        FileLock(tmp_path / "one.db")
    first.release()
    second = FileLock(tmp_path / "one.db")

    with (tmp_path / "one.db.lock").open() as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    second.release()


def test_what_is_noted_of_mails_is_its_owners(tmp_path: Path) -> None:
    """So are the notes of mails under way, in a folder that somebody else made."""
    tmp_path.chmod(0o755)
    (tmp_path / "gone.reading").write_bytes(bytes(31) + b"1")  # a process died of this one
    log = CrashLog(tmp_path)
    modes = {file.suffix or file.name: mode_of(file) for file in tmp_path.iterdir()}
    log.close()

    assert modes == {"lock": 0o600, ".reading": 0o600, ".json": 0o600}
