"""A report behind a proven bounce address does what it must, once; what is none does nothing."""

from typing import Any

import pytest

from core.actions import opt_out
from core.actions.announce import NOTIFICATION_BOUNCED
from core.address import Purpose, Token
from core.model.delivery import Delivery, State
from core.model.opt_out import EVERYTHING
from core.model.receipt import Receipt
from core.model.suppression import Suppression
from core.model.webhook import WebhookEndpoint
from core.moment import DAY, Moment
from core.store import apps, deliveries, opt_outs, receipts, users, webhooks
from core.store.database import Database, Session
from core.verdict import Accept, Discard, Reason, Reject, Verdict
from gateway.mail.envelope import Envelope
from gateway.mail.keep import Offer
from gateway.reported import look, reported
from tests.support.people import APP, NOW, ROOM, a_conversation

ADDRESS = "Bo@Example.net"
HERE = "b+abc@reply.test"


def a_delivery(reference: int = 99, state: State = State.ACCEPTED, **more: Any) -> Delivery:
    """Return a mail to Bo that is on its way or has left."""
    given = {"created_at": NOW, "ended_at": NOW, "address": ADDRESS} | more
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


def a_report(action: str = "failed", status: str = "5.1.1", said: str = "550 5.1.1 Nope") -> bytes:
    """Return a delivery status notification."""
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.net>\n"
        f"To: {HERE}\nSubject: Undelivered Mail\nMessage-ID: <{action}.{status}@mx>\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nIt is about your mail.\n\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n"
        f"Final-Recipient: rfc822; somebody-else@example.org\nAction: {action}\n"
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

    def __init__(self, database: Database) -> None:
        """Work on this database."""
        self.database = database

    async def queue(self, *some: Delivery) -> None:
        """Keep deliveries."""
        await self.database.write(lambda s: [deliveries.add(s, one) for one in some] and None)

    async def offer(
        self, raw: bytes, reference: int = 99, path: str = "", now: Moment = NOW
    ) -> Verdict:
        """Offer a mail to the bounce address of a delivery."""
        envelope = Envelope(path, (HERE,), peer="192.0.2.1")
        offer = Offer(envelope, HERE, raw.replace(b"\n", b"\r\n"), now, 30)
        found, token = look(offer), Token(Purpose.BOUNCE, await self.number(), reference)
        return await self.database.write(lambda s: reported(s, offer, token, found))

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
        return await self.database.read(lambda s: opt_outs.suppressions(s, APP))

    async def receipts(self) -> list[Receipt]:
        """Return what was kept."""
        return await self.database.read(lambda s: receipts.listed(s, APP, 50))

    async def opted_out(self) -> frozenset[str]:
        """Return what Bo wants no mail about."""
        return await self.database.read(lambda s: opt_outs.scopes(s, APP, "bo"))


@pytest.fixture
async def desk(database: Database) -> Desk:
    """Open the desk: Ann and Bo in one conversation, one mail to Bo accepted."""
    await database.write(lambda s: a_conversation(s, "ann", "bo"))
    desk = Desk(database)
    await desk.queue(a_delivery())
    return desk


async def test_a_hard_bounce_marks_and_suppresses(desk: Desk) -> None:
    """Nobody is there: the delivery bounced; its own address, not the named one, is suppressed."""
    verdict = await desk.offer(a_report())
    delivery, [suppression], [kept] = (
        await desk.delivery(),
        await desk.suppressions(),
        await desk.receipts(),
    )

    assert verdict == Accept(Reason.BOUNCE_RECORDED, kept.id)
    assert (delivery.state, delivery.reason) == (
        State.BOUNCED,
        "invalid_recipient: 550 5.1.1 Nope",
    )
    assert (suppression.address, suppression.cause) == ("bo@example.net", "invalid_recipient")
    assert suppression.expires_at is None
    assert "550 5.1.1" in suppression.evidence
    assert (kept.conversation_id, kept.user_id) == (ROOM, "bo")
    assert kept.evidence is not None
    assert (kept.evidence["kind"], kept.evidence["delivery"]) == ("bounce", "dlv_99")
    assert "somebody-else" not in str(kept.evidence)


@pytest.mark.parametrize(
    ("status", "said", "days"),
    [
        pytest.param("5.2.1", "550 5.2.1 mailbox disabled", 30, id="a closed mailbox rests"),
        pytest.param("5.2.2", "552 5.2.2 mailbox full", None, id="a full one is emptied"),
        pytest.param("5.7.26", "550 5.7.26 DMARC", None, id="our own name is not its fault"),
        pytest.param("5.6.0", "554 5.6.0 spam", None, id="what we wrote is not its fault"),
        pytest.param("5.1.1", "550 5.1.1 listed by Spamhaus", None, id="a code may lie"),
        pytest.param("5.0.0", "550 no", None, id="what we don't understand"),
    ],
)
async def test_only_what_is_said_of_the_address_counts(
    desk: Desk, status: str, said: str, days: int | None
) -> None:
    """The mail is lost in any case, so the delivery bounced; the address may be blameless."""
    verdict = await desk.offer(a_report(status=status, said=said))
    found = await desk.suppressions()

    assert verdict.reason is Reason.BOUNCE_RECORDED
    assert (await desk.delivery()).state is State.BOUNCED
    assert [one.expires_at for one in found] == ([NOW + days * DAY] if days else [])


async def test_a_delay_is_no_bounce(desk: Desk) -> None:
    """Somebody still tries, with whatever code: it is noted, and no more."""
    verdict = await desk.offer(a_report("delayed", "4.4.1", "451 4.4.1 no answer"))
    delivery = await desk.delivery()

    assert verdict.reason is Reason.REPORT_RECORDED
    assert (delivery.state, delivery.reason) == (
        State.ACCEPTED,
        "delayed: connection: 451 4.4.1 no answer",
    )
    assert await desk.suppressions() == []


async def test_a_delay_of_what_has_bounced_is_no_news(desk: Desk) -> None:
    """Reports overtake each other; the end stays the end."""
    await desk.offer(a_report())
    verdict = await desk.offer(a_report("delayed", "4.4.1", "451 4.4.1 no answer"))
    delivery = await desk.delivery()

    assert verdict.reason is Reason.REPORT_RECORDED
    assert delivery.state is State.BOUNCED
    assert (delivery.reason or "").startswith("invalid_recipient")


async def test_who_listens_is_told_once_that_it_bounced(desk: Desk) -> None:
    """The webhook's event says which address, and why; a second report of it says nothing new."""
    hook = WebhookEndpoint(app_id=APP, id="w", url="https://x.test/", created_at=NOW)
    await desk.database.write(lambda session: session.add(hook))
    await desk.offer(a_report())
    await desk.offer(a_report(status="5.1.6"))
    events = await desk.database.read(lambda s: webhooks.events_from(s, APP, ROOM, 1, 9))
    [event] = [one for one in events if one.type == NOTIFICATION_BOUNCED]

    assert (event.data["address"], event.data["notificationId"]) == (ADDRESS, "ntf_1")
    assert event.data["reason"] == "invalid_recipient: 550 5.1.1 Nope"


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
async def test_good_news_is_only_recorded(desk: Desk, action: str) -> None:
    """A mail that arrived changes nothing."""
    verdict = await desk.offer(a_report(action, "2.0.0", "250 2.0.0 ok"))

    assert verdict.reason is Reason.REPORT_RECORDED
    assert ((await desk.delivery()).state, (await desk.delivery()).reason) == (State.ACCEPTED, None)
    assert len(await desk.receipts()) == 1


async def test_a_complaint_ends_all_mail(desk: Desk) -> None:
    """The reader called it junk: no mail to the user, none to the address; it did arrive."""
    verdict = await desk.offer(a_complaint(), path="feedback@isp.example")
    [suppression] = await desk.suppressions()

    assert verdict.reason is Reason.COMPLAINT_RECORDED
    assert await desk.opted_out() == {EVERYTHING}
    assert (suppression.address, suppression.cause) == ("bo@example.net", "complaint")
    assert suppression.expires_at is None
    assert (await desk.delivery()).state is State.ACCEPTED


async def test_who_complained_may_change_their_mind(desk: Desk) -> None:
    """Taking the opt-out back lifts what the complaint did, and nothing that a server said."""
    await desk.offer(a_complaint())
    closed = Suppression(app_id=APP, address="bo2@example.net", cause="inactive", made_at=NOW)

    def change(session: Session) -> None:
        bo = users.find(session, APP, "bo")
        assert bo is not None
        bo.email = ["Bo@example.net", "bo2@example.net", "bo3@example.net"]
        opt_outs.suppress(session, closed)
        opt_out.opt_in(session, (APP, "bo"), EVERYTHING)

    await desk.database.write(change)

    assert await desk.opted_out() == frozenset()
    assert [one.address for one in await desk.suppressions()] == ["bo2@example.net"]


async def test_feedback_without_a_wish_is_only_recorded(desk: Desk) -> None:
    """A failed signature, or "this is no spam", says nothing of what the reader wants."""
    verdict = await desk.offer(a_complaint("auth-failure"))

    assert verdict.reason is Reason.REPORT_RECORDED
    assert await desk.opted_out() == frozenset()
    assert await desk.suppressions() == []


@pytest.mark.parametrize(
    ("raw", "path", "reason"),
    [
        pytest.param(
            a_letter("I am away until Monday.", Auto_Submitted="auto-replied"),
            "",
            Reason.NULL_REVERSE_PATH,
            id="an out-of-office",
        ),
        pytest.param(
            a_letter("I am away.", Subject="Automatic reply: x", Auto_Submitted="auto-replied"),
            "bo@example.net",
            Reason.AUTO_SUBMITTED,
            id="an out-of-office with a reverse-path",
        ),
        pytest.param(a_letter("Yes, it is."), "bo@example.net", Reason.NO_REPORT, id="a person"),
        pytest.param(
            a_letter("See below.\n\n> 550 5.1.1 User unknown\n> could not be delivered"),
            "bo@example.net",
            Reason.NO_REPORT,
            id="a person who quotes a bounce",
        ),
        pytest.param(
            a_letter("x", Subject="x" * 20_000),
            "bo@example.net",
            Reason.TOO_COMPLEX,
            id="what is not safe to read",
        ),
    ],
)
async def test_what_is_no_report_marks_nothing(
    desk: Desk, raw: bytes, path: str, reason: Reason
) -> None:
    """It is taken and kept with its reason; a second one is another mail as long as it differs."""
    verdict = await desk.offer(raw, path=path)
    [kept] = await desk.receipts()

    assert isinstance(verdict, Discard)
    assert (verdict.reason, kept.reason, kept.verdict) == (reason, reason.value, "discard")
    assert ((await desk.delivery()).state, await desk.suppressions()) == (State.ACCEPTED, [])


async def test_the_same_report_counts_once(desk: Desk) -> None:
    """Offered again, it is a duplicate, and the first receipt is named."""
    first = await desk.offer(a_report())
    second = await desk.offer(a_report())

    assert isinstance(first, Accept)
    assert second == Accept(Reason.DUPLICATE, first.receipt_id)
    assert len(await desk.receipts()) == 1


async def test_a_token_of_no_delivery_is_unknown(desk: Desk) -> None:
    """A delivery that was never there, or is forgotten: nothing is kept."""
    assert await desk.offer(a_report(), 4711) == Reject(Reason.UNKNOWN_ADDRESS)
    assert await desk.receipts() == []


@pytest.mark.parametrize("state", [State.FAILED, State.EXPIRED, State.CANCELLED, State.BOUNCED])
async def test_what_did_not_arrive_stays_what_it_is(desk: Desk, state: State) -> None:
    """What we were told at once is better evidence than a report; of the address it still tells."""
    await desk.queue(a_delivery(7, state, reason="first"))
    verdict = await desk.offer(a_report(), 7)
    delivery = await desk.delivery(7)

    assert verdict.reason is Reason.BOUNCE_RECORDED
    assert (delivery.state, delivery.reason) == (state, "first")
    assert len(await desk.suppressions()) == 1


async def test_a_report_that_is_faster_than_the_worker_ends_its_claim(desk: Desk) -> None:
    """Otherwise the worker would write "accepted" over "bounced" a moment later."""
    await desk.queue(a_delivery(7, State.TRANSMITTING, attempts=1, claimed_by="w", ended_at=None))
    stale = await desk.delivery(7)
    await desk.offer(a_report(), 7)
    end = {"to": State.ACCEPTED, "why": None, "at": None, "end": NOW, "crashed": 0}

    def complete(session: Session) -> bool:
        return deliveries.complete(session, stale, end, keep_octets=False)

    assert stale.attempts == 1
    assert await desk.database.write(complete) is False
    assert (await desk.delivery(7)).state is State.BOUNCED


@pytest.mark.parametrize(
    ("ages", "suppressed"),
    [
        pytest.param([0, 1, 2, 3], True, id="five on five days"),
        pytest.param([0, 0, 1, 2], True, id="five on three days"),
        pytest.param([0, 0, 0, 0], False, id="five on one day"),
        pytest.param([1, 2, 3], False, id="four"),
        pytest.param([1, 2, 40, 41], False, id="some long ago"),
    ],
)
async def test_a_full_mailbox_wears_out(desk: Desk, ages: list[int], suppressed: object) -> None:
    """Many soft failures on several days suppress for a month; the newest counts too."""
    old = [
        a_delivery(n, State.BOUNCED, created_at=NOW - age * DAY, reason="quota: 552 full")
        for n, age in enumerate(ages)
    ]
    blameless = [a_delivery(50 + n, State.BOUNCED, reason="content: spam") for n in range(9)]
    await desk.queue(*old, *blameless)
    await desk.offer(a_report(status="5.2.2", said="552 5.2.2 full"))
    found = await desk.suppressions()

    assert [(one.cause, one.expires_at) for one in found] == (
        [("quota", NOW + 30 * DAY)] if suppressed else []
    )


async def test_a_lighter_cause_does_not_shorten_a_graver_one(desk: Desk) -> None:
    """Who complained stays left alone for good, whatever is reported later."""
    await desk.offer(a_complaint())
    await desk.offer(a_report(status="5.2.1", said="550 5.2.1 disabled"))
    [suppression] = await desk.suppressions()

    assert (suppression.cause, suppression.expires_at) == ("complaint", None)


async def test_a_graver_cause_lasts_longer_than_a_lighter_one(desk: Desk) -> None:
    """A mailbox that was closed for a while and is gone now."""
    await desk.queue(a_delivery(7))
    await desk.offer(a_report(status="5.2.1", said="550 5.2.1 disabled"))
    await desk.offer(a_report(), 7)
    [suppression] = await desk.suppressions()

    assert (suppression.cause, suppression.expires_at) == ("invalid_recipient", None)
