"""Copies of one mail that come in the same moment, by one process or two, are one message."""

import asyncio

import pytest

from core.errors import InvalidRequest
from core.model.held import HeldReply, HeldState
from core.store import held
from core.store.database import Database, open_database
from core.verdict import Reason, Verdict
from gateway.release.held import release
from tests.support.copies import a_copy
from tests.support.people import APP
from tests.support.reception import Gateway, a_gateway

WORDS = "Ja, das Fahrrad ist noch da: schön!\nKommen Sie am Freitag um neun."
FOOTER = """

_______________________________________________
Velo mailing list
Velo@lists.example.org
https://lists.example.org/mailman/listinfo/velo"""


@pytest.fixture
async def gateway(database: Database) -> Gateway:
    """Open the gateway."""
    return await a_gateway(database)


async def _held(gateway: Gateway) -> list[HeldReply]:
    return await gateway.database.read(lambda s: held.listed(s, APP, waiting_only=False, limit=50))


async def test_copies_at_once_are_posted_once(gateway: Gateway) -> None:
    """Eight ways, one moment, one message."""
    codings = ["8bit", "base64", "quoted-printable", "7bit"]
    mails = [
        a_copy("Yes, at nine.", "us-ascii", coding, Subject=f"{list_}Re: x")
        for coding in codings
        for list_ in ("", "[velo] ")
    ]
    heard = await asyncio.gather(*(gateway.offer(one) for one in mails))

    assert sorted(one.reason for one in heard) == [Reason.DUPLICATE] * 7 + [Reason.POSTED]
    assert await gateway.said() == ["Yes, at nine."]


async def test_two_processes_post_one_mail_once(postgresql_url: str) -> None:
    """Each has a copy, and the database knows one of them, turn after turn."""
    one, other = open_database(postgresql_url), open_database(postgresql_url)
    here = await a_gateway(one)
    there = Gateway(other)
    heard: list[Verdict] = []
    for turn in range(12):
        mails = [
            a_copy(f"{WORDS} {turn}", coding=coding, Message_ID=f"<{turn}@x>")
            for coding in ("8bit", "base64")
        ]
        heard += await asyncio.gather(here.offer(mails[0]), there.offer(mails[1]))
    said = await here.said()
    for database in (one, other):
        await database.close()

    assert sorted(one.reason for one in heard) == [Reason.DUPLICATE] * 12 + [Reason.POSTED] * 12
    assert said == [f"{WORDS} {turn}" for turn in range(12)]


async def test_a_proven_and_a_doubted_copy_at_once(gateway: Gateway) -> None:
    """Whichever is first, one message is said, and nothing is left to ask."""
    listed = {"List_Id": "<velo.lists.example.org>"}
    mails = [
        a_copy(WORDS),
        a_copy(WORDS + FOOTER, From="Bo via Velo <velo@lists.example.org>"),
        a_copy(WORDS, coding="base64"),
        a_copy(WORDS, coding="quoted-printable", **listed),
    ]
    await asyncio.gather(*(gateway.offer(mail) for mail in mails))

    assert await gateway.said() == [WORDS]
    assert HeldState.WAITING not in [one.state for one in await _held(gateway)]


async def test_two_processes_leave_nothing_to_ask(postgresql_url: str) -> None:
    """One gets the straight copy and one the list's, at the same moment, turn after turn."""
    one, other = open_database(postgresql_url), open_database(postgresql_url)
    here = await a_gateway(one)
    there = Gateway(other)
    for turn in range(12):
        name = {"Message_ID": f"<{turn}@x>"}
        text = f"{WORDS} {turn}"
        copies = [
            here.offer(a_copy(text, **name)),
            there.offer(a_copy(text + FOOTER, From="velo@lists.example.org", **name)),
        ]
        await asyncio.gather(*(copies if turn % 2 else reversed(copies)))
    said = await here.said()
    states = [one.state for one in await _held(here)]
    for database in (one, other):
        await database.close()

    assert said == [f"{WORDS} {turn}" for turn in range(12)]
    assert HeldState.WAITING not in states


async def test_letting_one_go_while_its_copy_comes(postgresql_url: str) -> None:
    """The owner answers in the same moment: one message, whoever is first."""
    one, other = open_database(postgresql_url), open_database(postgresql_url)
    here = await a_gateway(one)
    there = Gateway(other)

    async def let_go(held_id: str) -> None:
        try:
            await release(APP, held_id, "owner", there.at)
        except InvalidRequest as error:
            assert error.code in ("ALREADY_DECIDED", "ALREADY_POSTED")  # noqa: PT017

    for turn in range(12):
        name = {"Message_ID": f"<{turn}@x>"}
        await here.offer(a_copy(f"{WORDS} {turn}", From="velo@lists.example.org", **name))
        newest = (await _held(here))[0]
        await asyncio.gather(let_go(newest.id), here.offer(a_copy(f"{WORDS} {turn}", **name)))
    said = await here.said()
    states = {one.state for one in await _held(here)}
    for database in (one, other):
        await database.close()

    assert said == [f"{WORDS} {turn}" for turn in range(12)]
    assert states == {HeldState.POSTED}
