"""The rooms of a process are told of each other, and of what others do."""

from collections.abc import Sequence

import pytest

from core.address import Keyring
from core.changes import Changes
from core.clock import SetClock
from core.nudge import Nudge
from core.store.database import Database
from core.store.engine.touched import Anything, Foreign, Hint, Touched
from gateway.context import Context
from tests.support.people import APP, ROOM
from wiring import _hearing


@pytest.mark.parametrize(("hints", "nudges"), [
    pytest.param([Foreign(APP, ROOM, 1)], 1, id="said in another process"),
    pytest.param([Foreign(APP, ROOM, typing=True), Foreign(APP, ROOM, 1)], 1, id="once for all"),
    pytest.param([Anything()], 1, id="something may have been missed"),
    pytest.param([Touched(APP, ROOM, 1)], 0, id="said here, where who says it nudges"),
    pytest.param([Foreign(APP, ROOM, typing=True)], 0, id="who types owes nobody a mail"),
])  # fmt: skip
async def test_the_notifier_is_woken_by_what_others_commit(
    database: Database, hints: Sequence[Hint], nudges: int
) -> None:
    """What is committed here nudges by itself; a second nudge would be a question for nothing."""
    nudge, clock = Nudge(), SetClock()
    context = Context(database, clock, Keyring({1: b"k" * 16}, 1), "http://x", "x.test")
    async with _hearing(context, Changes(database, clock), nudge):
        before = nudge.calls
        database.committed.tell(hints)
        after = nudge.calls

    assert after - before == nudges
