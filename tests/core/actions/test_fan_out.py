"""In a crowd who is owed word is noted by and by: nobody twice, nobody left out, others between."""

import asyncio
from functools import partial

import pytest

from core.actions.fan_out import fan_out
from core.model.fan_out import AT_ONCE
from core.moment import HOUR, SECOND
from core.store import fan_outs, pending
from core.store.database import Database, Session, open_database
from core.store.engine import due
from tests.support.people import APP, NOW, ROOM, a_conversation, a_crowd, says

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


async def test_the_message_writes_one_row_for_all(database: Database) -> None:
    """What is posted to a crowd leaves a fan-out behind in its transaction, and no debt yet."""
    await database.write(_crowd)

    await database.write(lambda session: says(session, "ann"))

    assert await database.read(_owed) == {}
    assert await database.read(lambda session: fan_outs.find(session, *WHERE)) is not None


async def test_everybody_is_owed_once_and_the_author_is_not(database: Database) -> None:
    """After so many steps all have a debt, from the message on, due as in a small conversation."""
    crowd = await database.write(_crowd)
    await database.write(lambda session: says(session, "ann"))

    steps = await database.write(_all_noted)

    assert await database.read(_owed) == dict.fromkeys(crowd, 1)
    assert steps == 2
    assert await database.read(lambda session: fan_outs.find(session, *WHERE)) is None
    one = await database.read(lambda session: pending.find(session, *WHERE, crowd[-1]))
    assert one is not None
    assert (one.first_missed_at, one.due_at) == (NOW, NOW + 120 * SECOND)


@pytest.mark.parametrize(
    "people", [AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 2 * AT_ONCE - 1, 2 * AT_ONCE]
)
async def test_nobody_at_the_edge_of_a_step_is_left_out(database: Database, people: int) -> None:
    """With Ann there are just as many as go at once, one more, or two steps full."""
    crowd = await database.write(partial(_crowd, people=people))
    await database.write(lambda session: says(session, "ann"))
    await _steps(database)

    assert sorted(await database.read(_owed)) == crowd


async def test_whoever_dies_in_the_middle_of_a_step_has_done_nothing_of_it(
    database: Database,
) -> None:
    """A step is undone as a whole, and goes on after the last user that was reached."""
    crowd = await database.write(partial(_crowd, people=3 * AT_ONCE))
    await database.write(lambda session: says(session, "ann"))

    def dies(session: Session) -> None:
        fan_out(session, *WHERE)
        raise ZeroDivisionError

    await _steps(database, 1)
    with pytest.raises(ZeroDivisionError):
        await database.write(dies)
    owed = await database.read(_owed)
    await _steps(database)

    assert len(owed) == AT_ONCE - 1  # Ann is the first, by her id
    assert await database.read(_owed) == dict.fromkeys(crowd, 1)


async def test_another_process_goes_on(database_url: str) -> None:
    """What one process began, another ends, with the claim of the dead one given back."""
    first = open_database(database_url)
    crowd = await first.write(partial(_crowd, people=2 * AT_ONCE))
    await first.write(lambda session: says(session, "ann"))
    await first.enlist("w1", NOW)
    taking = due.Taking("w1", NOW, HOUR, 5)
    claimed = await first.write(lambda session: due.claim(session, fan_outs.WORK, taking))
    await _steps(first, 1)
    await first.close()

    second = open_database(database_url)
    await second.enlist("w2", NOW + SECOND)
    await second.reap(NOW + SECOND)
    again = due.Taking("w2", NOW + 2 * SECOND, HOUR, 5)
    taken = await second.write(lambda session: due.claim(session, fan_outs.WORK, again))
    await _steps(second)
    owed = await second.read(_owed)
    await second.close()

    assert [row[:2] for row in claimed] == [row[:2] for row in taken] == [WHERE]
    assert owed == dict.fromkeys(crowd, 1)


async def test_two_at_once_note_everybody_once(database: Database) -> None:
    """Workers who both believe it theirs take turns."""
    crowd = await database.write(partial(_crowd, people=4 * AT_ONCE))
    await database.write(lambda session: says(session, "ann"))

    await asyncio.gather(*(_steps(database) for _ in range(3)))

    assert await database.read(_owed) == dict.fromkeys(crowd, 1)


async def test_a_second_writer_gets_in_between(database: Database) -> None:
    """Between two steps others write here and elsewhere; what they say is noted next, in order."""
    crowd = await database.write(partial(_crowd, people=2 * AT_ONCE))
    await database.write(lambda session: says(session, "ann", "one"))
    await _steps(database, 1)

    await database.write(lambda session: says(session, crowd[0], "two"))
    await database.write(lambda session: says(session, crowd[-1], "three"))
    await _steps(database)

    # Who says something has read all before it: the first is owed word of the third alone, the
    # last of nothing.
    expected = dict.fromkeys(crowd[1:-1], 1) | {crowd[0]: 3, "ann": 2}
    assert await database.read(_owed) == expected


async def test_many_messages_are_noted_in_one_pass(database: Database) -> None:
    """What a crowd says while it is being noted costs a pass over the people, not one for each."""
    crowd = await database.write(_crowd)
    for _ in range(60):
        await database.write(lambda session: says(session, "ann"))

    steps = await database.write(_all_noted)

    assert await database.read(_owed) == dict.fromkeys(crowd, 1)
    assert steps <= 4
