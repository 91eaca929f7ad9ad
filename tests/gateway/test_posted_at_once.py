"""On PostgreSQL an ordinary mail is one statement: all of it, or none of it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.actions import converse
from core.model.change import ChangeKind
from core.model.message import Message, MessageKind, Origin
from core.model.participant import Access, Notify
from core.model.receipt import Receipt
from core.model.webhook import WebhookEndpoint
from core.store import changes, messages, pending, posting, receipts
from core.store.database import Database, Session, open_database
from core.store.rows import fresh, row_of
from core.verdict import Accept, Reason, Reject
from gateway.inbound import admit
from tests.support.people import APP, NOW, ROOM, a_user
from tests.support.reception import BO, Gateway, a_gateway, a_mail

_OF_ITS_OWN = {"id", "seq", "message_id", "mail_message_id", "dedupe_key", "raw", "size"}
_OF_ITS_OWN |= {"words_key"}


@pytest.fixture
async def gateway(postgresql_url: str) -> AsyncIterator[Gateway]:
    """Open the gateway on PostgreSQL."""
    database = open_database(postgresql_url)
    yield await a_gateway(database)
    await database.close()


class StepByStep:
    """A database that wants everything in a transaction of several statements."""

    embedded = True

    def __init__(self, database: Database) -> None:
        """Pass everything else on."""
        self._database = database

    def __getattr__(self, name: str) -> Any:
        """Return what the database has."""
        return getattr(self._database, name)


def _alike(noun: Any) -> dict[str, Any]:
    """Return what two mails of the same words have in common."""
    return {name: value for name, value in row_of(noun).items() if name not in _OF_ITS_OWN}


async def test_both_ways_leave_the_same_behind(gateway: Gateway) -> None:
    """Message, receipt, debt and log do not tell by which way they came."""
    by_steps = Gateway(StepByStep(gateway.database))
    await gateway.offer(a_mail(Message_ID="<1@x>"))
    owed = await gateway.database.read(lambda s: pending.of_app(s, APP, 9))
    await by_steps.offer(a_mail(Message_ID="<2@x>"))
    said = await gateway.database.read(lambda s: messages.page(s, APP, ROOM, 2, None))
    kept = await gateway.database.read(lambda s: receipts.listed(s, APP, 9))
    logged = await gateway.database.read(lambda s: changes.after(s, APP, ROOM, 0, 99))

    assert [one.number for one in logged] == list(range(1, len(logged) + 1))
    assert [(one.kind, one.user_id, one.message_id, one.at) for one in logged[-2:]] == [
        (ChangeKind.MESSAGE_SENT, one.sender_id, one.id, one.created_at) for one in reversed(said)
    ]
    assert _alike(said[0]) == _alike(said[1])
    assert _alike(kept[0]) == _alike(kept[1])
    assert {one.message_id for one in kept} == {one.id for one in said}
    assert [(one.user_id, one.first_seq) for one in owed if one.user_id == "ann"] == [("ann", 2)]


async def test_numbers_have_no_gaps_whoever_speaks_at_once(gateway: Gateway) -> None:
    """Thirty mails to one conversation wait for each other, and each is there once."""
    verdicts = await asyncio.gather(
        *(gateway.offer(a_mail(f"No. {n}", Message_ID=f"<{n}@x>")) for n in range(30))
    )
    found = await gateway.database.read(lambda s: messages.page(s, APP, ROOM, 50, None))

    assert {one.reason for one in verdicts} == {Reason.POSTED}
    assert [one.seq for one in reversed(found)] == list(range(1, 32))
    assert {one.text for one in found[:-1]} == {f"No. {n}" for n in range(30)}


async def test_who_loses_the_right_to_write_between_rcpt_and_data_leaves_nothing(
    gateway: Gateway,
) -> None:
    """The statement asks again: neither message nor receipt, so a later try is no duplicate."""
    address = await gateway.address()
    admitted = await admit(address, gateway.at)
    await gateway.database.write(lambda s: converse.change(s, BO, Access.READ, None, NOW) and None)
    refused = await gateway.offer(a_mail(), address)
    kept = await gateway.database.read(lambda s: receipts.listed(s, APP, 9))
    await gateway.database.write(
        lambda s: converse.change(s, BO, Access.READ_WRITE, None, NOW) and None
    )
    again = await gateway.offer(a_mail(), address)

    assert isinstance(admitted, Accept)
    assert isinstance(refused, Reject)
    assert refused.reason is Reason.NO_ACCESS
    assert kept == []
    assert again.reason is Reason.POSTED


def _receipt() -> Receipt:
    return fresh(
        Receipt,
        app_id=APP,
        id="rcp_1",
        received_at=NOW,
        reverse_path="bo@x",
        recipient="r+…@reply.test",
        dedupe_key="k",
        size=1,
        verdict="accept",
        reason=Reason.POSTED.value,
    )


def _message(room: str, sender: str) -> Message:
    return fresh(
        Message,
        app_id=APP,
        id="msg_1",
        conversation_id=room,
        seq=0,
        type=MessageKind.USER,
        sender_id=sender,
        text="Yes",
        origin=Origin.EMAIL,
        created_at=NOW,
    )


@pytest.mark.parametrize(
    ("room", "sender"),
    [
        pytest.param("gone", "bo", id="a conversation that is gone"),
        pytest.param(ROOM, "cy", id="an author who was never there"),
        pytest.param(ROOM, "di", id="an author who has left"),
        pytest.param(ROOM, "ed", id="an author who may only read"),
    ],
)
async def test_a_receipt_is_never_kept_without_its_message(
    gateway: Gateway, room: str, sender: str
) -> None:
    """A mail whose receipt stood alone would be a duplicate for ever, and never posted."""

    def others(session: Session) -> None:
        for name, access in (("di", Access.READ_WRITE), ("ed", Access.READ)):
            a_user(session, name)
            converse.join(session, (APP, ROOM, name), access, Notify.ALL, NOW)
        converse.leave(session, (APP, ROOM, "di"), NOW)

    await gateway.database.write(others)
    number = await gateway.database.write_at_once(
        lambda s: posting.post(s, _receipt(), _message(room, sender), [])
    )

    assert number is None
    assert await gateway.database.read(lambda s: receipts.listed(s, APP, 9)) == []


async def test_many_are_owed_and_listeners_are_told(gateway: Gateway) -> None:
    """What one statement is not made for is done step by step: nobody is left out."""

    def crowd(session: Session) -> None:
        for n in range(posting.MOST_OWED + 4):
            a_user(session, f"user-{n}")
            converse.join(session, (APP, ROOM, f"user-{n}"), Access.READ_WRITE, Notify.ALL, NOW)

    def listen(session: Session) -> None:
        session.add(WebhookEndpoint(app_id=APP, id="w", url="http://x.test", created_at=NOW))

    await gateway.database.write(crowd)
    await gateway.offer(a_mail("first", Message_ID="<1@x>"))
    owed = await gateway.database.read(lambda s: pending.of_app(s, APP, 99))
    await gateway.database.write(listen)
    before = await gateway.database.read(lambda s: changes.last_number(s, APP, ROOM))
    await gateway.offer(a_mail("second", Message_ID="<2@x>"))
    after = await gateway.database.read(lambda s: changes.last_number(s, APP, ROOM))

    assert {f"user-{n}" for n in range(posting.MOST_OWED + 4)} <= {one.user_id for one in owed}
    assert await gateway.said() == ["first", "second"]
    assert after > before
