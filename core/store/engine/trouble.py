"""Is it the store that cannot, or the work that is wrong? What a driver's error means to a caller.

The trap: SQLite's driver tells a damaged file by the plainest of its errors, neither operational
nor internal, and a full disk like any other fault of the system. Its codes say more than its
classes (https://sqlite.org/rescode.html).
"""

import sqlite3

from sqlalchemy.exc import DBAPIError

from core.errors import StoreBroken, StoreFull, StoreUnavailable

_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def of_sqlite(error: BaseException) -> StoreUnavailable | None:
    """Return what an error of SQLite's means, None if the store is not at fault."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    code = _code(origin)
    if is_damaged(error):
        return StoreBroken(f"the database file is damaged: {origin}")
    if code == sqlite3.SQLITE_FULL:
        return StoreFull(str(origin))
    return StoreUnavailable(str(origin)) if isinstance(origin, sqlite3.OperationalError) else None


def is_locked(error: BaseException) -> bool:
    """Tell whether another program holds the file's lock."""
    return _code(error.orig if isinstance(error, DBAPIError) else error) == sqlite3.SQLITE_BUSY


def is_damaged(error: BaseException) -> bool:
    """Tell whether a file holds no database, or a broken one."""
    return _code(error.orig if isinstance(error, DBAPIError) else error) in _DAMAGED


def _code(error: BaseException | None) -> int:
    """Return the primary result code: the extended ones hold it in their lowest octet."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
