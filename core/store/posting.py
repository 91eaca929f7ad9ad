"""A mail's receipt, its message and all that is owed because of it, by one statement.

PostgreSQL runs a statement as a transaction of its own, so nothing need be begun and committed,
and what would be five ways there and back is one. Each part hangs on the one before: where the
receipt is new, the day has room for it and the author may write, the conversation's row is locked
and numbers the message and the change it is, and the message, the debts and the log carry those
numbers.

The trap: a part that finds nothing to do undoes none of the others. A receipt without its message
would swallow the mail for good, so the message hangs on the receipt alone and asks for its number:
where none was given out, its column refuses to be empty, and with that all is undone.

SQLite has no statement that does several things, and is a function call away: it never comes here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CTE, Table, bindparam, exists, literal, literal_column, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from core.model.change import Change, ChangeKind
from core.model.conversation import Conversation
from core.model.message import Message
from core.model.participant import Access, Participant
from core.model.pending import Pending
from core.model.receipt import Receipt
from core.store import day_budgets, known_blocks
from core.store.day_budgets import Charge
from core.store.engine import touched
from core.store.engine.dialect import shard_for, table_of
from core.store.engine.prepared import Prepared
from core.store.engine.touched import Touched
from core.store.known_blocks import Lesson
from core.store.rows import row_of

MOST_OWED = 8  # a statement for each count is kept compiled

_R, _C, _P = table_of(Receipt), table_of(Conversation), table_of(Participant)
_M, _O, _L = table_of(Message), table_of(Pending), table_of(Change)

# A first copy may have been read otherwise; the mail's own keys are unique and tell by themselves.
_OTHER = _R.alias("other")
_TAKEN = exists(select(literal_column("1"))).where(
    _OTHER.c.app_id == bindparam("r_app_id", type_=_R.c.app_id.type),
    _OTHER.c.words_key == bindparam("also", type_=_R.c.words_key.type),
)


@dataclass(frozen=True, slots=True)
class AlsoWritten:
    """What a mail writes besides: what it teaches of its author, what it takes of a day's budget.

    ``lessons``: two at most.
    """

    lessons: Sequence[Lesson] = ()
    charge: Charge | None = None


NOTHING_MORE = AlsoWritten()


def post(
    session: Session,
    receipt: Receipt,
    message: Message,
    owed: Sequence[Pending],
    more: AlsoWritten = NOTHING_MORE,
    also: str | None = None,
) -> int | None:
    """Post a mail and return its message's number; None if nothing was done.

    Nothing is if the mail was taken before, the day has no room for it, the conversation is gone
    or the author may not write; ``posted`` in ``gateway/mailboxes/commit`` tells which. The number
    that stands in ``message`` and ``owed`` does not count. At most MOST_OWED are owed. ``also``:
    another words key by which the same mail may be known.
    """
    given = _named("r", row_of(receipt)) | _named("m", row_of(message)) | {"also": also}
    for place, debt in enumerate(owed):
        shard = shard_for(session, debt.app_id, debt.user_id)
        given |= _named(f"o{place}", row_of(debt) | {"shard": shard})
    for place, lesson in enumerate(more.lessons):
        given |= lesson.row(f"k{place}_")
    if more.charge is not None:
        given |= more.charge.row("b_")
    statement = _statement(len(owed), len(more.lessons), charged=more.charge is not None)
    try:
        row = statement.row(session, given)
    except IntegrityError:
        return None
    if row is None:
        return None
    touched.note(session, Touched(message.app_id, message.conversation_id, row[1]))
    return int(row[0])


def _named(part: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{part}_{name}": value for name, value in row.items()}


@cache
def _statement(owed: int, lessons: int, *, charged: bool) -> Prepared:
    """Return the statement for so many debts, and so many lessons."""
    kept = _kept()
    taken = day_budgets.part_of_statement("b_", kept) if charged else kept
    may_write = exists().where(
        _P.c.app_id == _bound("m", _M.c.app_id),
        _P.c.conversation_id == _bound("m", _M.c.conversation_id),
        _P.c.user_id == _bound("m", _M.c.sender_id),
        _P.c.left_at.is_(None),
        _P.c.access == Access.READ_WRITE,
    )
    said_at = _bound("m", _M.c.created_at)
    numbered = (
        update(_C)
        .where(
            _C.c.app_id == _bound("m", _M.c.app_id),
            _C.c.id == _bound("m", _M.c.conversation_id),
            exists(select(literal_column("1")).select_from(taken)),
            may_write,
        )
        .values(seq=_C.c.seq + 1, change=_C.c.change + 1, last_message_at=said_at)
        .returning(_C.c.seq, _C.c.change)
        .cte("numbered")
    )
    number = select(numbered.c.seq).scalar_subquery()
    said = _row("m", _M, {"seq": number}, kept).returning(_M.c.seq).cte("said")
    debts = [
        _row(f"o{place}", _O, {"first_seq": numbered.c.seq}, numbered)
        .on_conflict_do_nothing()
        .returning(_O.c.user_id)
        .cte(f"owed{place}")
        for place in range(owed)
    ]
    learnt = [known_blocks.part_of_statement(f"k{place}_", said) for place in range(lessons)]
    return Prepared(
        select(said.c.seq, numbered.c.change)
        .select_from(said.join(numbered, true()))
        .add_cte(_logged(numbered), *debts, *learnt)
    )


def _kept() -> CTE:
    """Return what keeps the receipt, unless a copy of the mail was taken before."""
    names = [column.name for column in _R.columns]
    values = select(*(_bound("r", column) for column in _R.columns)).where(~_TAKEN)
    row = insert(_R).from_select(names, values)
    return row.on_conflict_do_nothing().returning(_R.c.id).cte("kept")


def _logged(numbered: CTE) -> CTE:
    """Return what writes the change down: all it says is the message's own, but for its number."""
    columns = {
        _L.c.app_id: _bound("m", _M.c.app_id),
        _L.c.conversation_id: _bound("m", _M.c.conversation_id),
        _L.c.number: numbered.c.change,
        _L.c.kind: literal(ChangeKind.MESSAGE_SENT, _L.c.kind.type),
        _L.c.message_id: _bound("m", _M.c.id),
        _L.c.user_id: _bound("m", _M.c.sender_id),
        _L.c.at: _bound("m", _M.c.created_at),
    }
    row = select(*columns.values()).select_from(numbered)
    return insert(_L).from_select(list(columns), row).returning(_L.c.number).cte("logged")


def _row(part: str, table: Table, found: Mapping[str, Any], hangs_on: Any) -> Any:
    """Return what inserts a row of a table if the part it hangs on did something."""
    names = [column.name for column in table.columns]
    values = [found.get(column.name, _bound(part, column)) for column in table.columns]
    return insert(table).from_select(names, select(*values).select_from(hangs_on))


def _bound(part: str, column: Any) -> Any:
    return bindparam(f"{part}_{column.name}", type_=column.type)
