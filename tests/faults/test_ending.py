"""Somebody leaves in the midst of a mail: the peer, or the process that is asked to stop."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.peer import a_reply, connected, offer, to_data
from tests.faults.process import a_shop, an_app, served


async def test_who_leaves_in_the_midst_of_a_mail(tmp_path: Path) -> None:
    """A peer's vanishing posts nothing; SIGTERM lets the mail under way finish, and no other."""
    async with served(tmp_path) as gateway:
        async with gateway.admin() as admin:
            await an_app(admin)
            (address,) = await a_shop(admin, 1, quiet=True)
        port = gateway.ports["smtp"]
        async with connected(port) as vanishing:
            await vanishing.say(*to_data(address))
            vanishing.write(a_reply("Half of", "1").removesuffix(".\r\n"))
        async with connected(port) as under_way, connected(port) as idle:
            begun = await under_way.say(*to_data(address))
            head, body = a_reply("The whole.", "2").split("\r\n\r\n")
            under_way.write(f"{head}\r\n\r\n")
            gateway.ask_to_stop()
            told_idle = await idle.hear()
            with pytest.raises(ConnectionRefusedError):
                await offer(port, address, "Too late.", "3")
            under_way.write(body)
            told = await under_way.hear()
            code = await gateway.wait()

    assert begun.startswith("354")
    assert told_idle.startswith("421 4.3.2 ")
    assert told.startswith("250 ")
    assert code == 0
    with closing(sqlite3.connect(tmp_path / "rejoinder.db")) as connection:
        posted = connection.execute("SELECT text FROM message").fetchall()
        receipts = connection.execute("SELECT verdict FROM receipt").fetchall()
    assert posted == [("The whole.",)]
    assert receipts == [("accept",)]
