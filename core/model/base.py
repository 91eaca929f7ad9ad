"""How every noun spells its columns.

Keys are text given by the app or made by us, times are moments (``core.clock``), maps and lists
are JSON. Every primary key begins with ``app_id``, and every due index with ``shard``, so that
tables can be spread over machines by app (docs/adr/0005-the-database-is-the-engine.md).
"""

import zlib
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import JSON, BigInteger, Enum, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import configure_mappers
from sqlalchemy.orm.instrumentation import manager_of_class
from sqlmodel import Field, SQLModel

SHARDS = 64

Noun = TypeVar("Noun", bound=SQLModel)
_Make = Callable[[], Any]

Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def key(**given: Any) -> Any:
    """Return a part of the primary key."""
    return Field(primary_key=True, **given)


def moment(default: int | None = ..., **given: Any) -> Any:  # type: ignore[assignment]
    """Return a column that holds a moment or another 64-bit number."""
    return Field(default=default, sa_type=BigInteger, **given)


def document(**given: Any) -> Any:
    """Return a column that holds a map or a list."""
    return Field(sa_type=Document, **given)


def choice(options: type[StrEnum], default: StrEnum) -> Any:
    """Return a column that holds one of a few words, as plain text in the database."""
    words = Enum(options, native_enum=False, length=32, values_callable=_values)
    return Field(default=default, sa_type=words)


def where(condition: str) -> dict[str, Any]:
    """Return what makes an index hold only the rows that meet a condition, in either engine."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def _values(options: type[StrEnum]) -> list[str]:
    return [option.value for option in options]


def fresh(noun: type[Noun], **given: Any) -> Noun:
    """Return a new noun with its columns set all at once, as one that was just read.

    The noun's own constructor tells the ORM of every column it sets and costs fifty times as
    much; that is for what a statement of our own writes hundreds of times a second.
    """
    constants, made = _defaults(noun)
    values = {**constants, **given}
    values.update({name: make() for name, make in made if name not in given})
    return bare(noun, values)


def bare(noun: type[Noun], columns: dict[str, Any]) -> Noun:
    """Return a noun of these columns and nothing else."""
    one: Noun = noun.__new__(noun)
    _manager(noun).setup_instance(one)
    vars(one).update(columns)
    return one


def row_of(noun: SQLModel) -> dict[str, Any]:
    """Return a noun's columns by name, for a statement of our own."""
    values = vars(noun)
    return {name: values[name] for name in type(noun).model_fields}


@cache
def _manager(noun: type[SQLModel]) -> Any:
    """Return what the ORM knows of a noun. It learns that with the first query, or here."""
    configure_mappers()
    return manager_of_class(noun)


@cache
def _defaults(noun: type[SQLModel]) -> tuple[dict[str, Any], tuple[tuple[str, _Make], ...]]:
    """Return what columns hold that are not given, and how to make what is not shared."""
    fields = [(name, one) for name, one in noun.model_fields.items() if not one.is_required()]
    made = tuple((name, one.default_factory) for name, one in fields if one.default_factory)
    return {name: one.default for name, one in fields if not one.default_factory}, made  # type: ignore[return-value]


def shard_of(app_id: str, owner: str) -> int:
    """Return the shard (0 to 63) of everything one owner is due: a stable hash."""
    return zlib.crc32(f"{app_id}/{owner}".encode()) % SHARDS
