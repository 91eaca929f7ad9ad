"""Which workers are alive? On PostgreSQL, those whose session holds their advisory lock.

The lock is the server's and ends with the connection, so a killed worker's claims are free again
as soon as the server notices; the lease is the backstop.
"""

import zlib
from collections.abc import Sequence

from sqlalchemy import Connection, text
from sqlmodel import Session

from core.moment import Moment
from core.store.engine import due
from core.store.engine.dialect import flushed
from core.store.engine.due import Work

_SPACE = 7266


def hold(connection: Connection, worker: str) -> bool:
    """Take a worker's lock for as long as the connection lives; False if another holds it."""
    statement = text("SELECT pg_try_advisory_lock(:space, :worker)")
    return bool(connection.scalar(statement, {"space": _SPACE, "worker": _number(worker)}))


def reap(session: Session, queues: Sequence[Work], now: Moment) -> int:
    """Release what is claimed by workers whose lock nobody holds; return how many rows."""
    freed = 0
    for queue in queues:
        for worker in due.owners(session, queue):
            if _is_free(session, worker):
                freed += due.release(session, queue, worker, now)
    return freed


def release_all(session: Session, queues: Sequence[Work], now: Moment) -> int:
    """Release every claim: for a database that has one process only; return how many rows."""
    return sum(due.release(session, queue, None, now) for queue in queues)


def _is_free(session: Session, worker: str) -> bool:
    """Tell whether nobody holds the lock; it is given back with this transaction."""
    statement = text("SELECT pg_try_advisory_xact_lock(:space, :worker)")
    given = {"space": _SPACE, "worker": _number(worker)}
    return bool(flushed(session).scalar(statement, given))


def _number(worker: str) -> int:
    """Return a worker's name as the signed 32 bits that a lock is named by."""
    return zlib.crc32(worker.encode()) - (1 << 31)
