"""What listeners are told of users, of reading and of endings, in talkjs-spec's words."""

from collections.abc import Callable
from typing import Any

from core.actions import converse, people, read
from core.model.participant import Access, Notify
from core.model.webhook import WebhookEndpoint, WebhookEvent
from core.store import changes, webhooks
from core.store.database import Database, Session
from tests.support.people import APP, NOW, ROOM, a_conversation, a_user, says

BO = (APP, ROOM, "bo")


async def _told(
    database: Database, happens: Callable[[Session], object], stream: str = ROOM
) -> list[WebhookEvent]:
    """Return what is logged when something happens to an app that listens."""

    def work(session: Session) -> None:
        a_conversation(session, "ann", "bo")
        session.add(WebhookEndpoint(app_id=APP, id="whk", url="https://x.test", created_at=NOW))
        session.flush()
        happens(session)

    await database.write(work)
    return await database.read(lambda s: webhooks.events_from(s, APP, stream, 1, 999))


def _read(told: list[WebhookEvent]) -> list[tuple[str, str]]:
    """Return who read what."""
    return [
        (event.data["recipient"]["id"], event.data["message"]["text"])
        for event in told
        if event.kind == "message.read"
    ]


async def test_a_user_is_made_and_changed(database: Database) -> None:
    """Each is told once, with the user as they are then; what changes nothing is no news."""

    def happens(session: Session) -> None:
        people.put_user(session, APP, "cy", {"name": "Cy"}, NOW)
        people.put_user(session, APP, "cy", {"name": "Cy", "locale": "de"}, NOW)
        people.put_user(session, APP, "cy", {"name": "Cy"}, NOW)
        people.put_user(session, APP, "cy", {"name": "Cyd"}, NOW)

    told = await _told(database, happens, "user/cy")

    assert [(event.number, event.kind) for event in told] == [
        (1, "user.created"), (2, "user.updated"), (3, "user.updated")
    ]  # fmt: skip
    users: list[Any] = [event.data["user"] for event in told]
    assert [(user["name"], user["locale"]) for user in users] == [
        ("Cy", None), ("Cy", "de"), ("Cyd", "de")
    ]  # fmt: skip


async def test_what_was_read_is_told_once(database: Database) -> None:
    """Each message of somebody else, with who read it; reading it again is no news."""

    def happens(session: Session) -> None:
        says(session, "ann", "one")
        says(session, "ann", "two")
        says(session, "bo", "mine")
        read.mark_read(session, BO, None, NOW)
        says(session, "ann", "three")
        read.mark_read(session, BO, None, NOW)
        read.mark_read(session, BO, None, NOW)

    told = await _told(database, happens)

    assert _read(told) == [("bo", "three")]  # who speaks has seen what was said before
    assert [event.number for event in told] == sorted(event.number for event in told)


async def test_a_long_conversation_is_told_from_its_end(database: Database) -> None:
    """A first look at very many messages tells of the newest hundred, in order."""

    def happens(session: Session) -> None:
        for n in range(103):
            says(session, "ann", f"{n}")
        read.mark_read(session, BO, None, NOW)

    told = await _told(database, happens)

    assert _read(told) == [("bo", f"{n}") for n in range(3, 103)]


async def test_in_a_crowd_nobody_is_told_who_read(database: Database) -> None:
    """In conversations of more than 300 there is no word of reading (talkjs-spec, 3.3)."""

    def happens(session: Session) -> None:
        for n in range(299):
            a_user(session, f"u{n}")
            converse.join(session, (APP, ROOM, f"u{n}"), Access.READ_WRITE, Notify.ALL, NOW)
        says(session, "ann", "one")
        read.mark_read(session, BO, None, NOW)

    assert _read(await _told(database, happens)) == []


async def test_the_end_of_a_conversation_is_told_last(database: Database) -> None:
    """The conversation is gone; what it was is in the event, after all that was said in it."""

    def happens(session: Session) -> None:
        says(session, "ann", "one")
        converse.end(session, APP, ROOM, NOW)

    told = await _told(database, happens)

    assert [event.kind for event in told] == ["message.sent", "conversation.deleted"]
    assert told[-1].data["conversation"]["subject"] == "Order 1"
    assert sorted(told[-1].data["conversation"]["participants"]) == ["ann", "bo"]


async def test_without_a_webhook_nothing_is_gathered(database: Database) -> None:
    """What happened is logged; what webhooks would tell of it is not, for there never were any."""

    def work(session: Session) -> None:
        a_conversation(session, "ann", "bo")
        people.put_user(session, APP, "cy", {"name": "Cy"}, NOW)
        says(session, "ann", "one")
        read.mark_read(session, BO, None, NOW)
        converse.end(session, APP, ROOM, NOW)

    await database.write(work)
    kept = await database.read(
        lambda s: [webhooks.events_from(s, APP, name, 1, 9) for name in (ROOM, "user/cy")]
    )

    assert kept == [[], []]


async def test_what_changes_nothing_is_no_change(database: Database) -> None:
    """Saying again what is so already takes no number."""
    await database.write(lambda session: a_conversation(session, "ann", "bo"))

    def again(session: Session) -> None:
        converse.put(session, APP, ROOM, {"subject": "Order 1"}, NOW)
        converse.join(session, BO, Access.READ_WRITE, Notify.ALL, NOW)
        converse.change(session, BO, Access.READ_WRITE, None, NOW)
        converse.leave(session, (APP, ROOM, "cy"), NOW)
        read.mark_read(session, BO, None, NOW)

    await database.write(again)

    assert await database.read(lambda s: changes.last_number(s, APP, ROOM)) == 3


async def test_what_was_read_is_one_change_where_no_webhook_wants_more(database: Database) -> None:
    """A page only needs to know that the marker has moved, however many messages it passed."""
    await database.write(lambda session: a_conversation(session, "ann", "bo"))

    def reads(session: Session) -> None:
        says(session, "ann")
        says(session, "ann")
        read.mark_read(session, BO, None, NOW)

    await database.write(reads)
    found = await database.read(lambda s: changes.after(s, APP, ROOM, 5, 9))

    assert [(one.kind.value, one.user_id, one.message_id) for one in found] == [
        ("message.read", "bo", None)
    ]
