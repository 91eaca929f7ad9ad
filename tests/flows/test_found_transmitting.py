"""A digest that was leaving when the process died is sent again, by whoever finds it so."""

import pytest

from core.clock import SetClock
from core.model.delivery import Delivery, State
from core.store import deliveries
from core.store.database import Database, Session
from tests.support.fake_relay import FakeRelay
from tests.support.notifying import notifying, until
from tests.support.people import APP, NOW, ROOM, a_conversation

RAW = b"b+x@reply.test\nMessage-ID: <1@x>\r\nSubject: Order 1\r\n\r\nHello\r\n"


def _found(session: Session, crashes: int) -> None:
    a_conversation(session, "ann", "bo")
    deliveries.add(
        session,
        Delivery(
            app_id=APP, id="dlv_1", notification_id="ntf_1", conversation_id=ROOM, user_id="bo",
            address="bo@example.net", state=State.TRANSMITTING, reference=1, message_id="<1@x>",
            raw=RAW, attempts=1 + crashes, crashes=crashes, next_attempt_at=NOW, created_at=NOW,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("crashes", "sent", "state"),
    [
        pytest.param(0, [RAW.partition(b"\n")[2]], State.ACCEPTED, id="after the first crash"),
        pytest.param(2, [RAW.partition(b"\n")[2]], State.ACCEPTED, id="after the third in a row"),
        pytest.param(5, [], State.UNCERTAIN, id="but not for ever: it may be what it dies of"),
    ],
)
async def test_what_was_leaving_leaves_again(
    database: Database, clock: SetClock, crashes: int, sent: list[bytes], state: State
) -> None:
    """The same octets go out, so that nothing is lost by a process that dies on its way."""
    clock.moment = NOW
    await database.write(lambda session: _found(session, crashes))

    async def ended() -> bool:
        one = await database.read(lambda session: deliveries.find(session, APP, "dlv_1"))
        return one is not None and one.next_attempt_at is None

    async with FakeRelay() as relay, notifying(database, relay, clock):
        await until(ended)
    found = await database.read(lambda session: deliveries.find(session, APP, "dlv_1"))

    assert [mail.content for mail in relay.mails] == sent
    assert found is not None
    assert found.state is state
