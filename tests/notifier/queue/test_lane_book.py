"""How the lanes stand is known to every process, outlasts them, and can be changed by hand."""

from functools import partial

import pytest

from core.actions.open_lane import open_lane
from core.clock import SetClock
from core.errors import NotFound
from core.model.delivery import EMAIL, Delivery
from core.model.lane_state import LaneState
from core.moment import DAY, HOUR, MINUTE, SECOND
from core.outcome import Accepted, Cause, Deferred, Outcome, PeerReply
from core.store import deliveries, lane_states
from core.store.database import Database, Session
from notifier.channels.email.in_memory_relay import Memory
from notifier.context import NotifierContext
from notifier.queue.lane_book import introduce, keep, look
from tests.support.notifying import a_context
from tests.support.owed_mails import owe_mails
from tests.support.people import APP, NOW, ROOM

QUOTA = Deferred(
    Cause.SENDER_QUOTA,
    PeerReply(550, "5.4.5", "Daily user sending limit exceeded"),
    whole_lane=True,
)
DOWN = Deferred(Cause.CONNECTION, PeerReply(0, None, "Connection refused"), whole_lane=True)
OPINION = Deferred(Cause.SENDER_REPUTATION, PeerReply(550, "5.7.1", "Our system has detected"))
TAKEN = Accepted(PeerReply(250, None, "ok"))


def _to(address: str = "bo@example.net", lane: str = EMAIL) -> Delivery:
    return Delivery(
        app_id=APP, id="dlv_1", channel=EMAIL, address=address, lane=lane, message_id="<m>",
        notification_id="n", conversation_id=ROOM, user_id="bo",
    )  # fmt: skip


async def _hears(at: NotifierContext, clock: SetClock, *outcomes: Outcome, to: Delivery) -> None:
    for outcome in outcomes:
        at.channels[EMAIL].heard(to, outcome, clock.moment, 0.0)
        await keep(at, to)


@pytest.mark.parametrize("said", [QUOTA, DOWN])
async def test_what_one_process_hears_another_knows(
    database: Database, clock: SetClock, said: Deferred
) -> None:
    """It waits as long, for the same reason; and when the first is taken again, it knows that."""
    clock.moment = NOW
    ours, other = (a_context(database, clock, Memory()) for _ in range(2))
    await _hears(ours, clock, said, to=_to())
    news, again = await look(other), await look(other)
    lane = other.channels[EMAIL].lane
    closed = (lane.standing, lane.is_open(NOW), lane.passes_over(NOW))
    clock.moment += MINUTE
    await _hears(ours, clock, TAKEN, to=_to())
    opened = await look(other)

    assert (news, again, opened) == (True, False, True)
    assert closed[0] == ours.channels[EMAIL].lane.standing or closed[0].refusal == said
    assert closed[1:] == (False, said is DOWN)
    assert lane.is_open(NOW)
    assert lane.postpone(NOW) is None


async def test_a_restart_forgets_nothing(database: Database, clock: SetClock) -> None:
    """The steps go on where they were: it is not asked every five seconds anew."""
    clock.moment = NOW
    at = a_context(database, clock, Memory())
    for _ in range(4):
        await _hears(at, clock, QUOTA, to=_to())
        clock.moment = at.channels[EMAIL].lane.closed_until
    after = a_context(database, clock, Memory())
    await look(after)
    await _hears(after, clock, QUOTA, to=_to())

    assert after.channels[EMAIL].lane.troubles == 5
    assert after.channels[EMAIL].lane.closed_until == clock.moment + 5 * MINUTE


async def test_a_clock_that_was_ahead_closes_no_lane_for_years(
    database: Database, clock: SetClock
) -> None:
    """After the clock was set right and a restart it is asked within the longest step."""
    clock.moment = NOW + 365 * DAY
    await _hears(a_context(database, clock, Memory()), clock, QUOTA, to=_to())
    clock.moment = NOW
    after = a_context(database, clock, Memory())
    await look(after)
    lane = after.channels[EMAIL].lane
    closed, opens = lane.is_open(NOW), lane.closed_until
    await _hears(after, clock, TAKEN, to=_to())
    other = a_context(database, clock, Memory())
    await look(other)

    assert (closed, opens) == (False, NOW + HOUR)
    assert other.channels[EMAIL].lane.is_open(NOW)


async def test_a_providers_lane_is_kept_as_its_own(database: Database, clock: SetClock) -> None:
    """With what was said, and to whom; the relay's stays open."""
    clock.moment = NOW
    at = a_context(database, clock, Memory())
    await introduce(at)
    to = _to("bo@gmail.com", "email/gmail")
    await _hears(at, clock, OPINION, OPINION, OPINION, to=to)
    other = a_context(database, clock, Memory())
    await look(other)
    rows = {one.name: one for one in await database.read(lane_states.every)}
    gmail = other.channels[EMAIL].providers.lane("email/gmail")

    assert set(rows) == {"email", "email/gmail"}
    assert (rows["email"].closed_until, rows["email"].cause) == (0, None)
    told = rows["email/gmail"]
    assert (told.cause, told.code, told.said_to) == ("sender_reputation", 550, "dlv_1")
    assert gmail is not None
    assert gmail.postpone(NOW) is not None
    assert other.channels[EMAIL].lane.postpone(NOW) is None


async def test_by_hand_it_opens_and_what_waits_is_due(database: Database, clock: SetClock) -> None:
    """Whoever raised the quota need not wait for the next step."""
    clock.moment = NOW
    at = a_context(database, clock, Memory())
    await database.write(lambda s: owe_mails(s, ["bo", "cy"], NOW))
    await _hears(at, clock, QUOTA, to=_to())

    def hold(session: Session) -> None:
        for one in deliveries.listed(session, APP, waiting_only=True, limit=9):
            one.reason, one.next_attempt_at = "sender_quota", NOW + HOUR

    await database.write(hold)
    clock.moment += SECOND
    opened = await database.write(partial(open_lane, name=EMAIL, now=clock.moment))
    news = await look(at)
    due = await database.read(lambda s: deliveries.waiting(s, clock.moment, 9))

    assert (opened.closed_until, opened.cause, news, due) == (0, None, True, 2)
    assert at.channels[EMAIL].lane.postpone(clock.moment) is None


async def test_a_fallback_that_opens_by_hand_makes_due_what_waits(
    database: Database, clock: SetClock
) -> None:
    """For whichever relay it waits, and whatever that said of us; and at a provider likewise."""
    clock.moment = NOW
    people = ["bo", "cy", "di", "ed"]
    await database.write(lambda s: owe_mails(s, people, NOW))
    waits = (
        (EMAIL, "sender_quota"), ("email/gmail", "authentication"), ("email/gmail", "greylisted"),
        ("sms", "sender_quota"),
    )  # fmt: skip

    def hold(session: Session) -> None:
        found = deliveries.listed(session, APP, waiting_only=True, limit=9)
        for one, (lane, reason) in zip(found, waits, strict=True):
            one.lane, one.reason, one.next_attempt_at = lane, reason, NOW + HOUR
            session.add(one)
        state = LaneState(name="email:backup", troubles=1, cause="sender_rate", changed_at=NOW)
        lane_states.keep(session, state)

    await database.write(hold)
    await database.write(partial(open_lane, name="email:backup", now=NOW + SECOND))
    found = await database.read(lambda s: deliveries.listed(s, APP, waiting_only=True, limit=9))
    due = {(one.lane, one.reason) for one in found if one.next_attempt_at == NOW + SECOND}

    assert due == {*waits[:2]}


async def test_a_lane_that_is_not_there_is_told_with_those_that_are(database: Database) -> None:
    """A slip of the pen opens nothing."""
    await database.write(lambda s: lane_states.introduce(s, EMAIL))

    with pytest.raises(NotFound, match=r"no lane 'emial'.*: email\."):
        await database.write(partial(open_lane, name="emial", now=NOW))


async def test_the_later_change_stands(database: Database) -> None:
    """Two processes hear of one trouble: whoever writes last may have heard first."""
    late, early = (LaneState(name=EMAIL, troubles=n, changed_at=NOW + n) for n in (5, 1))
    await database.write(partial(lane_states.keep, state=late))
    await database.write(partial(lane_states.keep, state=early))
    (one,) = await database.read(lane_states.every)

    assert one.troubles == 5


async def test_no_address_is_kept_with_a_lane(database: Database, clock: SetClock) -> None:
    """The row outlives the mail, and whoever it was to."""
    clock.moment = NOW
    at = a_context(database, clock, Memory())
    words = "<BO@example.net>: daily limit of bo@example.net exceeded"
    said = Deferred(Cause.SENDER_QUOTA, PeerReply(550, "5.4.5", words), whole_lane=True)
    await _hears(at, clock, said, to=_to())
    (row,) = await database.read(lane_states.every)

    assert row.text == "<…>: daily limit of … exceeded"


async def test_an_outcome_is_kept_though_the_lane_is_not(
    database: Database, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What became of a mail is known nowhere else; how the lane stands is written down later."""
    clock.moment = NOW
    at = a_context(database, clock, Memory())
    with monkeypatch.context() as broken:
        broken.setattr(lane_states, "keep", None)
        await _hears(at, clock, DOWN, to=_to())
    known = await database.read(lane_states.every)
    await keep(at, _to())
    other = a_context(database, clock, Memory())
    await look(other)

    assert not at.channels[EMAIL].lane.is_open(NOW)
    assert known == []
    assert not other.channels[EMAIL].lane.is_open(NOW)
