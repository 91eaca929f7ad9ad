"""Several writes that nobody waits between: on PostgreSQL one statement, one way there and back.

The way costs more than what it carries. PostgreSQL takes each write as a part of one statement
(``WITH a AS (INSERT …), b AS (INSERT …) SELECT``); its parts see the same state of things and run
in no order, so none may need what another wrote. SQLite, which is a function call away, and other
drivers run them one after another.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlmodel import Session

from core.store.engine import asyncpg_direct
from core.store.engine.dialect import flushed
from core.store.engine.placeholders import counted_on
from core.store.engine.prepared import Prepared

_MOST = 8  # what a group says to many is told in several


class Write(NamedTuple):
    """A statement and the values it is given."""

    statement: Prepared
    given: Mapping[str, Any]


def write_all(session: Session, writes: Sequence[Write]) -> None:
    """Do each write; what they touch is not told."""
    connection = flushed(session)
    if not asyncpg_direct.leads(connection):
        for one in writes:
            one.statement.run(session, one.given)
        return
    for first in range(0, len(writes), _MOST):
        said = [
            one.statement.as_told(connection, one.given) for one in writes[first : first + _MOST]
        ]
        text = _joined(tuple(text for text, _ in said))
        asyncpg_direct.execute(connection, text, [value for _, values in said for value in values])


@lru_cache(maxsize=256)
def _joined(texts: tuple[str, ...]) -> str:
    """Return one statement of several, their places counted on."""
    if len(texts) == 1:
        return texts[0]
    parts: list[str] = []
    before = 0
    for number, text in enumerate(texts):
        moved, places = counted_on(text, before)
        parts.append(f"w{number} AS ({moved}\n)")  # a remark may stand at its end: it ends here
        before += places
    return f"WITH {', '.join(parts)} SELECT 1"
