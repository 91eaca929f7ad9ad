"""Programs that run beside us: each in a group of its own, which is ended as a whole."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_SECONDS = 10


@contextmanager
def ended(process: "subprocess.Popen[str]") -> Iterator[None]:
    """End a process and its children when left: asked first, then forced."""
    try:
        yield
    finally:
        for kind in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, kind)
            with suppress(subprocess.TimeoutExpired):
                process.wait(_SECONDS)


def environment(**more: str) -> dict[str, str]:
    """Return the environment without settings of the machine's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REJOINDER_")}
    return kept | more


def free_port() -> int:
    """Return a port that nobody listens at now."""
    with socket.create_server(("127.0.0.1", 0)) as place:
        return int(place.getsockname()[1])


def listens(port: int) -> bool:
    """Tell whether somebody listens at a port."""
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0
