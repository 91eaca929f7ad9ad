"""Known blocks: what is remembered of how a person's mails end, read and written as one value.

Written only where nobody wrote meanwhile: two mails of one person at once, in two processes, must
not undo what each other learnt, so the later learns nothing, and the next mail does. The trap:
nothing here may be read first and then written in a step of its own, as it would be for a lock:
an ordinary reply has no steps to spare (``posting``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, bindparam, literal_column
from sqlalchemy import select as core_select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlmodel import Session, col, select

from core.model.known_block import BlocksOf, KnownBlocks
from core.model.member import Remembered
from core.moment import Moment
from core.store.engine.dialect import flushed, table_of
from core.store.engine.prepared import Prepared

_K = table_of(KnownBlocks)
_KEY = ("app_id", "whose", "owner")
_COLUMNS = (*_KEY, "packed", "oldest_at", "before")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A list as it is to be from now on, if it is still as it was ``before``."""

    app_id: str
    whose: BlocksOf
    owner: str
    before: bytes
    packed: bytes
    oldest_at: Moment

    def row(self, part: str = "") -> dict[str, Any]:
        """Return what the statement is given, each name behind the part's."""
        values = (
            self.app_id, self.whose.value, self.owner, self.packed, self.oldest_at, self.before,
        )  # fmt: skip
        return {f"{part}{name}": value for name, value in zip(_COLUMNS, values, strict=True)}


def packed_of(app: Any, whose: BlocksOf, owner: Any) -> Any:
    """Return the subquery that reads one list, by its whole key."""
    return (
        core_select(_K.c.packed)
        .where(
            _K.c.app_id == app,
            _K.c.whose == literal_column(f"'{whose.value}'"),
            _K.c.owner == owner,
        )
        .scalar_subquery()
    )


_REMEMBERED = Prepared(
    core_select(
        packed_of(bindparam("a"), BlocksOf.PERSON, bindparam("u")).label("person"),
        packed_of(bindparam("a"), BlocksOf.DOMAIN, bindparam("d")).label("shared"),
    )
)


def remembered(session: Session, app_id: str, user_id: str, domain: str) -> Remembered:
    """Return what is remembered of a person's mails, and of their domain's."""
    row = _REMEMBERED.row(session, {"a": app_id, "u": user_id, "d": domain})
    person, shared = row or (None, None)
    return Remembered(person or b"", domain, shared or b"")


def _keeping(insert: Any, part: str = "", hangs_on: Any = None) -> Any:
    """Return what writes a list, unless somebody else wrote it; if a part it hangs on did.

    An insert of values, or of a row of the part: each engine's own ``insert``.
    """
    bound = {
        name: bindparam(f"{part}{name}", type_=_K.c["packed" if name == "before" else name].type)
        for name in _COLUMNS
    }
    names = _COLUMNS[:-1]
    if hangs_on is None:
        adding = insert(_K).values({name: bound[name] for name in names})
    else:
        values = core_select(*(bound[name] for name in names)).select_from(hangs_on)
        adding = insert(_K).from_select(list(names), values)
    new = adding.excluded
    return adding.on_conflict_do_update(
        index_elements=list(_KEY),
        set_={"packed": new.packed, "oldest_at": new.oldest_at},
        where=_K.c.packed == bound["before"],
    )


_KEEP = Prepared(_keeping)


def keep(session: Session, lessons: Sequence[Lesson]) -> int:
    """Write lists, each unless somebody else wrote it meanwhile; return how many were."""
    return sum(_KEEP.run(session, one.row()) for one in lessons)


def part_of_statement(part: str, hangs_on: CTE) -> CTE:
    """Return the part of PostgreSQL's one statement that keeps a lesson."""
    keeping = _keeping(insert_on_postgresql, part, hangs_on)
    kept: CTE = keeping.returning(_K.c.owner).cte(f"{part}learnt")
    return kept


def drop_of_person(session: Session, app_id: str, user_id: str) -> None:
    """Forget how a person's mails end."""
    flushed(session).execute(
        _K.delete().where(
            _K.c.app_id == app_id, _K.c.whose == BlocksOf.PERSON.value, _K.c.owner == user_id
        )
    )


def of_domains(session: Session, app_id: str, after: str, most: int) -> list[KnownBlocks]:
    """Return so many domains' lists after a domain, locked."""
    statement = select(KnownBlocks).where(
        KnownBlocks.app_id == app_id,
        KnownBlocks.whose == BlocksOf.DOMAIN.value,
        KnownBlocks.owner > after,
    )
    return list(
        session.exec(statement.order_by(col(KnownBlocks.owner)).limit(most).with_for_update())
    )


def older_than(session: Session, before: Moment, limit: int) -> list[KnownBlocks]:
    """Return lists with a block that stood in no mail since a moment, locked."""
    statement = select(KnownBlocks).where(KnownBlocks.oldest_at < before)
    return list(
        session.exec(statement.order_by(col(KnownBlocks.oldest_at)).limit(limit).with_for_update())
    )


def become(session: Session, one: KnownBlocks, packed: bytes, oldest_at: Moment) -> None:
    """Let a list be this from now on, or be gone if nothing is on it."""
    if not packed:
        session.delete(one)
        return
    one.packed, one.oldest_at = packed, oldest_at
    session.add(one)
