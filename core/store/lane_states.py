"""How each lane stands: a few rows, read by all who send."""

from collections.abc import Collection

from sqlmodel import Session, col, select

from core.model.delivery import Delivery, State
from core.model.lane_state import LaneState
from core.moment import Moment
from core.store.engine.dialect import flushed, table_of
from core.store.engine.prepared import Prepared
from core.store.rows import row_of

_INTRODUCE = Prepared(lambda insert: insert(table_of(LaneState)).on_conflict_do_nothing())


def every(session: Session) -> list[LaneState]:
    """Return all lanes that were ever heard of, by name."""
    return list(session.exec(select(LaneState).order_by(col(LaneState.name))))


def find(session: Session, name: str) -> LaneState | None:
    """Return how a lane stands."""
    return session.get(LaneState, name)


def keep(session: Session, state: LaneState) -> None:
    """Remember how a lane stands, unless a later change is known."""
    introduce(session, state.name)
    given, table = row_of(state), table_of(LaneState)
    flushed(session).execute(
        table.update()
        .where(table.c.name == given.pop("name"), table.c.changed_at <= state.changed_at)
        .values(given)
    )


def introduce(session: Session, name: str) -> None:
    """Remember that there is such a lane, if nothing is known of it yet; two may do so at once."""
    _INTRODUCE.run(session, row_of(LaneState(name=name)))


def bring_forward(session: Session, lane: str, causes: Collection[str], now: Moment) -> int:
    """Make due at once what waits for a lane because of one of these; return how many.

    For a relay's own lane: whatever provider it goes to, and whichever relay was asked first.
    """
    own = lane.partition(":")[0]
    table = table_of(Delivery)
    behind = (
        table.update()
        .where(table.c.state == State.QUEUED, table.c.claimed_by.is_(None))
        .where(table.c.next_attempt_at > now, table.c.reason.in_(causes))
        .where((table.c.lane == own) | table.c.lane.startswith(f"{own}/", autoescape=True))
        .values(next_attempt_at=now)
    )
    return int(flushed(session).execute(behind).rowcount)
