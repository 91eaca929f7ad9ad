"""What somebody chooses counts at once, also for what waits."""

from functools import partial
from typing import Any

import pytest

from core.actions import decide, found_app, people, prefer
from core.actions.decide import BurstClaim
from core.actions.explain import explain
from core.clock import SetClock
from core.errors import NotFound
from core.model.delivery import Delivery, State
from core.moment import HOUR, MINUTE, Moment
from core.outcome import Cause, Deferred, PeerReply
from core.rules.look_again import Later, NotSent, Send, Why
from core.rules.waiting import Wait
from core.store import deliveries, notifications, pending, preferences
from core.store.database import Database, Session
from core.store.engine import due
from notifier.channels.email.in_memory_relay import Memory
from notifier.dispatch import deliver
from notifier.queue.claimed import DeliveryClaim
from tests.support.notifying import a_context
from tests.support.people import APP, NOW, ROOM, a_conversation, says

BO = (APP, ROOM, "bo")
DUE = NOW + 2 * MINUTE  # 2023-11-14 22:15:20 UTC
MORNING = NOW - NOW % (24 * HOUR) + 31 * HOUR


def _looked_at(session: Session, at: Moment) -> Any:
    """Decide on what Bo is owed."""
    session.flush()
    debt = pending.find(session, *BO)
    assert debt is not None
    return decide.decide(session, BurstClaim(*BO, debt.attempts), "m", at)


def _prefers(session: Session, quiet_hours: str | None, at: Moment = NOW) -> None:
    prefer.prefer(session, APP, "bo", {"quiet_hours": quiet_hours}, at)


def _told(session: Session) -> list[tuple[str, int]]:
    return [(one.reason, one.messages) for one in notifications.of_recipient(session, *BO)]


async def test_what_comes_due_at_night_is_told_in_the_morning(database: Database) -> None:
    """In one mail with all that came since; meanwhile it is owed, and explained."""

    def work(session: Session) -> tuple[Any, Any, Any, list[tuple[str, int]]]:
        a_conversation(session, "ann", "bo")
        _prefers(session, "22:00-07:00")
        says(session, "ann")
        night = _looked_at(session, DUE)
        says(session, "ann", "More", DUE + HOUR)
        says(session, "ann", "And more", DUE + 3 * HOUR)
        told = explain(session, BO, DUE + 3 * HOUR)
        morning = _looked_at(session, MORNING)
        return night, told, morning, _told(session)

    night, told, morning, mails = await database.write(work)

    assert night == Later(MORNING, NOW, Wait.QUIET_HOURS)
    assert told["pending"]["waitsFor"] == "quiet_hours"
    assert told["pending"]["dueAt"] == MORNING
    assert told["sentence"] == (
        "A mail is owed and will be looked at at 2023-11-15 07:00:00Z, "
        "when their quiet hours are over."
    )
    assert isinstance(morning, Send)
    assert mails == [("missed", 3)]


@pytest.mark.parametrize(
    ("changes", "wakes"),
    [
        pytest.param(lambda s: _prefers(s, "none", DUE), True, id="they want none"),
        pytest.param(
            lambda s: people.put_user(s, APP, "bo", {"time_zone": "Pacific/Auckland"}, DUE), True,
            id="they are where it is day",
        ),
        pytest.param(
            lambda s: found_app.change(s, APP, {"time_zone": "Pacific/Auckland"}, DUE), True,
            id="the app is",
        ),
        pytest.param(
            lambda s: found_app.put_role(s, APP, "default", {"quiet_hours": None}, DUE), True,
            id="their role has none",
        ),
        pytest.param(
            lambda s: people.put_user(s, APP, "ann", {"time_zone": "Pacific/Auckland"}, DUE),
            False,
            id="somebody else's",
        ),
    ],
)  # fmt: skip
async def test_a_mail_that_rests_wakes_when_the_night_has_changed(
    database: Database, changes: Any, *, wakes: bool
) -> None:
    """It is looked at again at once; what waits for the relay waits on."""

    def work(session: Session) -> list[Moment | None]:
        a_conversation(session, "ann", "bo", quiet_hours="22:00-07:00")
        for n, reason in enumerate(("quiet_hours", "busy")):
            mail = Delivery(
                app_id=APP, id=f"dlv_{n}", notification_id="n", conversation_id=ROOM, user_id="bo",
                address="bo@example.net", message_id=f"<{n}@x>", reference=n, reason=reason,
                next_attempt_at=MORNING, created_at=NOW,
            )  # fmt: skip
            deliveries.add(session, mail)
        changes(session)
        session.flush()
        session.expire_all()
        found = [deliveries.find(session, APP, f"dlv_{n}") for n in range(2)]
        return [one.next_attempt_at if one else None for one in found]

    assert await database.write(work) == [DUE if wakes else MORNING, MORNING]


@pytest.mark.parametrize(
    ("changes", "then"),
    [
        pytest.param(lambda s: _prefers(s, "none", DUE), Send, id="they want none"),
        pytest.param(lambda s: _prefers(s, "02:00-07:00", DUE), Send, id="they sleep later"),
        pytest.param(lambda s: _prefers(s, None, DUE), Later, id="as their role does"),
        pytest.param(
            lambda s: people.put_user(s, APP, "bo", {"time_zone": "Pacific/Auckland"}, DUE), Send,
            id="they are where it is day",
        ),
        pytest.param(
            lambda s: found_app.change(s, APP, {"time_zone": "Pacific/Auckland"}, DUE), Send,
            id="the app is, and they never said where they are",
        ),
    ],
)  # fmt: skip
async def test_a_change_of_the_night_counts_at_once(
    database: Database, changes: Any, then: type
) -> None:
    """What waits for the morning is looked at when whose night it is has changed."""

    def work(session: Session) -> tuple[Moment, Any]:
        a_conversation(session, "ann", "bo", quiet_hours="22:00-07:00")
        _prefers(session, "21:00-08:00")
        says(session, "ann")
        _looked_at(session, DUE)
        changes(session)
        session.flush()
        debt = pending.find(session, *BO)
        assert debt is not None
        return debt.due_at, _looked_at(session, DUE)

    due_at, decided = await database.write(work)

    assert due_at == DUE
    assert isinstance(decided, then)


async def test_at_night_it_is_decided_what_needs_no_mail(database: Database) -> None:
    """Nobody waits until the morning to be told that there will be no mail."""

    def work(session: Session) -> Any:
        a_conversation(session, "ann", "bo", quiet_hours="22:00-07:00", email_enabled=False)
        says(session, "ann")
        return _looked_at(session, DUE)

    assert await database.write(work) == NotSent(Why.CHANNEL_OFF, app_may_tell=True)


async def test_choices_are_kept_and_go_with_their_person(database: Database) -> None:
    """The same twice is no change; of nobody there are none."""

    def work(session: Session) -> list[str | None]:
        a_conversation(session, "ann", "bo")
        kept = [prefer.chosen_by(session, APP, "bo").quiet_hours]
        for hours in ("22:00-07:00", "22:00-07:00", None):
            _prefers(session, hours)
            found = preferences.find(session, APP, "bo")
            kept.append(found.quiet_hours if found else "nothing")
        return kept

    assert await database.write(work) == [None, "22:00-07:00", "22:00-07:00", None]
    with pytest.raises(NotFound, match="There is no user 'nobody'"):
        await database.write(lambda s: prefer.prefer(s, APP, "nobody", {}, NOW))


async def test_a_mail_that_is_tried_again_at_night_waits(
    database: Database, clock: SetClock
) -> None:
    """The relay put it off in the evening; its reader sleeps by then. By hand it goes."""
    relay = Memory()
    relay.answer_next(Deferred(Cause.BUSY, PeerReply(451, None, "later")))
    at = a_context(database, clock, relay)

    def prepared(session: Session) -> None:
        a_conversation(session, "ann", "bo", quiet_hours="22:16-07:00")
        says(session, "ann")
        session.flush()
        _looked_at(session, DUE)

    async def tried(moment: Moment) -> tuple[State | None, Moment | None]:
        clock.moment = moment
        taking = due.Taking("w", moment, MINUTE, 1)
        (row,) = await database.write(lambda s: due.claim(s, deliveries.WORK, taking))
        await deliver(DeliveryClaim.of(row, moment + MINUTE), at)
        one = await database.read(lambda s: deliveries.find(s, APP, row[1]))
        assert one is not None
        return one.state, one.next_attempt_at

    await database.write(prepared)
    state, _ = await tried(DUE)
    night = await tried(DUE + 2 * MINUTE)
    (waiting,) = await database.read(
        partial(deliveries.listed, app_id=APP, waiting_only=True, limit=9)
    )
    morning = await tried(MORNING)

    assert state is State.QUEUED
    assert night == (State.QUEUED, MORNING)
    assert waiting.reason == "quiet_hours"
    assert morning == (State.ACCEPTED, None)
    await at.webhook.close()
