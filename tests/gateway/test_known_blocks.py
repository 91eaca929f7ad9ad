"""How a person's mails end is learnt from what is posted, folded, bounded and forgotten."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from core.actions.erase import erase
from core.actions.forget import Keeping, forget
from core.address import Keyring
from core.model.known_block import BlocksOf, KnownBlocks
from core.moment import DAY
from core.rules import block_memory
from core.store import known_blocks, receipts
from core.store.database import Database, Session, open_database
from core.store.engine.dialect import table_of
from core.store.known_blocks import Lesson
from core.verdict import Reason
from gateway.http.asgi import build
from gateway.inbound import admit
from gateway.release.replay import replay
from tests.support.people import APP, NOW
from tests.support.reception import KEYS, Gateway, a_gateway, a_mail

SIGNATURE = """\
Ізгі тілекпен,
Айгерім Сейтқали
«Көкжиек» баспасы, 1050 Алматы
+7 727 233 40 18

Бұл хат тек алушыға арналған.
Қате келсе, өшіріп тастаңыз."""


@pytest.fixture
async def gateway(database: Database) -> Gateway:
    """Open the gateway."""
    return await a_gateway(database)


def _mail(text: str, number: int, end: str = SIGNATURE, **headers: str) -> bytes:
    return a_mail(f"{text}\n\n{end}", Message_ID=f"<{number}@x>", **headers)


async def _taught(gateway: Gateway, *texts: str) -> None:
    for number, text in enumerate(texts):
        await gateway.offer(_mail(text, number))


async def _kept(database: Database) -> list[tuple[str, str, bytes]]:
    def work(session: Session) -> Sequence[Any]:
        table = table_of(KnownBlocks)
        return (
            session.connection().execute(select(table.c.whose, table.c.owner, table.c.packed)).all()
        )

    return [(row[0], row[1], row[2]) for row in await database.read(work)]


async def _times(database: Database) -> list[int]:
    return [
        times
        for whose, _, packed in await _kept(database)
        if whose == BlocksOf.PERSON
        for times in block_memory.of_person(packed).values()
    ]


async def test_what_ended_earlier_mails_is_folded(gateway: Gateway) -> None:
    """A signature that no list of words knows is posted once or twice, and then no more."""
    await _taught(gateway, "Yes.", "At nine, by the gate.")
    last = await gateway.says(_mail("Bring a torch, please.", 9))

    assert last == "Bring a torch, please."


async def test_a_signature_alone_is_posted(gateway: Gateway) -> None:
    """Whoever answers with their address gives it, however often it stood in their mails."""
    await _taught(gateway, "Yes.", "No.", "Perhaps.")
    said = await gateway.says(_mail("Hello Ann,", 9))

    assert said is not None
    assert "+7 727 233 40 18" in said


async def test_the_same_mail_again_teaches_nothing(gateway: Gateway) -> None:
    """Offered five times it counts as one."""
    verdicts = [await gateway.offer(_mail("Yes.", 1)) for _ in range(5)]

    assert [one.reason for one in verdicts][1:] == [Reason.DUPLICATE] * 4
    assert set(await _times(gateway.database)) == {1}


async def test_a_mail_that_is_held_teaches_nothing(gateway: Gateway) -> None:
    """Nobody may teach us to fold another's words."""
    for number in range(3):
        await gateway.offer(_mail("Yes.", number, From="eve@example.org"))

    assert await _kept(gateway.database) == []


async def test_short_answers_are_not_even_remembered(gateway: Gateway) -> None:
    """What everybody says leaves nothing behind, and is posted each time."""
    for number in range(4):
        await gateway.offer(a_mail("Ok, thanks!", Message_ID=f"<{number}@x>"))

    assert await gateway.said() == ["Ok, thanks!"] * 4
    assert await _kept(gateway.database) == []


async def test_nothing_is_remembered_where_that_is_not_wished(database: Database) -> None:
    """With endings_days at 0 each mail is read as if it were the first."""
    gateway = await a_gateway(database, remembers=False)
    await _taught(gateway, "Yes.", "No.", "Perhaps.")

    assert await _kept(database) == []


async def test_no_word_is_in_what_is_kept(gateway: Gateway) -> None:
    """Digests, and of a person one row, whatever they write."""
    for number in range(20):
        await gateway.offer(_mail(f"One\ntwo\n\nthree {number}\nfour", number))
    ((_, owner, packed),) = await _kept(gateway.database)

    assert owner == "bo"
    assert len(block_memory.of_person(packed)) <= block_memory.MOST_OF_PERSON
    assert len(packed) < 200
    assert b"727" not in packed


async def test_a_reply_takes_no_more_ways_to_the_database(
    postgresql_url: str,
) -> None:
    """RCPT looks up, DATA posts: what is known comes and goes with these."""
    database = open_database(postgresql_url)
    ways: list[str] = []

    class Counting:
        def __getattr__(self, name: str) -> Any:
            ways.append(name)
            return getattr(database, name)

    await _taught(await a_gateway(database), "Yes.")
    gateway = Gateway(Counting())
    address = await gateway.address()
    ways.clear()
    await admit(address, gateway.at)
    verdict = await gateway.offer(_mail("No.", 7), address)
    times = await _times(database)
    await database.close()

    assert verdict.reason is Reason.POSTED
    assert ways == ["glance", "embedded", "write_at_once"]
    assert set(times) == {2}


async def test_mails_at_once_leave_one_list(gateway: Gateway) -> None:
    """Of several at once some teach nothing, none fails, and no count is too high."""
    verdicts = await asyncio.gather(
        *(gateway.offer(_mail(f"No. {number}", number)) for number in range(12))
    )

    assert {one.reason for one in verdicts} == {Reason.POSTED}
    assert len(await _kept(gateway.database)) == 1
    assert 1 <= max(await _times(gateway.database)) <= 12


async def test_two_processes_at_once_lose_no_list(postgresql_url: str) -> None:
    """Each writes only over what it has read; the later one teaches nothing."""
    one, other = open_database(postgresql_url), open_database(postgresql_url)
    here = await a_gateway(one)
    there = Gateway(other)
    for turn in range(6):
        await asyncio.gather(
            here.offer(_mail(f"here {turn}", 2 * turn)),
            there.offer(_mail(f"there {turn}", 2 * turn + 1)),
        )
    kept = await _kept(one)
    said = await here.says(_mail("And now?", 99))
    for database in (one, other):
        await database.close()

    assert len(kept) == 1
    assert said == "And now?"


async def test_a_stale_lesson_is_not_learnt(database: Database) -> None:
    """What was worked out from a list that is no longer so changes nothing."""
    first = Lesson(APP, BlocksOf.PERSON, "bo", b"", b"a" * 11, DAY)
    stale = Lesson(APP, BlocksOf.PERSON, "bo", b"", b"b" * 11, DAY)
    after = Lesson(APP, BlocksOf.PERSON, "bo", b"a" * 11, b"c" * 11, DAY)
    kept = [
        await database.write(partial(known_blocks.keep, lessons=[one]))
        for one in (first, stale, after)
    ]

    assert kept == [1, 0, 1]
    assert [packed for _, _, packed in await _kept(database)] == [b"c" * 11]


async def test_nothing_is_left_of_who_is_erased(gateway: Gateway) -> None:
    """Their list goes, and their part in that of each domain; others' stays."""
    await _taught(gateway, "Yes.", "No.")
    digest = block_memory.digest_of("the firm's", b"0123456789abcdef")
    secret = KEYS.keys[KEYS.current]
    marks = {name: block_memory.mark_of(secret, APP, name) for name in ("ann", "bo")}
    packed = b""
    for mark in marks.values():
        packed = block_memory.learnt_of_domain(packed, [digest], mark, NOW)
    own = block_memory.learnt_of_domain(b"", [digest], marks["bo"], NOW)
    lessons = [
        Lesson(APP, BlocksOf.DOMAIN, "a.example", b"", packed, NOW),
        Lesson(APP, BlocksOf.DOMAIN, "b.example", b"", own, NOW),
    ]
    await gateway.database.write(lambda s: known_blocks.keep(s, lessons))
    await erase(gateway.database, APP, "bo", NOW, frozenset({marks["bo"]}))
    kept = await _kept(gateway.database)

    assert [(whose, owner) for whose, owner, _ in kept] == [("domain", "a.example")]
    assert marks["bo"] not in kept[0][2]
    assert marks["ann"] in kept[0][2]


async def test_what_ends_no_mail_any_more_is_forgotten(gateway: Gateway) -> None:
    """A block that stood in no mail for so many days goes, and the list with its last."""
    await _taught(gateway, "Yes.")
    gateway.clock.move(90 * DAY)
    await gateway.offer(_mail("No.", 7, end="Gruß\nBo\nWerft Nord\n+49 4841 77 12 03"))
    keeping = Keeping(endings_days=180)
    young = await forget(gateway.database, keeping, NOW + 179 * DAY)
    before = len(await _times(gateway.database))
    old = await forget(gateway.database, keeping, NOW + 182 * DAY)
    left = len(await _times(gateway.database))
    gone = await forget(gateway.database, keeping, NOW + 272 * DAY)
    again = await forget(gateway.database, keeping, NOW + 272 * DAY)

    assert [one["endings"] for one in (young, old, gone, again)] == [0, 1, 1, 0]
    assert before > left > 0
    assert await _kept(gateway.database) == []


async def test_who_is_erased_by_the_api_leaves_no_mark(gateway: Gateway) -> None:
    """The API knows by which marks they are counted, under each key of the install."""
    at = replace(gateway.at, keys=Keyring({1: KEYS.keys[1], 2: b"a newer key of sixteen o"}, 2))
    domains = []
    for number, secret in at.keys.keys.items():
        mark = block_memory.mark_of(secret, APP, "bo")
        packed = block_memory.learnt_of_domain(b"", [b"12345678"], mark, NOW)
        domains.append(Lesson(APP, BlocksOf.DOMAIN, f"{number}.example", b"", packed, NOW))
    await gateway.database.write(lambda s: known_blocks.keep(s, domains))
    transport = httpx.ASGITransport(build(at, admin=True))
    async with httpx.AsyncClient(transport=transport, base_url="http://here.test") as operator:
        answer = await operator.delete(f"/v1/{APP}/users/bo")

    assert answer.status_code == 200
    assert await _kept(gateway.database) == []


async def test_who_reads_in_a_child_knows_it_too(gateway: Gateway) -> None:
    """A receipt that is read again is read with what is known of its author."""
    await _taught(gateway, "Yes.", "No.", "Perhaps.")
    (one, *_) = await gateway.database.read(lambda s: receipts.listed(s, APP, 9))
    reading, _ = await replay(APP, one.id, gateway.at)

    assert reading.text in {"Yes.", "No.", "Perhaps."}
