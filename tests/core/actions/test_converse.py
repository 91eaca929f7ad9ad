"""Conversations begin, end, and may begin again."""

from core.actions import converse, say
from core.model.participant import Access, Notify
from core.model.webhook import WebhookEndpoint
from core.store import participants, webhooks
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation, a_user, says, words


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


async def test_a_put_adds_people_and_patches_what_is_custom(database: Database) -> None:
    """Who is there stays as they are, who had left comes back, and nobody is taken out."""

    def work(session: Session) -> tuple[object, dict[str, object]]:
        a_conversation(session, "ann", "bo", "cy")
        a_user(session, "di")
        converse.change(session, (APP, ROOM, "bo"), Access.READ, Notify.NOTHING, NOW)
        converse.leave(session, (APP, ROOM, "cy"), NOW)
        converse.put(session, APP, ROOM, {"custom": {"a": "1", "b": "2"}}, NOW)
        changes = {"custom": {"a": None}, "participants": ["bo", "cy", "di"]}
        found = converse.put(session, APP, ROOM, changes, NOW)
        listed = participants.listed(session, APP, [ROOM])[ROOM]
        return found.custom, {one.user_id: one.access for one in listed}

    custom, access = await database.write(work)

    assert custom == {"b": "2"}
    assert access == {
        "ann": Access.READ_WRITE,
        "bo": Access.READ,
        "cy": Access.READ_WRITE,
        "di": Access.READ_WRITE,
    }
