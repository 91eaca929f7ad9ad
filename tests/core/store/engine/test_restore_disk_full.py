"""A restore for which there is no room on the disk says so, and nothing is lost."""

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.store.engine.restore import NotRestored, restore
from tests.support.copies_of_databases import notes_in, one_and_a_copy, with_log


@contextmanager
def _no_file_larger_than(octets: int) -> Iterator[None]:
    """Let this process's files grow no further: to SQLite that is a disk with no room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(("full", "says"), [("copy", "be checked"), ("log", "log of .* written")])
def test_a_full_disk_is_told_as_one(
    tmp_path: Path, sqlite_template: Path, full: str, says: str
) -> None:
    """A good copy is not called damaged, and the log of what was there is not let go of."""
    place = one_and_a_copy(tmp_path, sqlite_template)
    database, copy = place / "live/one.db", place / "copy.db"
    shutil.copy(sqlite_template, copy)
    if full == "copy":
        with_log(sqlite_template, copy, "new")
    before = {one.name for one in (place / "live").iterdir()}
    sizes = [one.stat().st_size for one in place.rglob("*.db*")]
    with _no_file_larger_than(max(sizes)), pytest.raises(NotRestored, match=says) as refused:
        restore(copy, database, "then")

    assert "damaged" not in str(refused.value)
    assert {one.name for one in (place / "live").iterdir()} == {*before, "one.db.lock"}
    assert notes_in(database) == {"old": 300}
