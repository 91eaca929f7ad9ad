"""One embedded database, one process: a lock file beside it refuses the second.

The lock is the kernel's (flock), so it ends with the process however that ends. Its file is the
owner's alone: whoever may open it could hold it while the service is down.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from typing import IO

from core.errors import DatabaseInUse
from core.private_file import open_private


class FileLock:
    """The right to use an embedded database."""

    def __init__(self, database: Path) -> None:
        """Take the lock, or raise DatabaseInUse. Under all names of a file it is the same one."""
        database = database.resolve()
        self._file = open_private(database.with_name(database.name + ".lock"), "a+")
        _give_to_service(self._file, database)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.seek(0)
            owner = self._file.read().strip() or "unknown"
            self._file.close()
            raise DatabaseInUse(
                f"{database} is in use by process {owner}. An embedded database belongs to one "
                "process; stop that one, or use PostgreSQL to run several."
            ) from error
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def release(self) -> None:
        """Give the right back."""
        self._file.close()


def _give_to_service(lock: IO[str], database: Path) -> None:
    """Let a lock that root made be that of whose database it is: who cannot open it cannot start.

    Of a database that is not there yet, that is whose folder it is.
    """
    if os.fstat(lock.fileno()).st_uid == os.geteuid() == 0:
        owner = (database if database.exists() else database.parent).stat()
        with suppress(PermissionError):
            os.fchown(lock.fileno(), owner.st_uid, owner.st_gid)
