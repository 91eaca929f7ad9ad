"""Forget what need not be kept: what was said in mails, presence that ended, what is long over.

Run now and then by a worker; running it twice does nothing more. Each transaction takes the
oldest few rows of one kind, so that nobody waits for a table to be cleared, and the next goes on
where it ended.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.actions import hold
from core.model.known_block import BlocksOf
from core.moment import DAY, MINUTE, Moment
from core.rules import block_memory
from core.rules.day_limit import day_of
from core.store import ageing, day_budgets, held, known_blocks, sessions
from core.store.database import Database, Session

_AT_ONCE = 500
_CHANGE_DAYS = 35  # longer than any endpoint's deliveries are tried again
_PAUSE = 15 * MINUTE  # the longest timeout of a role
_LEAST_HISTORY_DAYS = 30  # a receipt is what a mail that is offered again is known by

Step = Callable[[Session], int]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long things are kept, in days: what mails said, that there were any, how they end."""

    raw_days: int = 30
    history_days: int = 400
    endings_days: int = 180


async def forget(database: Database, keeping: Keeping, now: Moment) -> dict[str, int]:
    """Forget all that is over; return how much of each kind."""
    gone = {}
    for kind, step in _steps(keeping, now):
        gone[kind] = done = await database.write(step)
        while done >= _AT_ONCE:
            done = await database.write(step)
            gone[kind] += done
    return gone


def _steps(keeping: Keeping, now: Moment) -> Iterator[tuple[str, Step]]:
    """Yield each kind of thing, and what forgets some of it."""
    said = now - keeping.raw_days * DAY
    known = now - max(keeping.history_days, keeping.raw_days, _LEAST_HISTORY_DAYS) * DAY
    told = now - _CHANGE_DAYS * DAY
    ended = now - keeping.endings_days * DAY
    yield "held", lambda session: _drop_held(session, said, now)
    yield "octets", lambda session: ageing.drop_raw(session, now, _AT_ONCE)
    yield "traces", lambda session: ageing.drop_traces(session, said, _AT_ONCE)
    # Until when somebody typed counts for as long as anybody may wait for a pause.
    yield "sessions", lambda session: sessions.sweep(session, now - _PAUSE)
    yield "changes", lambda session: ageing.drop_changes(session, told, _AT_ONCE)
    yield "calls", lambda session: ageing.drop_calls(session, told, _AT_ONCE)
    yield "deliveries", lambda session: ageing.drop_deliveries(session, known, _AT_ONCE)
    yield "decisions", lambda session: ageing.drop_decisions(session, known, _AT_ONCE)
    yield "questions", lambda session: ageing.drop_held(session, known, _AT_ONCE)
    yield "endings", lambda session: _drop_endings(session, ended)
    yield "budgets", lambda session: day_budgets.drop_before(session, day_of(now) - 1, _AT_ONCE)
    yield "receipts", lambda session: ageing.drop_receipts(session, known, _AT_ONCE)


def _drop_endings(session: Session, before: Moment) -> int:
    """Forget what ended no mail since a moment."""
    old = known_blocks.older_than(session, before, _AT_ONCE)
    for one in old:
        whose = BlocksOf(one.whose)
        left = block_memory.younger(one.packed, whose, before)
        known_blocks.become(session, one, left, block_memory.oldest(left, whose))
    return len(old)


def _drop_held(session: Session, before: Moment, now: Moment) -> int:
    """Drop replies that nobody decided on."""
    expired = held.older_than(session, before, _AT_ONCE)
    for one in expired:
        hold.drop(session, one, "time", now)
    return len(expired)
