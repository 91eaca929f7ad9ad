"""What waits behind a refused mail is told why, and not whose mail that was."""

from core.actions import settle
from core.model.delivery import Delivery, State
from core.outcome import Cause, Deferred, PeerReply
from core.store import deliveries
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation


async def test_the_address_of_the_refused_mail_is_not_copied(database: Database) -> None:
    """The relay's words stay, its code too."""
    said = PeerReply(451, "4.7.1", "<ann@example.net>: too many mails from you")

    def work(session: Session) -> list[tuple[int | None, str | None]]:
        a_conversation(session, "ann", "bo")
        one = Delivery(
            app_id=APP, id="dlv_1", notification_id="", user_id="bo", address="bo@example.net",
            conversation_id=ROOM, state=State.TRANSMITTING, attempts=1, reference=1,
            message_id="<1@x>", created_at=NOW,
        )  # fmt: skip
        deliveries.add(session, one)
        claimed = deliveries.claimed(session, APP, one.id)
        assert claimed is not None
        refusal = Deferred(Cause.SENDER_RATE, said, whole_lane=True)
        settle.postpone(session, claimed[0], refusal, NOW + 1, NOW)
        return [(it.code, it.text) for it in deliveries.attempts(session, APP, [one.id])]

    words = "not offered, for the relay said of another mail: <[address removed]>: too many mails"
    assert await database.write(work) == [(451, f"{words} from you")]
