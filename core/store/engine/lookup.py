"""Nouns read by a prepared statement: for looking only.

The ORM keeps every noun it reads under watch, so that what changes is written; that costs more
than reading it. What is only looked at is read here: whole nouns of which the ORM knows nothing.
Who would change one, or add it to a session, is told so by an error.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import configure_mappers
from sqlmodel import Session, SQLModel

from core.store.engine.dialect import table_of
from core.store.engine.prepared import Prepared

Noun = TypeVar("Noun", bound=SQLModel)


class Lookup(Generic[Noun]):
    """Reads nouns of one kind by one statement."""

    def __init__(self, noun: type[Noun], *where: ColumnElement[bool], **more: Any) -> None:
        """Read those for which all of ``where`` holds; ``order_by``, ``limit``, ``without``."""
        table = table_of(noun)
        without = more.get("without", ())
        self._noun = noun
        self._names = [name for name in noun.model_fields if name not in without]
        statement: Select[Any] = select(*(table.c[name] for name in self._names)).where(*where)
        if "order_by" in more:
            statement = statement.order_by(*more["order_by"])
        if "limit" in more:
            statement = statement.limit(more["limit"])
        self._prepared = Prepared(statement)

    def all(self, session: Session, given: Mapping[str, Any]) -> list[Noun]:
        """Return all there are."""
        return [self._made(row) for row in self._prepared.rows(session, given)]

    def one(self, session: Session, given: Mapping[str, Any]) -> Noun | None:
        """Return the first, or None."""
        row = self._prepared.row(session, given)
        return None if row is None else self._made(row)

    def _made(self, row: tuple[Any, ...]) -> Noun:
        return _seen(self._noun, dict(zip(self._names, row, strict=True)))


class JoinedLookup:
    """Reads nouns of several kinds that belong together, by one statement.

    A row holds one noun of each kind, None where an outer join found none, and then the values
    of more columns.
    """

    def __init__(
        self,
        nouns: Sequence[type[SQLModel]],
        joined: Callable[[Select[Any]], Select[Any]],
        *more: ColumnElement[Any],
    ) -> None:
        """Read what the statement yields that ``joined`` makes of a select of all columns."""
        names = [(noun, list(noun.model_fields)) for noun in nouns]
        columns = [table_of(noun).c[name] for noun, own in names for name in own]
        ends = list(accumulate(len(own) for _, own in names))
        self._nouns = [
            (noun, own, slice(end - len(own), end))
            for (noun, own), end in zip(names, ends, strict=True)
        ]
        self._more = ends[-1]
        self._prepared = Prepared(joined(select(*columns, *more)))

    def all(self, session: Session, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return all there are."""
        return [self._made(row) for row in self._prepared.rows(session, given)]

    def one(self, session: Session, given: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return the first, or None."""
        row = self._prepared.row(session, given)
        return None if row is None else self._made(row)

    def _made(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return (
            *(
                _seen(noun, dict(zip(names, row[place], strict=True)))
                if row[place.start] is not None  # every noun's first column is of its key
                else None
                for noun, names, place in self._nouns
            ),
            *row[self._more :],
        )


def _seen(noun: type[Noun], columns: dict[str, Any]) -> Noun:
    """Return a noun of these columns, of which the ORM keeps no state."""
    _map(noun)
    one: Noun = noun.__new__(noun)
    object.__setattr__(one, "__dict__", columns)
    return one


@cache
def _map(_noun: type[SQLModel]) -> None:
    """Let the ORM see to a noun's columns, once: they cannot be read before."""
    configure_mappers()
