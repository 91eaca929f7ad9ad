"""Conversations begin, end, and may begin again."""

from core.actions import converse, say
from core.model.webhook import WebhookEndpoint
from core.store import webhooks
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation, says, words


async def test_a_conversation_may_be_deleted_and_made_again(database: Database) -> None:
    """Under the same id, while somebody listens: new messages have new numbers."""

    def work(session: Session) -> list[int]:
        a_conversation(session, "ann", "bo")
        session.add(WebhookEndpoint(app_id=APP, id="whk", url="https://x.test", created_at=NOW))
        session.flush()
        before = [says(session, "ann").seq for _ in range(3)]
        converse.end(session, APP, ROOM, NOW)
        session.flush()
        converse.put(session, APP, ROOM, {}, NOW)
        after = [say.say(session, words(None), NOW).seq for _ in range(2)]
        return [*before, *after]

    numbers = await database.write(work)
    logged = await database.read(lambda s: webhooks.events_from(s, APP, ROOM, 1, 99))

    assert numbers == sorted(set(numbers))
    assert [one.type for one in logged].count("message.sent") == 5
