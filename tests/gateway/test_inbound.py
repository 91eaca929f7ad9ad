"""What arrives gets the right verdict, and leaves behind what it should."""

import asyncio
from typing import Any

import pytest

from core.actions import converse
from core.address import Purpose
from core.model.app import SenderPolicy
from core.model.delivery import Delivery, State
from core.model.participant import Access
from core.store import apps, deliveries, held, messages, opt_outs, receipts
from core.store.database import Database, Session
from core.verdict import Accept, Discard, Hold, Reason, Reject
from gateway.inbound import admit
from tests.support.people import APP, NOW, ROOM
from tests.support.reception import BO, Gateway, a_gateway, a_mail


@pytest.fixture
async def gateway(database: Database) -> Gateway:
    """Open the gateway."""
    return await a_gateway(database)


async def test_a_reply_is_posted_without_its_quote(gateway: Gateway) -> None:
    """What Bo wrote becomes his message; the receipt knows which."""
    text = "Yes, it is.\n\nOn Mon, 2 Nov 2026 at 10:00, Ann <n@x.test> wrote:\n> Is it there?"
    verdict = await gateway.offer(a_mail(text))
    kept = await gateway.database.read(lambda s: receipts.listed(s, APP, 9))

    assert isinstance(verdict, Accept)
    assert verdict.reason is Reason.POSTED
    assert await gateway.said() == ["Yes, it is."]
    assert [(one.verdict, one.message_id) for one in kept] == [("accept", verdict.message_id)]


async def test_the_same_mail_is_posted_once(gateway: Gateway) -> None:
    """Offered again, or ten times at once, it changes nothing; trace headers don't matter."""
    await asyncio.gather(*(gateway.offer(a_mail()) for _ in range(10)))
    again = await gateway.offer(a_mail(Received="from elsewhere"))

    assert again.reason is Reason.DUPLICATE
    assert await gateway.said() == ["Yes, it is."]


async def test_other_words_under_one_message_id_are_another_mail(gateway: Gateway) -> None:
    """A Message-ID alone does not make two mails one: that would swallow replies."""
    await gateway.offer(a_mail("one"))
    await gateway.offer(a_mail("two"))

    assert await gateway.said() == ["one", "two"]


async def test_yes_may_be_said_twice(gateway: Gateway) -> None:
    """Without a Message-ID, what its author's program wrote tells two mails apart."""
    for date in ("Mon, 2 Nov 2026", "Mon, 2 Nov 2026", "Tue, 3 Nov 2026"):
        await gateway.offer(a_mail("Yes", Message_ID="", Date=date, Received=f"at {date}"))

    assert await gateway.said() == ["Yes", "Yes"]


async def test_unknown_forged_and_revoked_sound_the_same(gateway: Gateway) -> None:
    """Guessing learns nothing: three reasons, one verdict."""
    address = await gateway.address()
    forged = address[:10] + ("a" if address[10] != "a" else "b") + address[11:]
    verdicts = [
        await admit(one, gateway.at)
        for one in (
            "r+abc@reply.test",
            "info@reply.test",
            forged,
            await gateway.address(reference=4711),
            await gateway.address(epoch=5),
        )
    ]

    assert verdicts == [Reject(Reason.UNKNOWN_ADDRESS)] * 5
    assert await admit("bo@example.net", gateway.at) == Reject(Reason.RELAY_DENIED)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param(
            lambda s: converse.change(s, BO, Access.READ, None, NOW),
            Reason.NO_ACCESS,
            id="only reads",
        ),
        pytest.param(
            lambda s: converse.revoke_address(s, BO), Reason.UNKNOWN_ADDRESS, id="was revoked"
        ),
        pytest.param(lambda s: converse.leave(s, BO, NOW), Reason.UNKNOWN_ADDRESS, id="has left"),
    ],
)
async def test_who_may_not_write_is_refused(gateway: Gateway, change: Any, reason: Reason) -> None:
    """At RCPT and again at DATA, and nothing is posted."""
    address = await gateway.address()
    await gateway.database.write(lambda session: change(session) and None)

    assert await admit(address, gateway.at) == Reject(reason)
    assert (await gateway.offer(a_mail(), address)).reason is reason
    assert await gateway.said() == []


async def test_the_sender_must_be_the_participant(gateway: Gateway) -> None:
    """Strict by default; the token alone where the app says so; case does not matter."""
    strict = await gateway.offer(a_mail(From="Eve <eve@example.org>"))
    shouting = await gateway.offer(a_mail("a", From="BO@EXAMPLE.NET"))

    def trust(session: Session) -> None:
        app = apps.find(session, APP)
        assert app is not None
        app.sender_policy = SenderPolicy.TOKEN
        session.add(app)

    await gateway.database.write(trust)
    trusting = await gateway.offer(a_mail("b", From="Eve <eve@example.org>"))

    assert strict == Hold(Reason.SENDER_MISMATCH)
    assert isinstance(shouting, Accept)
    assert isinstance(trusting, Accept)
    assert await gateway.said() == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "asked", "kind"),
    [
        pytest.param("Come at five, the key is under the mat.", 1, Hold, id="only its subject"),
        pytest.param("I am out of the office until Monday.", 0, Discard, id="its text as well"),
    ],
)
async def test_who_answers_under_a_machine_s_subject_is_asked(
    gateway: Gateway, text: str, asked: int, kind: type
) -> None:
    """It may be theirs, so they are asked, once that day; where the text says so, too, nobody."""
    verdict = await gateway.offer(a_mail(text, Subject="Out of office: Order 1"))
    again = await gateway.offer(a_mail(text + " OK?", Subject="Out of office: Order 1"))
    waiting = await gateway.database.read(lambda s: held.waiting_of(s, *BO[::2]))

    assert (type(verdict), verdict.reason) == (kind, Reason.AUTO_REPLY_SUBJECT)
    assert type(again) is kind
    assert sum(one.asked_at is not None for one in waiting) == asked
    assert await gateway.said() == []


@pytest.mark.parametrize(
    ("headers", "sender", "kind", "reason"),
    [
        pytest.param({}, "", Discard, Reason.NULL_REVERSE_PATH, id="null reverse-path"),
        pytest.param(
            {"Auto_Submitted": "auto-replied (vacation)"},
            "bo@x",
            Discard,
            Reason.AUTO_SUBMITTED,
            id="auto-submitted",
        ),
        pytest.param(
            {"Auto_Submitted": "no"}, "bo@x", Accept, Reason.POSTED, id="submitted by a person"
        ),
        pytest.param(
            {"Content_Type": "multipart/report; boundary=x"},
            "bo@x",
            Discard,
            Reason.REPORT,
            id="report",
        ),
        pytest.param(
            {"X_Autoreply": "yes"}, "bo@x", Discard, Reason.AUTO_REPLY_HEADER, id="autoreply"
        ),
        pytest.param({"List_Id": "<a.b>"}, "bo@x", Hold, Reason.MAILING_LIST, id="mailing list"),
        pytest.param(
            {"X_Rejoinder_Reason": "all"}, "bo@x", Discard, Reason.LOOP, id="our own mail come back"
        ),
    ],
)
async def test_a_machine_is_not_posted(
    gateway: Gateway, headers: dict[str, str], sender: str, kind: type, reason: Reason
) -> None:
    """Machine-made mail is recorded with its reason, and answered like any other."""
    verdict = await gateway.offer(a_mail(**headers), sender=sender)
    kept = await gateway.database.read(lambda s: receipts.listed(s, APP, 9))

    assert isinstance(verdict, kind)
    assert verdict.reason is reason
    assert [one.reason for one in kept] == [reason.value]
    assert len(await gateway.said()) == (1 if kind is Accept else 0)


async def test_a_bounce_marks_its_delivery(gateway: Gateway) -> None:
    """A report to b+ settles the delivery that the address names (RFC 3464)."""

    def queue(session: Session) -> None:
        deliveries.add(
            session,
            Delivery(
                app_id=APP,
                id="dlv_1",
                notification_id="ntf_1",
                conversation_id=ROOM,
                user_id="bo",
                address="bo@example.net",
                state=State.ACCEPTED,
                reference=99,
                message_id="<1@x>",
                created_at=NOW,
            ),
        )

    await gateway.database.write(queue)
    report = a_mail(
        "--r\nContent-Type: text/plain\n\nNobody here\n--r\nContent-Type: message/delivery-status"
        "\n\nReporting-MTA: dns; mx.test\n\nFinal-Recipient: rfc822; bo@example.net\n"
        "Action: failed\nStatus: 5.1.1\n\n--r--",
        From="MAILER-DAEMON@mx.test",
        Content_Type='multipart/report; report-type=delivery-status; boundary="r"',
    )
    address = await gateway.address(Purpose.BOUNCE, reference=99, epoch=0)
    verdict = await gateway.offer(report, address, sender="")
    found = await gateway.database.read(lambda s: deliveries.find(s, APP, "dlv_1"))

    assert verdict.reason is Reason.BOUNCE_RECORDED
    assert found is not None
    assert found.state is State.BOUNCED


@pytest.mark.parametrize("purpose", [Purpose.OPT_OUT, Purpose.REPLY])
async def test_stop_is_understood(gateway: Gateway, purpose: Purpose) -> None:
    """Any mail to u+, and a bare "stop" as a reply, opt out of the conversation."""
    verdict = await gateway.offer(a_mail("Stop"), await gateway.address(purpose))
    scopes = await gateway.database.read(lambda s: opt_outs.scopes(s, APP, "bo"))

    assert verdict.reason is Reason.OPTED_OUT
    assert scopes == {ROOM}
    assert await gateway.said() == []


async def test_secrets_are_not_posted(gateway: Gateway) -> None:
    """A reply address in what is written does not reach the others."""
    address = await gateway.address()
    await gateway.offer(a_mail(f"Write to {address} instead"))

    assert await gateway.said() == ["Write to [address removed] instead"]


async def test_nothing_said_is_refused_kindly(gateway: Gateway) -> None:
    """A mail without words or files is refused, and not recorded as posted."""
    assert await gateway.offer(a_mail("")) == Reject(Reason.NOTHING_TO_SAY, "nothing")


async def test_files_come_with_the_message(gateway: Gateway) -> None:
    """Attachments are stored under clean names."""
    mail = a_mail(
        "--b\nContent-Type: text/plain\n\nhere\n--b\nContent-Type: image/png\n"
        'Content-Disposition: attachment; filename="../../etc/pass wd.png"\n'
        "Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--",
        Content_Type="multipart/mixed; boundary=b",
    )
    verdict = await gateway.offer(mail)
    assert isinstance(verdict, Accept)
    found = await gateway.database.read(
        lambda s: messages.files(s, APP, [verdict.message_id or ""])
    )

    (file,) = found[verdict.message_id or ""]
    assert (file.filename, file.content_type, file.size) == ("pass wd.png", "image/png", 8)


async def test_a_hostile_structure_is_refused_before_it_is_parsed(gateway: Gateway) -> None:
    """What would stall a parser never reaches one."""
    mail = a_mail(Content_Type="text/plain" + ";" * 10_000)

    assert await gateway.offer(mail) == Reject(Reason.TOO_COMPLEX)
