"""A restore that is killed between two steps leaves the old database or the new one, whole."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.store.engine.restore import restore
from tests.faults.process import ROOT, Served, a_shop, an_app, served
from tests.support.copies_of_databases import note_on_paper, notes_in, with_log

OLD, NEW = {"old": 300}, {"new": 300}


def _stopped(template: Path, file: Path) -> None:
    shutil.copy(template, file)
    note_on_paper(file, "old")


def _died(template: Path, file: Path) -> None:
    with_log(template, file, "old")


def _all_steps(folder: Path, template: Path, was: Callable[[Path, Path], None]) -> list[Path]:
    """Restore over what was, killed once at each step; return what each left."""
    start = folder / "start"
    start.mkdir()
    was(template, start / "one.db")
    shutil.copy(template, start / "copy.db")
    note_on_paper(start / "copy.db", "new")
    restoring = [sys.executable, "-m", "tests.faults.restoring", str(folder)]
    subprocess.run(restoring, cwd=ROOT, check=True, timeout=120)
    left = [one for one in folder.iterdir() if one.name.isdigit()]
    return sorted(left, key=lambda one: int(one.name))


@pytest.mark.parametrize("was", [_stopped, _died])
def test_either_is_there_whole(
    tmp_path: Path, sqlite_template: Path, was: Callable[[Path, Path], None]
) -> None:
    """As any program finds it; what was there is kept whole too; and restoring again ends it."""
    steps = _all_steps(tmp_path, sqlite_template, was)
    found = [notes_in(one / "one.db") for one in steps]

    assert len(steps) > 20
    assert found[0] == OLD
    assert found[-1] == NEW
    assert found == sorted(found, key=[OLD, NEW].index)  # the one, and from a step on the other
    for one in steps[::4]:
        if notes_in(one / "one.db") == OLD:  # and it goes on
            note_on_paper(one / "one.db", "later")
            kept = [notes_in(folder / "one.db") for folder in one.glob("one.db.replaced-*")]
            assert kept in ([], [OLD])
        restore(one / "copy.db", one / "one.db", "again")
        kept = [notes_in(folder / "one.db") for folder in one.glob("one.db.replaced-*")]
        assert notes_in(one / "one.db") == NEW
        assert OLD in kept or {**OLD, "later": 300} in kept
        assert not (one / "one.db.restoring").exists()


def _was_damaged(template: Path, file: Path) -> None:
    _died(template, file)
    with file.open("r+b") as octets:
        octets.write(b"rubbish!" * 512)


def test_what_was_damaged_is_kept_as_it_was(tmp_path: Path, sqlite_template: Path) -> None:
    """Each file of it, octet for octet, wherever the restore is killed; then the copy is there."""
    steps = _all_steps(tmp_path, sqlite_template, _was_damaged)
    was = {one.name: one.read_bytes() for one in (tmp_path / "start").glob("one.db*")}
    for one in steps[::2]:
        kept = one / "one.db.replaced-then"
        here = kept if kept.exists() else one
        names = [name for name in was if "shm" not in name]
        assert [(here / name).read_bytes() == was[name] for name in names] == [True, True]
        restore(one / "copy.db", one / "one.db", "again")
        assert notes_in(one / "one.db") == NEW

    assert notes_in(steps[-1] / "one.db") == NEW


async def _restore_by_command(gateway: Served, copy: str) -> tuple[int, str]:
    """Run ``rejoinder restore`` in the gateway's folder; return its exit code and its words."""
    ran = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "rejoinder.py"), "restore", copy, cwd=gateway.folder,
        env={"PATH": os.environ["PATH"]},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await ran.communicate()
    return ran.returncode or 0, said.decode()


async def test_a_service_goes_on_with_the_copy(tmp_path: Path) -> None:
    """While it runs nothing is restored. After it was killed it starts with what the copy has."""
    file = tmp_path / "rejoinder.db"
    async with served(tmp_path, rooms=("http",)) as gateway:
        async with gateway.admin() as admin:
            await an_app(admin)
            with (
                closing(sqlite3.connect(file)) as one,
                closing(sqlite3.connect(tmp_path / "copy.db")) as copy,
            ):
                one.backup(copy)
            await a_shop(admin, 3, quiet=True)
            running = await _restore_by_command(gateway, "copy.db")
        await gateway.kill()
        done = await _restore_by_command(gateway, "copy.db")
        await gateway.start()
        async with gateway.admin() as admin:
            apps = (await admin.get("/admin/apps")).json()["data"]
            rooms = (await admin.get("/v1/shop/conversations")).json()["data"]

    assert (running[0], "is in use by process" in running[1]) == (2, True)
    assert done[0] == 0, done[1]
    assert done[1].splitlines()[0] == "rejoinder.db is now the copy copy.db."
    assert "is kept in " in done[1]
    assert ([one["id"] for one in apps], rooms) == (["shop"], [])


async def test_a_server_is_not_restored_by_us(tmp_path: Path) -> None:
    """PostgreSQL has commands of its own."""
    (tmp_path / "rejoinder.toml").write_text('[database]\nurl = "postgresql://a@b/c"\n')
    ended = await _restore_by_command(Served(tmp_path), "copy.db")

    assert (ended[0], "pg_restore" in ended[1]) == (2, True)
