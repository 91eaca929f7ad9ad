"""The database's file is overwritten under a running gateway: nothing is lost that it was told."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.faults.peer import offer
from tests.faults.process import a_shop, an_app, served

ROOM = "/v1/shop/conversations/room-0"


def _overwrite(file: Path) -> None:
    """Write rubbish over the file, as a disk that fails or a copy gone wrong does."""
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # all that is known is in the file
    with file.open("r+b") as octets:
        octets.write(b"rubbish!" * (file.stat().st_size // 8))


async def test_a_damaged_file_puts_mail_off_and_is_named(tmp_path: Path) -> None:
    """4yz and 503, alive, and the log says what it is: only the operator can help."""
    async with served(tmp_path, rooms=("smtp", "http")) as gateway:
        port = gateway.ports["smtp"]
        async with gateway.admin() as admin, gateway.api() as api:
            await an_app(admin)
            (address,) = await a_shop(admin, 1, quiet=True)
            before = await offer(port, address, "Before.", "1")
            _overwrite(tmp_path / "rejoinder.db")
            after = await offer(port, address, "After.", "2")
            asked = await admin.get(ROOM)
            ready, alive = await api.get("/readyz"), await api.get("/healthz")
        running = gateway.alive
    log = (tmp_path / "serve.log").read_text("utf-8")

    assert before.startswith("250 ")
    assert after.startswith("451 4.3.0 ")
    assert (asked.status_code, asked.json()["errorCode"]) == (503, "UNAVAILABLE")
    assert (ready.status_code, alive.status_code, running) == (503, 200, True)
    assert "the database file is damaged" in log
