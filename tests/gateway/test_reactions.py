"""A mail that is a reaction becomes one, or nothing; it is never posted as text."""

import pytest

from core.model.delivery import Delivery
from core.model.notification import Notification
from core.store import deliveries, messages, notifications, reactions, receipts
from core.store.database import Database, Session
from core.store.rows import fresh
from core.verdict import Discard, Hold, Reason
from tests.support.people import APP, NOW, ROOM
from tests.support.reception import BO, Gateway, a_gateway, a_mail

MAIL = "<dlv_1@reply.test>"
GMAIL = {"MIME_Version": "1.0", "Content_Type": "text/vnd.google.email-reaction+json"}
THUMB = '{"emoji": "\\ud83d\\udc4d", "version": 1}'


@pytest.fixture
async def gateway(database: Database) -> Gateway:
    """Open the gateway where Bo was told of Ann's question by mail."""
    one = await a_gateway(database)

    def tell(session: Session) -> None:
        whose = {"app_id": APP, "conversation_id": ROOM, "user_id": BO[2]}
        told = fresh(
            Notification,
            **whose,
            id="ntf_1",
            sent=True,
            reason="sent",
            first_seq=1,
            last_seq=1,
            decided_at=NOW,
        )
        notifications.add(session, told)
        sent = fresh(
            Delivery,
            **whose,
            id="dlv_1",
            notification_id="ntf_1",
            address="bo@example.net",
            reference=7,
            message_id=MAIL,
            created_at=NOW,
        )
        deliveries.add(session, sent)

    await database.write(tell)
    return one


async def _shown(gateway: Gateway) -> list[dict[str, list[str]]]:
    """Return the reactions to each message of the conversation."""

    def work(session: Session) -> list[dict[str, list[str]]]:
        said = messages.page(session, APP, ROOM, 10, None)
        return [reactions.of_message(session, APP, one.id) for one in said]

    return await gateway.database.read(work)


async def test_p5_38_a_reaction_in_gmail_is_one_here(gateway: Gateway) -> None:
    """Once, however often the mail is offered; what was taken back stays so."""
    mail = a_mail(THUMB, In_Reply_To=MAIL, **GMAIL)
    first = await gateway.offer(mail)
    shown = await _shown(gateway)
    await gateway.database.write(lambda s: reactions.drop_all(s, APP, _only(s)))
    again = await gateway.offer(mail)
    kept = await gateway.database.read(lambda s: receipts.listed(s, APP, 9))

    assert (first.reason, again.reason) == (Reason.REACTED, Reason.DUPLICATE)
    assert shown == [{"👍": ["bo"]}]
    assert await _shown(gateway) == [{}]
    assert [(one.verdict, one.reason) for one in kept] == [("accept", "reacted")]
    assert await gateway.said() == []


async def test_a_reaction_that_proves_itself_is_not_swallowed_by_its_copy(
    gateway: Gateway,
) -> None:
    """A list's copy is in doubt and kept; the straight one reacts, and later copies do nothing."""
    by_list = a_mail(THUMB, In_Reply_To=MAIL, From="velo@lists.example.org", **GMAIL)
    direct = a_mail(THUMB, In_Reply_To=MAIL, **GMAIL)
    heard = [await gateway.offer(mail) for mail in (by_list, direct, by_list, direct)]

    assert [one.reason for one in heard] == [
        Reason.SENDER_MISMATCH,
        Reason.REACTED,
        Reason.DUPLICATE,
        Reason.DUPLICATE,
    ]
    assert await _shown(gateway) == [{"👍": ["bo"]}]


def _only(session: Session) -> str:
    return messages.page(session, APP, ROOM, 1, None)[0].id


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        pytest.param(
            {"In_Reply_To": "<other@x>"},
            Discard(Reason.REACTION_UNPLACED, "👍"),
            id="to no mail of ours",
        ),
        pytest.param(
            {"In_Reply_To": MAIL, "From": "Eve <eve@example.org>"},
            Discard(Reason.SENDER_MISMATCH, "👍"),
            id="from somebody else",
        ),
    ],
)
async def test_a_reaction_without_a_place_is_nothing(
    gateway: Gateway, headers: dict[str, str], verdict: Discard
) -> None:
    """It is taken and kept, and neither posted nor held."""
    heard = await gateway.offer(a_mail(THUMB, **headers, **GMAIL))

    assert heard == verdict
    assert await _shown(gateway) == [{}]
    assert await gateway.said() == []


async def test_p5_38_a_reaction_in_words_is_held(gateway: Gateway) -> None:
    """Outlook's sentence is not posted as if Bo had written it."""
    heard = await gateway.offer(a_mail("Bo Doe reacted to your message:\n\nFrom: Ann"))

    assert heard == Hold(Reason.REACTION_NOTICE)
    assert await gateway.said() == []


async def test_a_broken_reaction_is_a_mail(gateway: Gateway) -> None:
    """Where the part is not as its form says, the words count."""
    parts = (
        "--b\nContent-Type: text/plain\n\nYes, it is.\n--b\nContent-Type: "
        f"{GMAIL['Content_Type']}\n\n{{}}\n--b--"
    )
    kind = 'multipart/alternative; boundary="b"'
    mail = a_mail(parts, In_Reply_To=MAIL, MIME_Version="1.0", Content_Type=kind)

    assert (await gateway.offer(mail)).reason is Reason.POSTED
    assert await gateway.said() == ["Yes, it is."]
