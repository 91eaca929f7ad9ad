"""Open a file that only its owner may read or write, from its first octet on.

What lies beside the database is nobody else's: with a lock that others may read, any user of the
machine holds it while the service is down (flock(2) asks only for an open file), and the service
does not start. The trap: a file that is there already keeps the mode it has, so what an older
version made is narrowed when it is opened.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

_OWNER_ONLY = 0o600


def open_private(file: Path, mode: str) -> IO[Any]:
    """Open a file as ``open`` does, with mode 0600; raise OSError as that does."""
    encoding = None if "b" in mode else "utf-8"
    opened = open(file, mode, encoding=encoding, opener=_opener)  # noqa: SIM115  the caller's to close
    with suppress(PermissionError):  # another user's file: its mode is theirs to change
        os.fchmod(opened.fileno(), _OWNER_ONLY)
    return opened


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags, _OWNER_ONLY)
