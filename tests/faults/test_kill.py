"""SIGKILL in the midst of the work: whatever was answered 250 is there, once, and told of."""

import asyncio
import email
import email.policy
import random
import sqlite3
from collections import defaultdict
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.process import SECONDS, a_shop, an_app, served
from tests.faults.senders import Mail, Senders
from tests.support.fake_relay import FakeRelay, Received

SEED = 5321
KILLS, ROOMS, MAILS_A_ROOM = 3, 30, 4
LINES = 5 * ROOMS * MAILS_A_ROOM
WORDS = ["apple", "bell", "cloud", "drum", "eagle", "fern", "glass", "honey", "island", "jacket",
         "kettle", "lemon", "market", "needle", "orange", "paper", "quiet", "river"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Left:
    """What was left behind when all was over."""

    offered: list[Mail]
    senders: Senders
    file: Path
    relayed: list[Received]
    code: int

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return what the database says."""
        with closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> Left:
    """Deliver mails to a gateway that is killed now and then, and let it finish its work."""
    return asyncio.run(_play(random.Random(SEED), tmp_path_factory.mktemp("kill")))


async def _play(chance: random.Random, folder: Path) -> Left:
    async with FakeRelay() as relay, served(folder, relay_port=relay.port) as gateway:
        async with gateway.admin() as admin:
            await an_app(admin)
            mails = _mails(chance, await a_shop(admin, ROOMS))
        moments = sorted(chance.sample(range(LINES // 10, LINES * 9 // 10), KILLS))
        senders = Senders(gateway, list(mails), moments)
        await senders.deliver()
        async with gateway.admin() as admin:
            await _all_is_sent(admin, relay)
        gateway.ask_to_stop()
        return Left(mails, senders, folder / "rejoinder.db", relay.mails, await gateway.wait())


def _mails(chance: random.Random, addresses: list[str]) -> list[Mail]:
    """Return mails to every conversation, mixed, no two alike."""
    mails = [
        Mail(address, f"room-{number}", f"{' '.join(chance.sample(WORDS, 6))} {number}.{nth}")
        for number, address in enumerate(addresses)
        for nth in range(MAILS_A_ROOM)
    ]
    chance.shuffle(mails)
    return mails


async def _all_is_sent(admin: httpx.AsyncClient, relay: FakeRelay) -> None:
    """Wait until nothing is owed and nothing waits to leave."""
    async with asyncio.timeout(SECONDS):
        while any((await admin.get("/admin/queue")).json().values()):
            with suppress(TimeoutError):
                await asyncio.wait_for(relay.next_mail(), 0.2)


def test_nothing_is_lost_and_nothing_is_doubled(left: Left) -> None:
    """Every mail that was answered 250 is in its conversation exactly once."""
    posted = left.rows("SELECT conversation_id, text FROM message WHERE origin = 'email'")

    assert sorted(posted) == sorted((mail.room, mail.words) for mail in left.offered)
    assert sorted(map(str, left.senders.accepted)) == sorted(map(str, left.offered))
    assert left.senders.broken >= KILLS  # the kills did meet mails under way


def test_messages_are_numbered_without_gaps(left: Left) -> None:
    """In each conversation the numbers are 1, 2, 3 and so on."""
    numbers = left.rows("SELECT conversation_id, seq FROM message ORDER BY conversation_id, seq")

    expected = [(f"room-{room}", n + 1) for room in range(ROOMS) for n in range(MAILS_A_ROOM)]
    assert numbers == sorted(expected)


def test_every_mail_has_one_receipt(left: Left) -> None:
    """Each receipt names its own message."""
    receipts = left.rows(
        "SELECT m.text FROM receipt JOIN message m ON m.id = message_id WHERE verdict = 'accept'"
    )

    assert sorted(text for (text,) in receipts) == sorted(mail.words for mail in left.offered)


def test_the_file_is_sound(left: Left) -> None:
    """SQLite finds nothing wrong with it, and no reference leads nowhere."""
    assert left.rows("PRAGMA integrity_check") == [("ok",)]
    assert left.rows("PRAGMA foreign_key_check") == []


def test_every_digest_that_is_owed_is_sent(left: Left) -> None:
    """Each message stands in a mail to Ann that the relay got, and nobody else got any."""
    told = "\n".join(_text_of(mail) for mail in left.relayed)

    assert [mail.words for mail in left.offered if mail.words not in told] == []
    assert {mail.recipients for mail in left.relayed} == {("ann@example.net",)}
    assert left.rows("SELECT count(*) FROM pending") == [(0,)]
    assert left.rows("SELECT DISTINCT state FROM delivery") == [("accepted",)]


def test_a_digest_that_is_sent_again_is_the_same(left: Left) -> None:
    """What was on the wire when the process died may come again: the same octets, once a kill."""
    copies = defaultdict(list)
    for mail in left.relayed:
        copies[email.message_from_bytes(mail.content)["Message-ID"]].append(mail.content)

    assert all(len(set(same)) == 1 for same in copies.values())
    assert max(len(same) for same in copies.values()) <= 1 + KILLS
    assert left.rows("SELECT count(*) FROM delivery") == [(len(copies),)]


def test_it_stops_when_it_is_asked_to(left: Left) -> None:
    """After all this, SIGTERM still ends it with 0."""
    assert left.code == 0


def _text_of(mail: Received) -> str:
    """Return a digest's plain text."""
    parsed = email.message_from_bytes(mail.content, policy=email.policy.default)
    body = parsed.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
