"""Who is owed what in a crowd is what would be owed in a small conversation."""

from collections.abc import Callable
from functools import partial

import pytest

from core.actions import converse, edit, read, say
from core.actions.decide import BurstClaim, decide
from core.actions.explain import explain
from core.actions.fan_out import fan_out
from core.model.fan_out import AT_ONCE
from core.model.message import MessageKind, Origin
from core.model.participant import Access, Notify
from core.model.webhook import WebhookEndpoint
from core.moment import HOUR, MINUTE, SECOND
from core.store import fan_outs, notifications, participants, pending, webhooks
from core.store.database import Database, Session
from core.store.engine import due
from core.verdict import Accept
from tests.support.people import APP, NOW, ROOM, a_conversation, a_crowd, a_user, says, words
from tests.support.reception import Gateway, a_gateway, a_mail

MANY = AT_ONCE + 100
WHERE = (APP, ROOM)


def _crowd(session: Session, *more: str, people: int = MANY) -> list[str]:
    """Let Ann, whoever else is named, and so many people be in the conversation."""
    a_conversation(session, "ann", *more)
    return a_crowd(session, people)


def _owed(session: Session) -> dict[str, int]:
    """Return from which message on each is owed word."""
    return {one.user_id: one.first_seq for one in pending.of_app(session, APP, 100_000)}


def _all_noted(session: Session) -> int:
    """Note it for everybody; return in how many steps."""
    steps = 1
    while fan_out(session, *WHERE):
        steps += 1
    return steps


async def _steps(database: Database, steps: int = 1_000) -> None:
    """Go on, each step a transaction."""
    for _ in range(steps):
        if not await database.write(lambda session: fan_out(session, *WHERE)):
            return


def _reads(session: Session, user_id: str) -> None:
    read.mark_read(session, (*WHERE, user_id), None, NOW)


def _leaves(session: Session, user_id: str) -> None:
    converse.leave(session, (*WHERE, user_id), NOW)


def _wants_nothing(session: Session, user_id: str) -> None:
    converse.change(session, (*WHERE, user_id), None, Notify.NOTHING, NOW)


def _may_not_read(session: Session, user_id: str) -> None:
    converse.change(session, (*WHERE, user_id), Access.NONE, None, NOW)


def _comes_back(session: Session, user_id: str) -> None:
    _leaves(session, user_id)
    converse.join(session, (*WHERE, user_id), Access.READ_WRITE, Notify.ALL, NOW + SECOND)


def _answers(session: Session, user_id: str) -> None:
    says(session, user_id)


@pytest.mark.parametrize(
    "does", [_reads, _leaves, _wants_nothing, _may_not_read, _comes_back, _answers]
)
async def test_who_is_owed_nothing_by_their_turn_gets_no_debt(
    database: Database, does: Callable[[Session, str], None]
) -> None:
    """What somebody does before they are reached counts as it would in a small conversation."""
    crowd = await database.write(_crowd)
    await database.write(lambda session: says(session, "ann"))

    await database.write(lambda session: does(session, crowd[-1]))
    await _steps(database)

    assert await database.read(lambda session: pending.find(session, *WHERE, crowd[-1])) is None


async def test_who_joins_later_is_owed_nothing_of_before(database: Database) -> None:
    """Who was not there when it was said is not owed word of it, wherever their id stands."""
    await database.write(_crowd)
    await database.write(lambda session: says(session, "ann"))

    def join(session: Session) -> None:
        a_user(session, "zoe")
        converse.join(session, (*WHERE, "zoe"), Access.READ_WRITE, Notify.ALL, NOW + SECOND)

    await database.write(join)
    await _steps(database)

    assert await database.read(lambda session: pending.find(session, *WHERE, "zoe")) is None


async def test_nobody_is_told_twice(database: Database) -> None:
    """Whose older debt fires before their turn is told of both, and owed nothing again."""
    crowd = await database.write(_crowd)
    late = crowd[-1]
    await database.write(lambda session: says(session, "ann", "one"))
    await _steps(database)
    await database.write(lambda session: says(session, "ann", "two"))
    taking = due.Taking("w", NOW + HOUR, MINUTE, 100_000)

    def decided(session: Session) -> None:
        rows = due.claim(session, pending.WORK, taking)
        (row,) = (row for row in rows if row[2] == late)
        decide(session, BurstClaim(*row), "reply.example.org", NOW + HOUR)

    await database.write(decided)
    await _steps(database)
    told = await database.read(lambda s: notifications.of_recipient(s, *WHERE, late))

    assert [(one.first_seq, one.last_seq) for one in told] == [(1, 2)]
    assert await database.read(lambda session: pending.find(session, *WHERE, late)) is None


async def test_an_older_message_is_never_left_out(database: Database) -> None:
    """A debt that begins with a later message begins with the earlier one when its turn comes."""
    crowd = await database.write(_crowd)
    await database.write(lambda session: says(session, "ann", "one"))
    await database.write(lambda session: says(session, "ann", "two"))
    early = await database.read(lambda session: participants.member(session, *WHERE, crowd[-1]))
    assert early is not None
    await database.write(
        lambda session: [
            one.statement.run(session, one.given)
            for one in [pending.owing(session, say.debt(WHERE, early, 2, NOW))]
        ]
    )

    await _steps(database)

    assert (await database.read(_owed))[crowd[-1]] == 1


async def test_only_who_is_mentioned_hears(database: Database) -> None:
    """MentionsOnly counts as in a small conversation, for the message that mentions."""
    crowd = await database.write(_crowd)
    last = crowd[-1]
    await database.write(lambda session: _quiet(session, last))
    await database.write(lambda session: says(session, "ann", "to all"))
    await database.write(
        lambda session: say.say(session, words("ann", mentions=frozenset({last})), NOW)
    )

    await _steps(database)

    assert (await database.read(_owed))[last] == 2


def _quiet(session: Session, user_id: str) -> None:
    converse.change(session, (*WHERE, user_id), None, Notify.MENTIONS_ONLY, NOW)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(words(None, kind=MessageKind.SYSTEM), id="a system message"),
        pytest.param(words("ann", origin=Origin.IMPORT), id="an imported message"),
    ],
)
async def test_what_owes_nobody_is_noted_for_nobody(database: Database, said: say.Words) -> None:
    """System and imported messages owe a crowd nothing either, also behind one that does."""
    crowd = await database.write(_crowd)
    await database.write(lambda session: say.say(session, said, NOW))
    assert await database.read(lambda session: fan_outs.find(session, *WHERE)) is None

    await database.write(lambda session: says(session, "ann"))
    await database.write(lambda session: say.say(session, said, NOW))
    await _steps(database)

    assert await database.read(_owed) == dict.fromkeys(crowd, 2)


async def test_a_message_deleted_meanwhile_owes_nobody(database: Database) -> None:
    """Whoever was not reached before it went gets no debt of it."""
    await database.write(_crowd)
    message = await database.write(lambda session: says(session, "ann"))
    await _steps(database, 1)
    owed = await database.read(_owed)
    await database.write(lambda session: edit.delete(session, APP, message.id, NOW))

    await _steps(database)

    assert await database.read(_owed) == owed


async def test_a_conversation_that_ends_takes_it_along(database: Database) -> None:
    """Nothing is noted of what is gone, and nothing fails."""
    await database.write(_crowd)
    await database.write(lambda session: says(session, "ann"))
    await database.write(lambda session: converse.end(session, *WHERE, NOW))

    assert await database.write(lambda session: fan_out(session, *WHERE)) is False
    assert await database.read(_owed) == {}


async def test_the_sender_is_looked_for_in_all_of_a_crowd(database: Database) -> None:
    """Who may write may, who may only read or is not here is refused, whatever their id."""
    crowd = await database.write(partial(_crowd, people=2 * AT_ONCE))
    await database.write(lambda session: a_user(session, "zz"))
    await database.write(lambda session: _may_not_read(session, crowd[-2]))

    assert (await database.write(lambda session: says(session, crowd[-1]))).seq == 1
    for sender in (crowd[-2], "zz"):
        with pytest.raises(Exception, match="not a participant"):
            await database.write(partial(says, sender=sender))


async def test_it_is_told_why_nothing_was_decided_yet(database: Database) -> None:
    """`explain` says of whoever was not reached yet that they will be."""
    crowd = await database.write(_crowd)
    await database.write(lambda session: says(session, "ann"))

    told = await database.read(lambda session: explain(session, (*WHERE, crowd[-1]), NOW))

    assert "being noted" in told["sentence"]


async def test_an_event_lists_the_first_of_a_crowd(database: Database) -> None:
    """What webhooks are told of each event has a bound, and says that there are more."""

    def work(session: Session) -> dict[str, object]:
        _crowd(session, people=400)
        session.add(
            WebhookEndpoint(app_id=APP, id="w1", url="https://shop.example/hook", created_at=NOW)
        )
        says(session, "ann")
        event = webhooks.events_from(session, *WHERE, 0, 1_000)[-1]
        data: dict[str, object] = event.data
        return data

    told = (await database.write(work))["conversation"]

    assert isinstance(told, dict)
    assert (len(told["participants"]), told["participantsLeftOut"]) == (300, True)


async def test_a_reply_by_mail_to_a_crowd_is_posted_and_noted(database: Database) -> None:
    """The other way in: 250, one message, one fan-out; and everybody but its author is owed."""
    gateway: Gateway = await a_gateway(database)
    crowd = await database.write(lambda session: a_crowd(session, MANY))

    answer = await gateway.offer(a_mail(Message_ID="<1@x>"))
    noted_at_once = await database.read(_owed)
    again = await gateway.offer(a_mail(Message_ID="<1@x>"))
    await _steps(database)
    owed = await database.read(_owed)

    assert isinstance(answer, Accept)
    assert isinstance(again, Accept)
    assert noted_at_once == {"bo": 1}  # what Ann had said before there was a crowd
    assert owed == dict.fromkeys([*crowd, "ann"], 2) | {"bo": 1}
