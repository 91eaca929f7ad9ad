"""Where reports come in: mails to a bounce address, from strangers, and what they leave behind."""

from typing import Any

from core.address import Purpose, Token
from core.model.delivery import Delivery, State
from core.model.receipt import Receipt
from core.model.suppression import Suppression
from core.moment import Moment
from core.rules.day_limit import DAY_LIMITS, DayLimits
from core.store import apps, deliveries, opt_outs, receipts
from core.store.database import Database, Session
from core.verdict import Verdict
from gateway.mail.envelope import Envelope
from gateway.mail.offer import Offer
from gateway.mailboxes.bounce import settled
from gateway.mailboxes.mail_budget import MailBudget
from gateway.reading import Ask, Depth, read
from tests.support import stored
from tests.support.people import APP, NOW, ROOM

ADDRESS = "Bo@Example.net"
HERE = "b+abc@reply.test"


def a_delivery(reference: int = 99, state: State = State.ACCEPTED, **more: Any) -> Delivery:
    """Return a mail to Bo that is on its way or has left."""
    given: dict[str, Any] = {"created_at": NOW, "ended_at": NOW, "address": ADDRESS} | more
    return Delivery(
        app_id=APP,
        id=f"dlv_{reference}",
        notification_id="ntf_1",
        conversation_id=ROOM,
        user_id="bo",
        state=state,
        reference=reference,
        message_id=f"<{reference}@x>",
        **given,
    )


def a_report(
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "550 5.1.1 Nope",
    about: str = ADDRESS,
) -> bytes:
    """Return a delivery status notification."""
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>\n"
        f"To: {HERE}\nSubject: Undelivered Mail\nMessage-ID: <{action}.{status}@mx>\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nIt is about your mail.\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n"
        f"Final-Recipient: rfc822; {about}\nAction: {action}\n"
        f"Status: {status}\nDiagnostic-Code: smtp; {said}\n\n--b--\n"
    ).encode()


def a_complaint(sort: str = "abuse") -> bytes:
    """Return a complaint as a mailbox provider sends it."""
    return (
        f"From: feedback@isp.example\nTo: {HERE}\nSubject: FW: Digest\nMessage-ID: <c@isp>\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThis is an email abuse report.\n\n"
        f"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: {sort}\n"
        "User-Agent: Isp/1\nVersion: 1\n\n"
        "--b\nContent-Type: message/rfc822\n\nTo: bo@example.net\nSubject: Digest\n\nHi\n\n--b--\n"
    ).encode()


def a_letter(text: str, **headers: str) -> bytes:
    """Return a mail that is no report."""
    given = {"From": "Bo <bo@example.net>", "Subject": "Re: x", "Message-ID": "<1@x>"} | headers
    head = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in given.items())
    return f"{head}\n{text}\n".encode()


class Desk:
    """Where reports come in, and what they leave behind."""

    def __init__(self, database: Database, limits: DayLimits = DAY_LIMITS) -> None:
        """Work on this database, within these limits of a day."""
        self.database = database
        self.limits = limits

    async def queue(self, *some: Delivery) -> None:
        """Keep deliveries."""

        def add(session: Session) -> None:
            for one in some:
                deliveries.add(session, one)

        await self.database.write(add)

    async def offer(
        self, raw: bytes, reference: int = 99, path: str = "", now: Moment = NOW
    ) -> Verdict:
        """Offer a mail to the bounce address of a delivery."""
        envelope = Envelope(path, (HERE,), peer="192.0.2.1")
        offer = Offer(envelope, HERE, raw.replace(b"\n", b"\r\n"), now, 30)
        token = Token(Purpose.BOUNCE, await self.number(), reference)
        reading = read(offer.raw, envelope, Ask(Depth.REPORT))
        budget = MailBudget(offer, self.limits)
        return await self.database.write(lambda s: settled(s, token, reading, budget))

    async def number(self) -> int:
        """Return the number that the tokens of the app hold."""
        app = await self.database.read(lambda s: apps.find(s, APP))
        return app.number if app else 0

    async def delivery(self, reference: int = 99) -> Delivery:
        """Return a delivery as it is now."""
        found = await self.database.read(lambda s: deliveries.find(s, APP, f"dlv_{reference}"))
        assert found is not None
        return found

    async def suppressions(self) -> list[Suppression]:
        """Return whom we write to no more."""
        return await self.database.read(lambda s: stored.suppressions(s, APP))

    async def receipts(self) -> list[Receipt]:
        """Return what was kept."""
        return await self.database.read(lambda s: receipts.listed(s, APP, 50))

    async def opted_out(self) -> frozenset[str]:
        """Return what Bo wants no mail about."""
        return await self.database.read(lambda s: opt_outs.scopes(s, APP, "bo"))
