"""A copy that is doubted never swallows the one that proves itself, nor is it posted beside it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from sqlalchemy import update

from core.actions import converse
from core.address import Purpose, Token
from core.client.reach import in_process
from core.errors import InvalidRequest
from core.model.held import HeldReply, HeldState
from core.model.participant import Access
from core.model.receipt import Receipt
from core.store import apps, deliveries, held, receipts
from core.store.database import Database, Session
from core.store.engine.dialect import table_of
from core.verdict import Accept, Discard, Hold, Reason, Reject
from gateway.http.asgi import build
from gateway.inbound import admit
from gateway.mailboxes import commit
from gateway.release.held import release
from tests.support.copies import a_copy
from tests.support.people import APP, NOW
from tests.support.reception import BO, KEYS, Gateway, a_gateway

WORDS = "Yes, it is still there.\nCome on Friday at nine."
FOOTER = """

_______________________________________________
Velo mailing list
Velo@lists.example.org
https://lists.example.org/mailman/listinfo/velo"""
DIRECT = a_copy(WORDS)
REWRITTEN = a_copy(WORDS + FOOTER, From="Bo via Velo <velo@lists.example.org>")
RECODED = a_copy(WORDS, coding="base64", List_Id="<velo.lists.example.org>")
# Rewritten as lists do where the author's domain has a DMARC policy, or marked as a list's own.
DOUBTED = [
    pytest.param(REWRITTEN, id="from the list, with its footer"),
    pytest.param(a_copy(WORDS, From="velo@lists.example.org"), id="from the list, as it was"),
    pytest.param(RECODED, id="recoded"),
    pytest.param(
        a_copy(WORDS + FOOTER, Subject="[velo] Re: x", Precedence="list"), id="one of many"
    ),
    pytest.param(a_copy(WORDS, From="Bo <bo@forwarder.example>"), id="through a forwarder"),
]


@pytest.fixture
async def gateway(database: Database) -> Gateway:
    """Open the gateway."""
    return await a_gateway(database)


async def _offer(gateway: Gateway, mail: bytes) -> Accept | Hold:
    gateway.clock.move(1)
    verdict = await gateway.offer(mail)
    assert isinstance(verdict, Accept | Hold)
    return verdict


async def _held(gateway: Gateway) -> list[HeldReply]:
    return await gateway.database.read(lambda s: held.listed(s, APP, waiting_only=False, limit=50))


async def _receipts(gateway: Gateway) -> list[Receipt]:
    found = await gateway.database.read(lambda s: receipts.listed(s, APP, 50))
    return sorted(found, key=lambda one: one.received_at)


@asynccontextmanager
async def _operator(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    async with in_process(build(gateway.at, admin=True)) as admin:
        yield admin


@pytest.mark.parametrize("doubted", DOUBTED)
async def test_the_copy_that_proves_itself_is_posted(gateway: Gateway, doubted: bytes) -> None:
    """It takes the other's place, whose question is moot, and both receipts tell so."""
    first = await _offer(gateway, doubted)
    second = await _offer(gateway, DIRECT)
    (waited,) = await _held(gateway)
    before, after = await _receipts(gateway)

    assert isinstance(first, Hold)
    assert second == Accept(Reason.POSTED, after.id, after.message_id)
    assert await gateway.said() == [WORDS]
    assert (waited.state, waited.message_id) == (HeldState.POSTED, after.message_id)
    assert waited.ended_by == "another copy"
    assert (before.verdict, before.reason, before.message_id) == ("accept", "duplicate", None)
    assert after.id in before.detail
    assert after.evidence is not None
    assert after.evidence["instead_of"] == [before.id]


@pytest.mark.parametrize("doubted", DOUBTED)
async def test_what_was_posted_is_not_held_again(gateway: Gateway, doubted: bytes) -> None:
    """A list's copy that comes later is the same mail: nobody is asked about it."""
    first = await _offer(gateway, DIRECT)
    second = await _offer(gateway, doubted)
    asked = await gateway.database.read(
        lambda s: deliveries.listed(s, APP, waiting_only=False, limit=9)
    )

    assert isinstance(first, Accept)
    assert second == Accept(Reason.DUPLICATE, first.receipt_id)
    assert await _held(gateway) == []
    assert asked == []


@pytest.mark.parametrize("doubted", DOUBTED)
async def test_each_copy_after_both_is_a_duplicate(gateway: Gateway, doubted: bytes) -> None:
    """Offered once more, in either form, neither is held nor posted."""
    for mail in (doubted, DIRECT):
        await _offer(gateway, mail)
    again = [await _offer(gateway, mail) for mail in (doubted, DIRECT, a_copy(WORDS + FOOTER))]

    assert [one.reason for one in again] == [Reason.DUPLICATE] * 3
    assert await gateway.said() == [WORDS]
    assert len(await _receipts(gateway)) == 2


async def test_two_doubted_copies_wait_as_one(gateway: Gateway) -> None:
    """Their owner has one question to answer, and what is let go is said once."""
    first = await _offer(gateway, REWRITTEN)
    second = await _offer(gateway, a_copy(WORDS, List_Id="<velo.lists.example.org>"))
    (waits,) = await _held(gateway)
    await release(APP, waits.id, "owner", gateway.at)
    third = await _offer(gateway, DIRECT)

    assert (type(first), second) == (Hold, Accept(Reason.DUPLICATE, waits.receipt_id))
    assert third == Accept(Reason.DUPLICATE, waits.receipt_id)
    assert await gateway.said() == [WORDS]


async def test_a_mail_without_message_id_is_known_by_its_octets(gateway: Gateway) -> None:
    """The same octets below other headers: the straight copy is posted, and is one."""
    date = "Mon, 2 Nov 2026 10:00:00 +0000"
    by_list = a_copy(WORDS, Message_ID="", Date=date, List_Id="<velo.lists.example.org>")
    direct = a_copy(WORDS, Message_ID="", Date=date)
    heard = [await _offer(gateway, mail) for mail in (by_list, direct, by_list)]

    assert [one.reason for one in heard] == [
        Reason.MAILING_LIST,
        Reason.POSTED,
        Reason.DUPLICATE,
    ]
    assert await gateway.said() == [WORDS]


PUT = [{"Auto_Submitted": f"auto-{how}"} for how in ("forwarded", "replied")]


@pytest.mark.parametrize("put", [*PUT, {"X_Autoreply": "yes"}], ids=str)
async def test_a_copy_that_was_doubted_for_a_header_gives_way(
    gateway: Gateway, put: dict[str, str]
) -> None:
    """A forwarder put it there: the straight one, which has no such header, is posted."""
    first = await gateway.offer(a_copy(WORDS, **put))
    second = await _offer(gateway, DIRECT)
    third = await _offer(gateway, DIRECT)

    assert isinstance(first, Discard | Hold)
    assert [second.reason, third.reason] == [Reason.POSTED, Reason.DUPLICATE]
    assert await gateway.said() == [WORDS]


async def test_a_machines_mail_stays_held_by_whichever_way(gateway: Gateway) -> None:
    """What is doubted there is the mail itself: a list's subject before its own clears nothing."""
    away = a_copy("I am not here.", Subject="Out of office")
    first = await _offer(gateway, away)
    second = await _offer(gateway, a_copy("I am not here.", coding="base64", Subject="Re: x"))

    assert isinstance(first, Hold)
    assert second.reason is Reason.DUPLICATE
    assert [one.state for one in await _held(gateway)] == [HeldState.WAITING]
    assert await gateway.said() == []


async def test_who_let_the_doubted_copy_go_has_not_dropped_the_mail(gateway: Gateway) -> None:
    """What the operator dropped was the copy that nobody could prove."""
    await _offer(gateway, REWRITTEN)
    (one,) = await _held(gateway)
    async with _operator(gateway) as admin:
        await admin.post(f"/admin/held/{APP}/{one.id}/drop")
    second = await _offer(gateway, DIRECT)

    assert second.reason is Reason.POSTED
    assert [one.state for one in await _held(gateway)] == [HeldState.DROPPED]


async def test_releasing_what_was_posted_since_says_so(gateway: Gateway) -> None:
    """Neither the operator nor the owner makes a second message of it."""
    await _offer(gateway, REWRITTEN)
    await _offer(gateway, DIRECT)
    (one,) = await _held(gateway)

    def number(session: Session) -> int:
        app = apps.find(session, APP)
        assert app is not None
        return app.number

    token = KEYS.sign(Token(Purpose.HELD, await gateway.database.read(number), one.reference))
    async with _operator(gateway) as admin:
        told = await admin.post(f"/admin/held/{APP}/{one.id}/release")
        shown = (await admin.get(f"/admin/held/{APP}/{one.id}")).json()
    async with in_process(build(gateway.at)) as web:
        page = await web.post(f"/h/{token}", data={"do": "post"})

    assert (told.status_code, told.json()["errorCode"]) == (400, "ALREADY_DECIDED")
    assert "posted already" in told.text
    assert (shown["state"], shown["endedBy"]) == ("posted", "another copy")
    assert "was posted" in page.text
    assert await gateway.said() == [WORDS]


async def _forget_words(gateway: Gateway) -> None:
    """Make all receipts as they were before words were a key."""
    table = table_of(Receipt)
    await gateway.database.write(
        lambda s: s.connection().execute(update(table).values(words_key=None)) and None
    )


async def test_what_was_held_before_words_were_known_is_not_posted_again(
    gateway: Gateway,
) -> None:
    """At release it is read again and found; it ends, and the second try says the same."""
    await _offer(gateway, REWRITTEN)
    await _forget_words(gateway)
    await _offer(gateway, DIRECT)
    (one,) = await _held(gateway)
    with pytest.raises(InvalidRequest) as first:
        await release(APP, one.id, "owner", gateway.at)
    with pytest.raises(InvalidRequest) as again:
        await release(APP, one.id, "owner", gateway.at)
    (ended,) = await _held(gateway)
    before, after = await _receipts(gateway)

    assert (first.value.code, again.value.code) == ("ALREADY_POSTED", "ALREADY_DECIDED")
    assert (ended.state, ended.message_id) == (HeldState.POSTED, after.message_id)
    assert (before.verdict, before.reason) == ("accept", "duplicate")
    assert await gateway.said() == [WORDS]


async def test_what_was_released_is_known_by_its_words(gateway: Gateway) -> None:
    """Also one that was held before words were a key."""
    await _offer(gateway, REWRITTEN)
    await _forget_words(gateway)
    (one,) = await _held(gateway)
    await release(APP, one.id, "owner", gateway.at)

    assert (await _offer(gateway, DIRECT)).reason is Reason.DUPLICATE
    assert await gateway.said() == [WORDS]


async def test_letting_one_go_ends_the_wait_of_its_copies(gateway: Gateway) -> None:
    """Two that were held before anybody knew that they are one: one answer is enough."""
    await _offer(gateway, REWRITTEN)
    await _forget_words(gateway)
    await _offer(gateway, a_copy(WORDS, List_Id="<velo.lists.example.org>"))
    newest, oldest = await _held(gateway)
    message = await release(APP, oldest.id, "owner", gateway.at)
    after = await _held(gateway)

    assert newest.state is oldest.state is HeldState.WAITING
    assert [(one.state, one.message_id) for one in after] == [(HeldState.POSTED, message)] * 2
    assert await gateway.said() == [WORDS]


async def test_a_full_list_does_not_refuse_what_was_taken(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever offers a mail again hears what they heard, however many wait by now."""
    monkeypatch.setattr(commit, "MOST_HELD", 1)
    await _offer(gateway, REWRITTEN)
    again = await gateway.offer(REWRITTEN)
    other = await gateway.offer(a_copy("Something else.", From="eve@example.org"))

    assert again.reason is Reason.DUPLICATE
    assert isinstance(other, Reject)


async def test_a_mail_that_cannot_be_posted_changes_nothing(gateway: Gateway) -> None:
    """Who loses the right to write between RCPT and DATA is told so, and what waits goes on."""
    await _offer(gateway, REWRITTEN)
    address = await gateway.address()
    await admit(address, gateway.at)
    await gateway.database.write(lambda s: converse.change(s, BO, Access.READ, None, NOW) and None)
    verdict = await gateway.offer(DIRECT, address)
    (waits,) = await _held(gateway)
    (kept,) = await _receipts(gateway)

    assert isinstance(verdict, Reject)
    assert waits.state is HeldState.WAITING
    assert (kept.verdict, kept.reason) == ("hold", Reason.SENDER_MISMATCH)
