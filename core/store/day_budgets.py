"""Day budgets: what came for an address today, counted where it is written and nowhere else.

One statement asks whether there is room and takes it, so two processes that are at it at once
cannot both take the last place: whoever comes second waits for the row and looks again. An ordinary
reply's is a part of the one statement that posts it (``posting``).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Integer,
    bindparam,
    case,
    delete,
    false,
    literal,
    tuple_,
    update,
)
from sqlalchemy import select as core_select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlmodel import Session

from core.model.day_budget import NOTHING_SPENT, BudgetOf, DayBudget, Spent
from core.store.engine.dialect import flushed, table_of
from core.store.engine.prepared import Prepared

_B = table_of(DayBudget)
_KEY = ("app_id", "conversation_id", "user_id", "account")
Whose = tuple[str, str, str]  # app, conversation, user


@dataclass(frozen=True, slots=True)
class Charge:
    """What one mail takes of a day's budget, if there is room. ``size``: its octets.

    ``most_mails`` and ``most_octets``: for how much the day has room. The first mail has, always.
    """

    whose: Whose
    account: BudgetOf
    day: int
    size: int
    most_mails: int
    most_octets: int

    def row(self, part: str = "") -> dict[str, Any]:
        """Return what the statement is given, each name behind the part's."""
        values = (*self.whose, self.account.value)
        given = dict(zip(_KEY, values, strict=True)) | {
            "day": self.day,
            "octets": self.size,
            "most_mails": self.most_mails,
            "most_octets": self.most_octets,
        }
        return {f"{part}{name}": value for name, value in given.items()}


def _taking(insert: Any, part: str = "", hangs_on: Any = None) -> Any:
    """Return what takes room of a day, and touches no row where there is none.

    An insert of values, or of a row of the part it hangs on: each engine's own ``insert``.
    """
    given: dict[str, Any] = {
        name: bindparam(f"{part}{name}", type_=_B.c[name].type) for name in (*_KEY, "day", "octets")
    }
    given |= {"mails": literal(1, Integer), "told": false()}
    if hangs_on is None:
        adding = insert(_B).values(given)
    else:
        values = core_select(*given.values()).select_from(hangs_on)
        adding = insert(_B).from_select(list(given), values)
    new = adding.excluded
    begins = _B.c.day < new.day
    octets = _B.c.octets + new.octets
    has_room = (_B.c.mails < bindparam(f"{part}most_mails", type_=Integer)) & (
        octets <= bindparam(f"{part}most_octets", type_=BigInteger)
    )
    return adding.on_conflict_do_update(
        index_elements=list(_KEY),
        set_={
            "day": case((begins, new.day), else_=_B.c.day),
            "mails": case((begins, new.mails), else_=_B.c.mails + 1),
            "octets": case((begins, new.octets), else_=octets),
            "told": case((begins, false()), else_=_B.c.told),
        },
        where=begins | has_room,
    )


_TAKE = Prepared(_taking)
_SPENT = Prepared(
    core_select(_B.c.day, _B.c.mails, _B.c.octets, _B.c.told).where(
        *(_B.c[name] == bindparam(name) for name in _KEY)
    )
)


def take(session: Session, charge: Charge) -> bool:
    """Take room for a mail; False, and nothing is taken, where there is none."""
    return _TAKE.run(session, charge.row()) == 1


def part_of_statement(part: str, hangs_on: CTE) -> CTE:
    """Return the part of PostgreSQL's one statement that takes room, and has no row without."""
    taking = _taking(insert_on_postgresql, part, hangs_on)
    taken: CTE = taking.returning(_B.c.mails).cte(f"{part}taken")
    return taken


def spent(session: Session, whose: Whose, account: BudgetOf) -> Spent:
    """Return what an account has spent."""
    given = dict(zip(_KEY, (*whose, account.value), strict=True))
    row = _SPENT.row(session, given)
    return NOTHING_SPENT if row is None else Spent(*row)


def spent_by(app: Any, conversation: Any, user: Any, account: BudgetOf) -> Any:
    """Return the statement that reads a Spent of these columns, by its whole key."""
    return core_select(_B.c.day, _B.c.mails, _B.c.octets, _B.c.told).where(
        _B.c.app_id == app,
        _B.c.conversation_id == conversation,
        _B.c.user_id == user,
        _B.c.account == literal(account.value),
    )


def tell(session: Session, whose: Whose, account: BudgetOf, day: int) -> bool:
    """Note that a day's end of room is told; False if it was, here or in another process."""
    theirs = (
        _B.c[name] == value for name, value in zip(_KEY, (*whose, account.value), strict=True)
    )
    statement = update(_B).where(*theirs, _B.c.day == day, _B.c.told.is_(False)).values(told=True)
    return bool(flushed(session).execute(statement).rowcount)


def drop_before(session: Session, day: int, limit: int) -> int:
    """Forget what came before a day; return how many rows that were."""
    names = [_B.c[name] for name in _KEY]
    old = core_select(*names).where(_B.c.day < day).order_by(_B.c.day).limit(limit)
    return int(flushed(session).execute(delete(_B).where(tuple_(*names).in_(old))).rowcount)
