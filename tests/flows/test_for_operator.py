"""Mail to postmaster@ reaches the operator, whole, signed by us, and never twice."""

import email
import email.policy
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from core.address import read_local_part
from core.client.reach import in_process
from core.clock import SetClock
from core.model.delivery import Delivery, State
from core.moment import MINUTE
from core.outcome import Cause, Deferred
from core.store import deliveries, for_operator
from core.store.database import Database
from core.store.engine import due
from core.verdict import Accept, Reason, Verdict
from gateway.context import Context
from gateway.http.asgi import build
from gateway.inbound import receive
from gateway.isolation.crash_log import DEATHS, CrashLog
from gateway.isolation.offload import Readers
from gateway.mail.envelope import Envelope
from gateway.mail.offer import Offer
from notifier.channels.email.dkim import Signer
from notifier.channels.email.in_memory_relay import Memory
from notifier.dispatch import deliver
from notifier.queue.claimed import DeliveryClaim
from tests.support.notifying import KEYS, a_context
from tests.support.people import NOW

OPERATOR = "ops@example.org"
MAIL = (
    b"Received: from a.test\r\nFrom: Zo\xc3\xab <zoe@far.test>\r\nSubject: Your server\r\n"
    b"Message-ID: <1@far.test>\r\n\r\n.It is on fire.\r\n"
)
PLAIN = MAIL.replace(b"\xc3\xab", b"e")


class Street:
    """A gateway and a notifier on one database, and a relay that keeps what it is given."""

    def __init__(self, database: Database, operator: str | None = OPERATOR) -> None:
        """Open both."""
        self.database = database
        self.clock = SetClock(NOW)
        self.relay = Memory()
        self.nudges = 0
        signer = Signer("app.test", "s1", generate_private_key(65537, 2048))
        self.out = a_context(database, self.clock, self.relay, signer)
        self.at = Context(
            database, self.clock, KEYS, "http://n.test", "reply.test",
            mail_domain="test", nudge=self._nudge, operator=operator,
        )  # fmt: skip

    def _nudge(self) -> None:
        self.nudges += 1

    async def offer(
        self, raw: bytes = PLAIN, path: str = "zoe@far.test", to: str = "Postmaster@reply.test"
    ) -> Verdict:
        """Offer a mail to the operator."""
        return await receive(Envelope(path, (to,), peer="192.0.2.1"), to, raw, self.at)

    async def deliver(self) -> list[State | None]:
        """Deliver all that is due."""
        self.clock.moment += MINUTE
        taking = due.Taking("w", self.clock.moment, MINUTE, 50)
        rows = await self.database.write(lambda s: due.claim(s, deliveries.WORK, taking))
        until = self.clock.moment + MINUTE
        return [
            await deliver(DeliveryClaim(row[0], row[1], row[2], until), self.out) for row in rows
        ]

    async def listed(self) -> list[dict[str, Any]]:
        """Return what the operator's list says."""
        async with in_process(build(self.at, admin=True)) as admin:
            told: httpx.Response = await admin.get("/admin/operator/mails")
        found: list[dict[str, Any]] = told.json()["data"]
        return found

    async def delivery(self) -> Delivery:
        """Return the one delivery there is."""
        (one,) = await self.database.read(
            lambda s: deliveries.listed(s, None, waiting_only=False, limit=9)
        )
        return one


def _read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


async def test_the_operator_gets_the_mail_whole(database: Database) -> None:
    """As a signed mail of ours with theirs attached octet for octet; an answer goes to them."""
    street = Street(database)
    verdict = await street.offer()
    states = await street.deliver()
    (parcel,) = street.relay.parcels
    message = _read(parcel.raw)
    text, attached = message.iter_parts()
    (told,) = await street.listed()

    assert isinstance(verdict, Accept)
    assert verdict.reason is Reason.KEPT_FOR_OPERATOR
    assert (street.nudges, states) == (1, [State.ACCEPTED])
    assert parcel.recipient == OPERATOR
    assert parcel.raw.count(PLAIN) == 1
    assert attached.get_content_type() == "message/rfc822"
    assert verdict.receipt_id in text.get_content()
    assert (message["From"], message["To"]) == ("Rejoinder <n@app.test>", OPERATOR)
    assert (message["Reply-To"], message["Subject"]) == (
        "zoe@far.test",
        "[postmaster] Your server",
    )
    assert message["DKIM-Signature"]
    assert message["Auto-Submitted"] == "auto-generated"
    assert (told["author"], told["subject"], told["detail"]) == (
        "zoe@far.test",
        "Your server",
        "passed on",
    )
    assert told["delivery"]["state"] == "accepted"


async def test_what_is_not_ascii_travels_as_a_file(database: Database) -> None:
    """RFC 2046, 5.2.1: a message/rfc822 part may not be encoded, and a relay may know no 8 bits."""
    street = Street(database)
    await street.offer(MAIL)
    await street.deliver()
    (parcel,) = street.relay.parcels
    _, attached = _read(parcel.raw).iter_parts()

    assert parcel.raw.isascii()
    assert attached.get_content_type() == "application/octet-stream"
    assert attached.get_content() == MAIL


async def test_a_line_that_is_too_long_travels_as_a_file(database: Database) -> None:
    """RFC 5321, 4.5.3.1.6: we take longer lines than we may send."""
    street = Street(database)
    long = PLAIN + b"x" * 5_000 + b"\r\n"
    await street.offer(long)
    await street.deliver()
    (parcel,) = street.relay.parcels
    _, attached = _read(parcel.raw).iter_parts()

    assert max(map(len, parcel.raw.split(b"\r\n"))) <= 998
    assert attached.get_content() == long


@pytest.mark.parametrize(
    ("head", "path", "why"),
    [
        pytest.param(b"", "", "automatic", id="a bounce"),
        pytest.param(b"Auto-Submitted: auto-replied\r\n", "a@x", "automatic", id="an auto-reply"),
        pytest.param(b"X-Rejoinder-Reason: operator\r\n", "a@x", "loop", id="one of ours"),
        pytest.param(b"Received: x\r\n" * 101, "a@x", "loop", id="one that goes round"),
        pytest.param(b"Subject: x" + b";" * 300_000 + b"\r\n", "a@x", "unread", id="a bomb"),
    ],
)
async def test_what_could_go_round_is_kept_only(
    database: Database, head: bytes, path: str, why: str
) -> None:
    """The operator's address may answer by itself, or lead back here."""
    street = Street(database)
    verdict = await street.offer(head + PLAIN, path)
    states = await street.deliver()
    (told,) = await street.listed()

    assert isinstance(verdict, Accept)
    assert states == []
    assert told["detail"] == f"not passed on: {why}"


async def test_a_mail_we_died_of_is_kept_unread(database: Database, tmp_path: Path) -> None:
    """Whoever kills the process by a mail to an address that all can guess does so thrice."""
    street = Street(database)
    log = CrashLog(tmp_path)
    street.at = replace(street.at, readers=Readers(log))
    for _ in range(DEATHS):
        log.count(Offer(Envelope("", ()), "", PLAIN, NOW, 1).content_digest)
    verdict = await street.offer()
    (told,) = await street.listed()
    log.close()

    assert isinstance(verdict, Accept)
    assert told["detail"] == "not passed on: unread"


async def test_what_we_passed_on_is_not_passed_on_again(database: Database) -> None:
    """If the operator's address is an alias of postmaster@, the second time is the last."""
    street = Street(database, "postmaster@reply.test")
    await street.offer()
    await street.deliver()
    (parcel,) = street.relay.parcels
    back = await street.offer(parcel.raw, parcel.reverse_path)
    states = await street.deliver()

    assert isinstance(back, Accept)
    assert states == []


async def test_the_same_mail_is_passed_on_once(database: Database) -> None:
    """Offered again it is a duplicate."""
    street = Street(database)
    await street.offer()
    await street.offer()

    assert await street.deliver() == [State.ACCEPTED]


async def test_without_an_address_it_is_kept(database: Database) -> None:
    """The operator finds it in the list."""
    street = Street(database, None)
    await street.offer()
    (told,) = await street.listed()

    assert await street.deliver() == []
    assert told["detail"] == "not passed on: no address"


async def test_it_is_tried_again_like_any_mail(database: Database) -> None:
    """And leaves with the same octets."""
    street = Street(database)
    street.relay.answer_next(Deferred(Cause.QUOTA, None))
    await street.offer()
    states = await street.deliver() + await street.deliver()

    assert states == [State.QUEUED, State.ACCEPTED]


async def test_its_bounce_is_known_and_silences_nobody(database: Database) -> None:
    """The operator sees in the list that they could not be reached; the next mail is tried too."""
    street = Street(database)
    await street.offer()
    await street.deliver()
    (parcel,) = street.relay.parcels
    report = (
        b"From: mailer-daemon@far.test\r\nMIME-Version: 1.0\r\nMessage-ID: <2@far.test>\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n'
        b"--r\r\nContent-Type: text/plain\r\n\r\nNo.\r\n--r\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; far.test\r\n\r\n"
        b"Final-Recipient: rfc822; ops@example.org\r\nAction: failed\r\n"
        b"Status: 5.1.1\r\n\r\n--r--\r\n"
    )
    verdict = await street.offer(report, "", parcel.reverse_path)
    again = await street.offer(PLAIN.replace(b"<1@", b"<3@"))
    states = await street.deliver()
    told = {one["mailMessageId"]: one["delivery"]["state"] for one in await street.listed()}

    assert read_local_part(parcel.reverse_path.partition("@")[0], KEYS) is not None
    assert isinstance(verdict, Accept)
    assert verdict.reason is Reason.BOUNCE_RECORDED
    assert isinstance(again, Accept)
    assert states == [State.ACCEPTED]
    assert told == {"<1@far.test>": "bounced", "<3@far.test>": "accepted"}


async def test_octets_that_are_gone_are_not_sent(database: Database) -> None:
    """A mail that waited longer than it was kept ends as cancelled, and the list says why."""
    street = Street(database)
    await street.offer()

    def drop(session: Any) -> None:
        (one,) = for_operator.listed(session, 9)
        one.raw = None
        session.add(one)

    await database.write(drop)
    states = await street.deliver()
    (told,) = await street.listed()

    assert states == [State.CANCELLED]
    assert told["delivery"]["reason"] == "mail_gone"
