"""A statement compiled once and then handed to the driver as it is: for the hot path.

SQLAlchemy looks up the compiled form of a statement, binds it, and wraps cursor and rows at
every execution, which costs some ten times what SQLite itself does. What is said hundreds of
times a second is compiled here once for each engine, types included, and costs what the driver
costs. The statement is still written in SQLAlchemy's Core, once, for both databases.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Dialect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import Executable
from sqlmodel import Session

from core.store.engine import asyncpg_direct
from core.store.engine.dialect import flushed
from core.store.engine.storable import storable

Build = Callable[[Callable[..., Any]], Executable]


_INSERTS: dict[str, Callable[..., Any]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


@dataclass(frozen=True, slots=True)
class _Compiled:
    """What the driver is given: the text, the parameters' places, how values pass the border."""

    text: str
    names: tuple[str, ...]
    positional: bool
    constants: Mapping[str, Any]
    going: tuple[tuple[str, Callable[[Any], Any]], ...]
    coming: tuple[tuple[int, Callable[[Any], Any]], ...]

    def parameters(self, given: Mapping[str, Any]) -> tuple[Any, ...] | dict[str, Any]:
        """Return the values as the driver wants them. Raise KeyError if one is not given."""
        values = {**self.constants, **given}  # a name too many does no harm
        for name, one in values.items():
            if isinstance(one, str):
                values[name] = storable(one)
        for name, process in self.going:
            values[name] = process(values[name])
        if self.positional:
            return tuple([values[name] for name in self.names])
        return {name: values[name] for name in self.names}

    def places(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the values in the order of a driver that counts them."""
        return cast("tuple[Any, ...]", self.parameters(given))

    def row(self, raw: Sequence[Any]) -> tuple[Any, ...]:
        """Return a row as Python means it."""
        if not self.coming:
            return tuple(raw)
        row = list(raw)
        for place, process in self.coming:
            row[place] = process(row[place])
        return tuple(row)


class Prepared:
    """One statement of the hot path. Give it the same names each time."""

    def __init__(self, statement: Executable | Build) -> None:
        """Keep the statement, or how to build it with the engine's own ``insert``."""
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, session: Session, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return all rows it yields."""
        connection = flushed(session)
        compiled = self._for(connection.dialect)
        found: Sequence[Sequence[Any]]
        if asyncpg_direct.leads(connection):
            found = asyncpg_direct.fetch(connection, compiled.text, compiled.places(given))
        else:
            with _speaking(connection, compiled) as cursor:
                cursor.execute(compiled.text, compiled.parameters(given))
                found = cursor.fetchall()
        return [compiled.row(raw) for raw in found]

    def row(self, session: Session, given: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return its first row, or None."""
        rows = self.rows(session, given)
        return rows[0] if rows else None

    def run(self, session: Session, given: Mapping[str, Any]) -> int:
        """Run it and return how many rows it touched."""
        connection = flushed(session)
        compiled = self._for(connection.dialect)
        if asyncpg_direct.leads(connection):
            return asyncpg_direct.execute(connection, compiled.text, compiled.places(given))
        with _speaking(connection, compiled) as cursor:
            cursor.execute(compiled.text, compiled.parameters(given))
            return int(cursor.rowcount)

    def as_told(
        self, connection: Connection, given: Mapping[str, Any]
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the text and the values in their places, for a driver that is led straight."""
        compiled = self._for(connection.dialect)
        return compiled.text, compiled.places(given)

    def _for(self, dialect: Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect.driver)
        if compiled is None:
            built = self._statement
            statement = built if isinstance(built, Executable) else built(_INSERTS[dialect.name])
            compiled = self._compiled[dialect.driver] = _compile(statement, dialect)
        return compiled


class _speaking:  # noqa: N801  used as a word: with _speaking(connection)
    """A driver's cursor, whose errors come out as SQLAlchemy's, so that one place reads them."""

    __slots__ = ("_connection", "_cursor", "_text")

    def __init__(self, connection: Connection, compiled: _Compiled) -> None:
        self._connection = connection
        self._text = compiled.text
        self._cursor: Any = None

    def __enter__(self) -> Any:
        self._cursor = self._connection.connection.cursor()
        return self._cursor

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None:
            self._cursor.close()
            return
        dialect = self._connection.dialect
        driver: Any = dialect.loaded_dbapi
        if not isinstance(error, driver.Error):
            return
        raw = self._connection.connection.dbapi_connection
        gone = dialect.is_disconnect(error, raw, self._cursor)
        wrapped = DBAPIError.instance(
            self._text, None, error, driver.Error, connection_invalidated=gone, dialect=dialect
        )
        if gone:
            self._connection.invalidate(error)
        raise wrapped from error


def _compile(statement: Executable, dialect: Dialect) -> _Compiled:
    """Compile a statement for an engine, with what its types do to values both ways."""
    compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    names = compiled.positiontup if compiled.positional else tuple(compiled.binds)
    going = {name: _going(compiled.binds[name].type, dialect) for name in names}
    returned = getattr(statement, "exported_columns", ())
    coming = [_coming(column.type, dialect) for column in returned]
    return _Compiled(
        text=str(compiled),
        names=tuple(names),
        positional=bool(compiled.positional),
        constants={name: one.value for name, one in compiled.binds.items() if not one.required},
        going=tuple((name, process) for name, process in going.items() if process is not None),
        coming=tuple((place, one) for place, one in enumerate(coming) if one is not None),
    )


def _going(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what a type does to a value on its way to the database, or None."""
    process: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return process


def _coming(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what a type does to a value that comes from the database, or None."""
    process: Callable[[Any], Any] | None = kind.dialect_impl(dialect).result_processor(
        dialect, None
    )
    return process
