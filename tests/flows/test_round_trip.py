"""The whole job over real sockets: a missed message leaves as a mail, the reply comes back."""

import asyncio
import email
import email.policy
import smtplib
from collections.abc import AsyncIterator

import pytest

from core.actions import opt_out
from core.clock import SetClock
from core.model.delivery import Delivery, State
from core.moment import HOUR, MINUTE
from core.store import deliveries, messages
from core.store.database import Database, Session
from gateway.context import Context
from gateway.smtp.handler import MailHandler
from gateway.smtp.listener import Listening, listening
from tests.support.fake_relay import FakeRelay
from tests.support.notifying import KEYS, notifying, until
from tests.support.people import APP, NOW, ROOM, a_conversation, says


@pytest.fixture
async def relay() -> AsyncIterator[FakeRelay]:
    """Run a relay on loopback that does as it is told."""
    async with FakeRelay() as running:
        yield running


async def _ended(database: Database) -> list[Delivery]:
    """Wait until no delivery is under way, and return them all."""

    async def quiet() -> bool:
        found = await database.read(
            lambda s: deliveries.listed(s, APP, waiting_only=False, limit=9)
        )
        return bool(found) and all(one.next_attempt_at is None for one in found)

    await until(quiet)
    return await database.read(lambda s: deliveries.listed(s, APP, waiting_only=False, limit=9))


async def _was_put_off(database: Database) -> None:
    """Wait until it is written down why the delivery waits."""

    async def tried() -> bool:
        found = await database.read(lambda s: deliveries.listed(s, APP, waiting_only=True, limit=9))
        return bool(found) and found[0].reason is not None

    await until(tried)


async def _missed(database: Database, clock: SetClock) -> None:
    """Let Bo miss a message, and time pass until word of it is due."""

    def said(session: Session) -> None:
        a_conversation(session, "ann", "bo")
        says(session, "ann", "Is the red bike still there?")

    await database.write(said)
    clock.moment = NOW + 2 * MINUTE


async def test_a_mail_goes_out_and_the_reply_comes_back(
    database: Database, relay: FakeRelay, clock: SetClock
) -> None:
    """Bo answers the mail he got, quoting it, and only his words are posted."""
    await _missed(database, clock)
    async with notifying(database, relay, clock):
        got = await relay.next_mail()
    mail = email.message_from_bytes(got.content, policy=email.policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    to = mail["Reply-To"].addresses[0].addr_spec
    quoted = "".join(f"> {line}\r\n" for line in text.splitlines())
    reply = (
        f"From: bo@example.net\r\nTo: {to}\r\nMessage-ID: <r@x>\r\n"
        f"In-Reply-To: {mail['Message-ID']}\r\n\r\nYes, it is!\r\n\r\n"
        f"On Sat, 21 Nov 2026, Ann via Acme <n@app.test> wrote:\r\n{quoted}"
    )
    at = Context(database, clock, KEYS, "http://n.test", "reply.test")
    async with listening(Listening(), MailHandler(at)) as listener:

        def answer() -> None:
            with smtplib.SMTP("127.0.0.1", listener.port) as peer:
                peer.sendmail("bo@example.net", [to], reply.encode())

        await asyncio.to_thread(answer)
    newest = await database.read(lambda s: messages.page(s, APP, ROOM, 1, None))

    assert got.recipients == ("bo@example.net",)
    assert got.reverse_path.startswith("b+")
    assert [(one.text, one.sender_id, one.origin) for one in newest] == [
        ("Yes, it is!", "bo", "email")
    ]


async def test_a_refusal_for_now_is_tried_again(
    database: Database, relay: FakeRelay, clock: SetClock
) -> None:
    """A 4xx is written down, and the mail leaves when its next attempt is due."""
    relay.refuse("RCPT", "450 4.2.1 Busy")
    await _missed(database, clock)
    async with notifying(database, relay, clock) as nudge:
        await _was_put_off(database)
        clock.move(HOUR)
        nudge()
        await relay.next_mail()
        (ended,) = await _ended(database)

    assert (ended.state, ended.attempts) == (State.ACCEPTED, 2)


async def test_an_uncertain_mail_is_sent_once_more_with_the_same_octets(
    database: Database, relay: FakeRelay, clock: SetClock
) -> None:
    """The line broke after the content: the same mail again, and then it rests."""
    relay.drop("DOT", 2)
    await _missed(database, clock)
    async with notifying(database, relay, clock):
        (ended,) = await _ended(database)

    first, second = relay.contents
    assert ended.state is State.UNCERTAIN
    assert (ended.attempts, ended.crashes) == (2, 2)
    assert first == second


async def test_who_opts_out_before_it_leaves_gets_none(
    database: Database, relay: FakeRelay, clock: SetClock
) -> None:
    """A delivery that waits to be tried again is looked at once more."""
    relay.refuse("RCPT", "450 4.2.1 Busy")
    await _missed(database, clock)
    async with notifying(database, relay, clock) as nudge:
        await _was_put_off(database)
        await database.write(lambda s: opt_out.opt_out(s, (APP, "bo"), ROOM, "page", clock.now()))
        clock.move(HOUR)
        nudge()
        (ended,) = await _ended(database)

    assert (ended.state, ended.reason) == (State.CANCELLED, "opted_out")
    assert relay.mails == []
