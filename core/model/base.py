"""How every noun spells its columns.

Keys are text given by the app or made by us, times are moments (``core.clock``), maps and lists
are JSON. Every primary key begins with ``app_id``, and every due index with ``shard``, so that
tables can be spread over machines by app (docs/adr/0005-the-database-is-the-engine.md).
"""

import zlib
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Enum, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

SHARDS = 64

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


def shard_of(app_id: str, owner: str) -> int:
    """Return the shard (0 to 63) of everything one owner is due: a stable hash."""
    return zlib.crc32(f"{app_id}/{owner}".encode()) % SHARDS
