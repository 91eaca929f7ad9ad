"""Restore again and again, each time in a child that is killed one step later, until one ends.

    python -m tests.faults.restoring FOLDER

FOLDER/start has the files to begin with: ``one.db``, what lies beside it, and ``copy.db``. What
the child of step 7 leaves is in FOLDER/7. A step is a call that opens, makes, renames, changes or
deletes something (docs.python.org, "Audit events table"): the child dies right before it.
"""

import os
import shutil
import signal
import sys
from itertools import count
from pathlib import Path
from typing import Any

from core.store.engine import schema
from core.store.engine.restore import restore

_STEPS = {
    "open", "os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir",
    "os.truncate", "sqlite3.connect",
}  # fmt: skip


def main(folder: Path) -> None:
    """Make a folder for each step."""
    known = schema.revisions()  # read now, so that no step is one of its reading
    schema.revisions = lambda: known
    for step in count(1):
        here = folder / str(step)
        shutil.copytree(folder / "start", here)
        if (child := os.fork()) == 0:
            _restore(here, step)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != -signal.SIGKILL:
            return


def _restore(here: Path, step: int) -> None:
    """Restore in this process, and end it before a step, or after all of them."""
    left = step

    def hook(event: str, _given: tuple[Any, ...]) -> None:
        nonlocal left
        if event in _STEPS:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    try:
        restore(here / "copy.db", here / "one.db", "then")
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
