"""Where a command finds the running process: its admin socket beside the database.

The socket speaks the same HTTP routes as the public port, and more; it is created with mode
0600, so whoever may open it may administer, and no key is asked.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.lazy_import import lazy_import

if TYPE_CHECKING:
    import httpx
else:
    httpx = lazy_import("httpx")


_HOST = "http://rejoinder"
_LONGEST_PATH = 100  # sun_path holds 104 octets at least (unix(7): 108 on Linux)


def embedded_file(database_url: str) -> Path | None:
    """Return the file of an embedded database; None for one that a server has."""
    if not database_url.startswith("sqlite"):
        return None
    return Path(database_url.partition("://")[2].removeprefix("/") or "rejoinder.db")


def socket_path(database_url: str) -> Path | None:
    """Return where the admin socket of an embedded database is; None where there can be none."""
    if (file := embedded_file(database_url)) is None:
        return None
    beside = file.with_name(file.name + ".sock")
    return beside if len(os.fsencode(beside)) <= _LONGEST_PATH else None


def someone_answers(path: Path | None) -> bool:
    """Tell whether a running process listens on the socket."""
    if path is None or not path.exists():
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        return probe.connect_ex(str(path)) == 0


def over_socket(path: Path) -> httpx.AsyncClient:
    """Return a client of the running process."""
    transport = httpx.AsyncHTTPTransport(uds=str(path))
    return httpx.AsyncClient(transport=transport, base_url=_HOST, timeout=60)


def in_process(app: Any) -> httpx.AsyncClient:
    """Return a client of an ASGI application in this process."""
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url=_HOST, timeout=60)
