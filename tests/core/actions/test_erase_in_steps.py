"""Erasing takes many transactions: who watches, who interrupts and who works beside it."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from core.actions import describe
from core.actions import erase as erasing
from core.actions.erase import erase
from core.model.pending import Pending
from core.model.user import User
from core.store import conversations, messages
from core.store.database import Database, Session, open_database
from tests.support.lives import LATER, SECRETS, a_life, an_ended_life, everything, reacts_and_reads
from tests.support.people import APP, ROOM, a_conversation, says
from tests.support.racing import locked, until_waiting


class Stepping:
    """A database that keeps what there is to see after each transaction, and may fail after one."""

    def __init__(self, database: Database, see: Callable[[Session], Any], failing: int = 0) -> None:
        """See so, and fail after so many."""
        self._database, self._see, self._failing = database, see, failing
        self.seen: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        """Return what the database has."""
        return getattr(self._database, name)

    async def write(self, work: Callable[[Session], Any]) -> Any:
        """Write, and look."""
        result = await self._database.write(work)
        self.seen.append(await self._database.read(self._see))
        if len(self.seen) == self._failing:
            raise InterruptedError
        return result


def _seen(session: Session) -> tuple[int, str]:
    """Return the conversation's number and all that is seen of it."""
    here = conversations.find(session, APP, ROOM)
    assert here is not None
    said = messages.page(session, APP, ROOM, 10, None)
    shapes = [
        describe.several(session, APP, said), describe.overviews(session, APP, [here], "")
    ]  # fmt: skip
    return here.change, json.dumps(shapes)


async def test_who_reads_anew_at_the_last_number_has_read_all(database: Database) -> None:
    """Nothing that is seen of the conversation changes after its last number was given."""
    await database.write(a_life)
    await database.write(reacts_and_reads)
    steps = Stepping(database, _seen)

    await erase(steps, APP, "bo", LATER)

    assert {one for one in steps.seen if one[0] == steps.seen[-1][0]} == {steps.seen[-1]}
    assert '"bo"' not in steps.seen[-1][1].replace('"senderId": "bo"', "")


@pytest.mark.parametrize("steps", range(1, 9))
async def test_who_is_interrupted_does_it_again(database: Database, steps: int) -> None:
    """After whichever transaction it ended, the second time does the rest."""
    await database.write(a_life)
    await database.write(an_ended_life)
    await database.write(reacts_and_reads)

    with pytest.raises(InterruptedError):
        await erase(Stepping(database, _seen, steps), APP, "bo", LATER)
    assert await database.read(lambda s: s.get(User, (APP, "bo"))) is not None
    await erase(database, APP, "bo", LATER)
    after = await database.read(everything)

    assert [secret for secret in SECRETS if secret in after] == []


async def test_who_decides_meanwhile_is_not_waited_for_with_their_rows_in_hand(
    postgresql_url: str,
) -> None:
    """The conversation is locked first, as everybody does it: else each waits for the other."""
    database = open_database(postgresql_url)
    await database.write(lambda session: a_conversation(session, "alice", "bo"))
    await database.write(lambda session: says(session, "alice") and None)
    whose = (APP, ROOM, "bo")
    async with locked(postgresql_url) as deciding:
        task = asyncio.create_task(
            database.write(lambda s: erasing._unwrite(s, whose=whose, now=LATER))
        )
        await until_waiting(deciding, 1)
        free = await deciding.fetch("SELECT 1 FROM pending FOR UPDATE SKIP LOCKED")
    await task
    left = await database.read(lambda s: s.get(Pending, whose))
    await database.close()

    assert len(free) == 1
    assert left is None
