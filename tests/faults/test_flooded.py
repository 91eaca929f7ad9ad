"""Somebody who holds an address writes without end: others notice nothing, the disk little."""

import base64
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from core.address import Keyring, Purpose, Token, local_part
from tests.faults.peer import Peer, connected, offer, to_data
from tests.faults.process import KEY, a_shop, an_app, served
from tests.support.fake_relay import FakeRelay

KEYS = Keyring({1: bytes.fromhex(KEY)}, 1)
ROOM = "/v1/shop/conversations/room-0"
AWAY = "Auto-Submitted: auto-replied\r\n"
LARGE = base64.encodebytes(os.urandom(300_000)).decode().replace("\n", "\r\n")
FEW = ("--set", "budgets.reply_mails=4", "--set", "budgets.unposted_mails=3",
       "--set", "budgets.unposted_bytes=1000000", "--log-level", "info")  # fmt: skip


async def _sent(peer: Peer, address: str, number: int, head: str = "") -> str:
    """Offer a mail of 400 KB on a line that stays open, as far as it is heard."""
    for line in to_data(address)[1:]:
        heard = await peer.say(line)
        if heard[0] in "45":
            await peer.say("RSET")
            return f"{line[:4]} {heard[:9]}"
    peer.write(
        f"From: bo@example.net\r\nMessage-ID: <{number}@x.test>\r\n{head}\r\n{number}\r\n"
        f"{LARGE}\r\n.\r\n"
    )
    return (await peer.hear())[:9]


def _on_disk(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("rejoinder.db*") if file.is_file())


def _other(address: str, purpose: Purpose) -> str:
    """Return the same person's address for another purpose."""
    token = KEYS.read(Purpose.REPLY, address.partition("@")[0][2:])
    assert token is not None
    made = Token(purpose, token.app_number, token.reference)
    return f"{local_part(purpose, KEYS.sign(made))}@reply.test"


async def test_floods_are_put_off_and_leave_headers(tmp_path: Path) -> None:
    """Replies are 452 from RCPT on; machines' mails and opt-outs are taken and hardly kept."""
    async with FakeRelay() as relay, served(tmp_path, *FEW, relay_port=relay.port) as gateway:
        port = gateway.ports["smtp"]
        async with gateway.admin() as admin, connected(port) as peer:
            await an_app(admin)
            address, others = await a_shop(admin, 2, quiet=True)
            stop = _other(address, Purpose.OPT_OUT)
            await peer.say("EHLO mx.test")
            before = _on_disk(tmp_path)
            away = [await _sent(peer, address, n, AWAY) for n in range(9)]
            stopped = [await _sent(peer, stop, n) for n in range(9)]
            grown = _on_disk(tmp_path) - before
            said = [await offer(port, address, f"No. {n}.", str(n)) for n in range(6)]
            late = await _sent(peer, address, 99)
            other = await offer(port, others, "I am somebody else.", "1")
            posted = (await admin.get(f"{ROOM}/messages")).json()["data"]
            mails = (await admin.get("/v1/shop/receipts?limit=100")).json()["data"]
            headers = next(one["id"] for one in mails if one["kept"] == "headers")
            raw = (await admin.get(f"/admin/receipts/shop/{headers}/raw")).json()
            replayed = await admin.post(f"/admin/receipts/shop/{headers}/replay")
        log = (tmp_path / "serve.log").read_text("utf-8").splitlines()

    assert {*away, *stopped, other[:9]} == {"250 2.0.0"}
    assert grown < 4_000_000  # of more than seven
    assert [one[:9] for one in said] == ["250 2.0.0"] * 4 + ["452 4.2.2"] * 2
    assert late == "RCPT 452 4.2.2"
    assert len(posted) == 4
    assert Counter(one["kept"] for one in mails) == {"whole": 4 + 2 + 1, "headers": 4}
    assert (raw["kept"], b"Message-ID" in base64.b64decode(raw["raw"])) == ("headers", True)
    assert (replayed.status_code, replayed.json()["errorCode"]) == (404, "HEADERS_ONLY")
    told = [json.loads(line) for line in log if "mail.budget_spent" in line]
    assert [_told(one) for one in told] == [("unposted", "room-0"), ("words", "room-0")]


def _told(line: dict[str, Any]) -> tuple[str, str]:
    return line["account"], line["conversation"]
