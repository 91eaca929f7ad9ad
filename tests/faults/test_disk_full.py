"""The disk takes no more, neither the database's words nor the log's: nothing is lost by it."""

import asyncio
import resource
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.faults.peer import a_reply, connected, offer, to_data
from tests.faults.process import SECONDS, Served, a_shop, an_app, served
from tests.support.fake_relay import FakeRelay

ROOM = "/v1/shop/conversations/room-0"
NO_LIMIT = resource.RLIM_INFINITY


def _let_files_grow_to(octets: int, gateway: Served) -> None:
    """Let no write of the process succeed beyond an offset: with 0, none does."""
    resource.prlimit(gateway.process.pid, resource.RLIMIT_FSIZE, (octets, NO_LIMIT))


async def test_a_full_disk_puts_mail_off(tmp_path: Path) -> None:
    """4yz and 503 while it is full, though it cannot even be logged; then the same mail, once."""
    async with FakeRelay() as relay, served(tmp_path, relay_port=relay.port) as gateway:
        port = gateway.ports["smtp"]
        async with gateway.admin() as admin, connected(port) as under_way:
            await an_app(admin)
            (address,) = await a_shop(admin, 1, quiet=True)
            before = await offer(port, address, "Before.", "1")
            begun = await under_way.say(*to_data(address))
            _let_files_grow_to(0, gateway)
            under_way.write(a_reply("Meanwhile.", "2"))
            full = [await under_way.hear(), await offer(port, address, "Meanwhile.", "2")]
            said = {"type": "UserMessage", "sender": "ann", "text": "Unsaid."}
            refused = await admin.post(f"{ROOM}/messages", json=[said])
            _let_files_grow_to(NO_LIMIT, gateway)
            after = await offer(port, address, "Meanwhile.", "2")
            await admin.put("/v1/shop/roles/default", json={"emailEnabled": True})
            await offer(port, address, "And told.", "3")
            async with asyncio.timeout(SECONDS):
                # a digest of what was said before may come first, not decided on until now
                await relay.mail_with(b"And told.")
            posted = (await admin.get(f"{ROOM}/messages")).json()["data"]
        gateway.ask_to_stop()
        code = await gateway.wait()

    assert [before[:3], begun[:3], after[:3]] == ["250", "354", "250"]
    assert {answer[:10] for answer in full} == {"451 4.3.0 "}
    assert (refused.status_code, refused.json()["errorCode"]) == (503, "UNAVAILABLE")
    assert [one["text"] for one in posted] == ["And told.", "Meanwhile.", "Before."]
    assert (gateway.starts, code) == (1, 0)
    with closing(sqlite3.connect(tmp_path / "rejoinder.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
