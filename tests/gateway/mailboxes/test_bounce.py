"""A report behind a proven bounce address does what it must, once; what is none does nothing."""

import pytest

from core.model.change import ChangeKind
from core.model.delivery import State
from core.model.opt_out import EVERYTHING
from core.model.webhook import WebhookEndpoint
from core.moment import DAY
from core.store import deliveries, webhooks
from core.store.database import Database, Session
from core.verdict import Accept, Discard, Reason, Reject
from tests.support.people import APP, NOW, ROOM, a_conversation
from tests.support.report_desk import ADDRESS, Desk, a_complaint, a_delivery, a_letter, a_report


@pytest.fixture
async def desk(database: Database) -> Desk:
    """Open the desk: Ann and Bo in one conversation, one mail to Bo accepted."""
    await database.write(lambda s: a_conversation(s, "ann", "bo"))
    desk = Desk(database)
    await desk.queue(a_delivery())
    return desk


async def test_a_hard_bounce_marks_and_suppresses(desk: Desk) -> None:
    """Nobody is there: the delivery bounced; its own address, not the named one, is suppressed."""
    verdict = await desk.offer(a_report(about="somebody-else@mail.example.net"))
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
    assert suppression.expires_at == NOW + 180 * DAY
    assert (suppression.user_id, suppression.delivery_id) == ("bo", "dlv_99")
    assert "550 5.1.1" in suppression.evidence
    assert (kept.conversation_id, kept.user_id) == (ROOM, "bo")
    assert kept.evidence is not None
    assert (kept.evidence["kind"], kept.evidence["delivery"]) == ("bounce", "dlv_99")
    assert "somebody-else" not in str(kept.evidence)


@pytest.mark.parametrize(
    ("about", "days"),
    [
        pytest.param("bo@EXAMPLE.net", 180, id="our address"),
        pytest.param("bo.smith@inner.example.net", 180, id="its name within the organization"),
        pytest.param("", 180, id="nobody"),
        pytest.param("bo@elsewhere.example", 0, id="where his mail is passed on to"),
        pytest.param("somebody-else@example.org", 0, id="somebody else"),
    ],
)
async def test_who_passes_mail_on_may_read_it_all_the_same(
    desk: Desk, about: str, days: int
) -> None:
    """A dead address elsewhere ends no mail to the one that passes it on and keeps a copy."""
    await desk.offer(a_report(about=about))
    delivery, suppressions = await desk.delivery(), await desk.suppressions()

    assert delivery.state is State.BOUNCED
    assert [one.expires_at for one in suppressions] == ([NOW + days * DAY] if days else [])
    cause = "forwarded" if days == 0 else "invalid_recipient"
    assert delivery.reason == f"{cause}: 550 5.1.1 Nope"


async def test_a_dead_address_elsewhere_wears_ours_out(desk: Desk) -> None:
    """It counts as a full mailbox does: many bounces on several days are one that is not read."""
    for number in range(5):
        await desk.queue(a_delivery(number, created_at=NOW + number * DAY))
        report = a_report(about="bo@elsewhere.example", said=f"550 5.1.1 No {number}")
        await desk.offer(report, number, now=NOW + number * DAY)
    [suppression] = await desk.suppressions()

    assert suppression.cause == "forwarded"
    assert suppression.expires_at is not None


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
    [event] = [one for one in events if one.kind == ChangeKind.NOTIFICATION_BOUNCED]

    assert (event.data["address"], event.data["notificationId"]) == (ADDRESS, "ntf_1")
    assert event.data["reason"] == "invalid_recipient: 550 5.1.1 Nope"


@pytest.mark.parametrize("state", [State.ACCEPTED, State.UNCERTAIN, State.TRANSMITTING])
async def test_a_mail_that_arrived_is_known_to_have(desk: Desk, state: State) -> None:
    """Also one of which that was uncertain; who listens is told once, and it is not sent again."""
    hook = WebhookEndpoint(app_id=APP, id="w", url="https://x.test/", created_at=NOW)
    await desk.database.write(lambda session: session.add(hook))
    await desk.database.write(lambda session: _stands(session, state))
    first = await desk.offer(a_report("delivered", "2.0.0", "250 2.0.0 ok"))
    await desk.offer(a_report("delivered", "2.1.5", "250 2.1.5 ok"))
    delivery = await desk.delivery()
    events = await desk.database.read(lambda s: webhooks.events_from(s, APP, ROOM, 1, 9))

    assert first.reason is Reason.REPORT_RECORDED
    assert (delivery.state, delivery.next_attempt_at) == (State.DELIVERED, None)
    assert [(one.kind, one.data["address"]) for one in events] == [
        (ChangeKind.NOTIFICATION_DELIVERED, ADDRESS)
    ]


@pytest.mark.parametrize("state", [State.BOUNCED, State.CANCELLED, State.FAILED, State.QUEUED])
async def test_what_is_known_not_to_have_arrived_stays_so(desk: Desk, state: State) -> None:
    """A report may be of a copy, or of where it was passed on to."""
    await desk.database.write(lambda session: _stands(session, state))
    await desk.offer(a_report("delivered", "2.0.0", "250 2.0.0 ok"))

    assert (await desk.delivery()).state is state


async def test_what_arrived_may_come_back_all_the_same(desk: Desk) -> None:
    """From where it was passed on to; the later word counts."""
    await desk.offer(a_report("delivered", "2.0.0", "250 2.0.0 ok"))
    await desk.offer(a_report())

    assert (await desk.delivery()).state is State.BOUNCED


def _stands(session: Session, state: State) -> None:
    one = deliveries.find(session, APP, "dlv_99")
    assert one is not None
    one.state = state
    session.add(one)


@pytest.mark.parametrize("action", ["relayed", "expanded"])
async def test_good_news_is_only_recorded(desk: Desk, action: str) -> None:
    """A mail that was handed on changes nothing: no more will be heard of it."""
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


async def test_p7_24_a_token_of_no_delivery_is_unknown(desk: Desk) -> None:
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


AHEAD = [
    pytest.param((b"multipart/report", b"multipart/mixed"), id="of another type"),
    pytest.param((b"report-type=", b"x-type="), id="of no report type"),
    pytest.param((b"multipart/report", b"text/plain"), id="as a text"),
    pytest.param((b"Content-Type: multipart", b"X-Was: multipart"), id="of no type"),
    pytest.param((b"boundary=", b"x-boundary="), id="without a boundary"),
]


@pytest.mark.parametrize("change", AHEAD)
async def test_a_copy_sent_ahead_does_not_swallow_a_report(
    desk: Desk, change: tuple[bytes, bytes]
) -> None:
    """Under headers that make it no report it tells nothing; the genuine one counts, once."""
    await desk.offer(a_report().replace(*change, 1))
    heard = [await desk.offer(a_report()) for _ in range(2)]

    assert heard[-1].reason is Reason.DUPLICATE
    assert (await desk.delivery()).state is State.BOUNCED
    assert len(await desk.suppressions()) == 1
