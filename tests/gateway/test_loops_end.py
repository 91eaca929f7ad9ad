"""Two machines answer each other through us: the loop detector holds the mail that would go on."""

import pytest

from core.ids import new_reference
from core.model.delivery import Delivery, State
from core.moment import HOUR, MINUTE
from core.store import deliveries, held, receipts
from core.store.database import Database, Session
from core.verdict import Accept, Discard, Hold, Reason, Verdict
from gateway.release.held import release
from tests.support.people import APP, ROOM
from tests.support.reception import Gateway, a_gateway, a_mail

AWAY = "I am away from my desk until {n} March. For urgent matters please call my colleague Ida."


@pytest.fixture
async def gateway(database: Database) -> Gateway:
    """Open the gateway."""
    return await a_gateway(database)


async def told(gateway: Gateway, number: int) -> None:
    """Let a digest leave for Bo."""
    now = gateway.clock.now()
    delivery = Delivery(
        app_id=APP,
        id=f"dlv_{number}",
        notification_id=f"ntf_{number}",
        conversation_id=ROOM,
        user_id="bo",
        address="bo@example.net",
        state=State.ACCEPTED,
        reference=new_reference(),
        message_id=f"<n.{number}@list.test>",
        trace={"text": "Is it there?"},
        created_at=now,
        ended_at=now,
    )
    await gateway.database.write(lambda s: deliveries.add(s, delivery))


async def answers(gateway: Gateway, text: str, number: int) -> Verdict:
    """Let Bo's program answer that digest."""
    message_id = f"<{number}@bo.test>"
    mail = a_mail(text, Message_ID=message_id, In_Reply_To=f"<n.{number}@list.test>")
    return await gateway.offer(mail)


async def test_p5_02_a_machine_without_a_sign_is_stopped(gateway: Gateway) -> None:
    """The second time the same is said to another digest, nothing is posted."""
    verdicts = []
    for number in range(6):
        await told(gateway, number)
        gateway.clock.move(2 * MINUTE)
        verdicts.append(await answers(gateway, AWAY.format(n=number), number))
        gateway.clock.move(HOUR)

    assert [type(one) for one in verdicts] == [Accept, Hold, Hold, Hold, Discard, Discard]
    assert verdicts[1] == Hold(Reason.BREAKER, "same text again")
    assert len(await gateway.said()) == 1


async def test_the_owner_is_not_asked_about_a_machine(gateway: Gateway) -> None:
    """A question by mail would be answered by the machine: it waits for the operator alone."""
    for number in range(2):
        await told(gateway, number)
        gateway.clock.move(MINUTE)
        await answers(gateway, AWAY.format(n=number), number)
    waiting = await gateway.database.read(lambda s: held.listed(s, APP, waiting_only=True, limit=9))
    queued = await gateway.database.read(
        lambda s: deliveries.listed(s, APP, waiting_only=True, limit=9)
    )

    assert [one.reason for one in waiting] == [Reason.BREAKER]
    assert queued == []


async def test_many_mails_on_end_are_all_posted(gateway: Gateway) -> None:
    """Who writes ten times without hearing from us is busy, and in no loop."""
    await told(gateway, 0)
    verdicts = [
        await gateway.offer(a_mail("Yes, that is fine with me, come by.", Message_ID=f"<{n}@x>"))
        for n in range(10)
    ]

    assert {one.reason for one in verdicts} == {Reason.POSTED}


async def test_the_same_mail_again_is_a_duplicate_whatever_left_meanwhile(gateway: Gateway) -> None:
    """A peer that offers a mail a second time, much later, changes nothing and holds nothing."""
    await told(gateway, 0)
    await answers(gateway, AWAY, 0)
    await told(gateway, 1)
    again = await answers(gateway, AWAY, 0)

    def work(session: Session) -> int:
        return len(receipts.listed(session, APP, 9))

    assert again.reason is Reason.DUPLICATE
    assert await gateway.database.read(work) == 1


async def test_what_was_let_go_had_a_person_behind_it(gateway: Gateway) -> None:
    """A held mail that the operator released no longer counts as a machine's."""
    verdicts = []
    for number in range(6):
        await told(gateway, number)
        gateway.clock.move(2 * MINUTE)
        verdicts.append(await answers(gateway, AWAY.format(n=number), number))
        waiting = await gateway.database.read(
            lambda s: held.listed(s, APP, waiting_only=True, limit=9)
        )
        for one in waiting:
            await release(one.app_id, one.id, "operator", gateway.at)

    assert {type(one) for one in verdicts[1:]} == {Hold}
    assert len(await gateway.said()) == 6
