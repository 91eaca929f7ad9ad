"""A reminder leaves in the app's words, and not where it was answered meanwhile."""

import email
import email.policy
from collections.abc import Callable

import pytest

from core.actions import opt_out, people, read
from core.actions.remind import Reminder, remind
from core.clock import SetClock
from core.model.delivery import Delivery, State
from core.model.notification import Notification
from core.moment import MINUTE
from core.store import deliveries, notifications, pending
from core.store.database import Database, Session
from core.store.engine import due
from notifier.channels.email.in_memory_relay import Memory
from notifier.dispatch import deliver
from notifier.queue.claimed import DeliveryClaim
from tests.support.notifying import a_context
from tests.support.people import APP, NOW, ROOM, a_conversation, says

BO = (APP, ROOM, "bo")
TEXTS = {
    "subject": "{{sender.name}} is still waiting for you",
    "header": "Hello {{recipient.name}}, you have not answered yet:",
    "footer": "Sent by {{app.name}}",
    "inbox_url": "https://shop.example/inbox?c={{conversation.id}}",
}


async def _one_leaves(
    database: Database,
    clock: SetClock,
    texts: dict[str, str],
    meanwhile: Callable[[Session], object] = lambda _: None,
) -> tuple[Delivery, str]:
    """Remind Bo, let something happen, and offer the mail; return how it stands, and its text."""
    clock.moment, relay = NOW + MINUTE, Memory()
    at = a_context(database, clock, relay)

    def asked(session: Session) -> None:
        a_conversation(session, "ann", "bo", subject="By role", header="Of the role")
        says(session, "ann", "Is it blue?")
        remind(session, (APP, ROOM), Reminder(None, texts), "list.test", NOW)

    await database.write(asked)
    await database.write(meanwhile)
    taking = due.Taking("w", clock.moment, MINUTE, 1)
    (row,) = await database.write(lambda s: due.claim(s, deliveries.WORK, taking))
    await deliver(DeliveryClaim(row[0], row[1], row[2], clock.moment + MINUTE), at)
    one = await database.read(lambda s: deliveries.find(s, row[0], row[1]))
    assert one is not None
    return one, "".join(_as_text(parcel.raw) for parcel in relay.parcels)


def _as_text(octets: bytes) -> str:
    mail = email.message_from_bytes(octets, policy=email.policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    return f"Subject: {mail['Subject']}\n{body.get_content()}"


async def test_it_says_what_the_app_wants_it_to_say(database: Database, clock: SetClock) -> None:
    """Subject, header, footer and link are the reminder's, with their macros filled in."""
    one, text = await _one_leaves(database, clock, TEXTS)

    assert one.state is State.ACCEPTED
    for words in (
        "Subject: Ann is still waiting for you",
        "Hello Bo, you have not answered yet:",
        "Is it blue?",
        "Sent by Acme",
        "https://shop.example/inbox?c=order-1",
    ):
        assert words in text
    assert "role" not in text


async def test_what_it_does_not_say_the_role_says(database: Database, clock: SetClock) -> None:
    """Each text stands in for its own, and no other."""
    _, text = await _one_leaves(database, clock, {"footer": "Soon!"})

    assert "Subject: By role" in text
    assert "Of the role" in text
    assert "Soon!" in text


@pytest.mark.parametrize(
    ("meanwhile", "ended"),
    [
        pytest.param(
            lambda s: read.mark_read(s, BO, None, NOW),
            (State.ACCEPTED, None),
            id="what they read is not answered",
        ),
        pytest.param(
            lambda s: says(s, "bo", "Yes"), (State.CANCELLED, "nothing_left"), id="they answered"
        ),
        pytest.param(
            lambda s: opt_out.opt_out(s, (APP, "bo"), ROOM, "page", NOW),
            (State.CANCELLED, "opted_out"),
            id="they opted out",
        ),
        pytest.param(
            lambda s: people.put_user(s, APP, "bo", {"email": None}, NOW),
            (State.CANCELLED, "no_address"),
            id="their address is gone",
        ),
    ],
)
async def test_the_last_look_is_made_at_a_reminder_too(
    database: Database,
    clock: SetClock,
    meanwhile: Callable[[Session], object],
    ended: tuple[State, str | None],
) -> None:
    """Nothing leaves that is no longer wanted, or has been answered."""
    one, text = await _one_leaves(database, clock, TEXTS, meanwhile)

    assert (one.state, one.reason) == ended
    assert bool(text) == (one.state is State.ACCEPTED)


async def test_a_reminder_that_is_not_made_hides_nothing_from_a_crowd(database: Database) -> None:
    """What is still being noted is noted also for one whose reminder was refused."""

    def work(session: Session) -> list[dict[str, int]]:
        a_conversation(session, "ann", "bo")
        says(session, "ann")
        pending.clear(session, *BO)
        opt_out.opt_out(session, (APP, "bo"), ROOM, "page", NOW)
        found = []
        for change in (lambda: None, lambda: opt_out.opt_in(session, (APP, "bo"), ROOM, NOW)):
            change()
            session.flush()
            decided: list[Notification] = remind(
                session, (APP, ROOM), Reminder(("bo",), {}), "list.test", NOW
            )
            assert len(decided) == 1
            found.append(notifications.decided_from(session, (APP, ROOM), 1, ("", "zz")))
        return found

    assert await database.write(work) == [{}, {"bo": 1}]
