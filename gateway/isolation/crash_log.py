"""Which mails has this gateway died of? Noted while they are read, so that a restart knows.

Reading a stranger's mail may end the process in spite of every guard: a fault in a library's C
code, the kernel's out-of-memory killer. The peer offers the mail again, and without this the
gateway would die for ever, and with it everybody's mail. So each mail's digest stands in a small
mapped file while it is read; what a process leaves there it has died of. After three deaths a mail
is kept unread (``Reason.QUARANTINED``) and the rest flows. The operator has it read all the same
by ``rejoinder mail replay``, in a process of its own (``gateway/release/replay``).

A mapped page outlives its process without a write to the disk, so this costs two microseconds a
mail. It does not outlive the machine, and need not: that is not what a mail does.
"""

import fcntl
import json
import mmap
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.observe import Event, logger
from core.private_file import open_private

DEATHS = 3
_SLOT = 32  # the octets of a SHA-256
_SLOTS = 64
_EMPTY = bytes(_SLOT)
_MOST_KNOWN = 1_000


@contextmanager
def watching(folder: Path) -> Iterator["CrashLog | None"]:
    """Open a crash log until left; none where nothing can be written, which is told in the log."""
    try:
        log = CrashLog(folder)
    except OSError as error:
        logger().warning(Event.DIED_READING, reason=f"not noted: {folder}: {error.strerror}")
        yield None
        return
    try:
        yield log
    finally:
        log.close()


class CrashLog:
    """The mails under way in this process, and those that others have died of."""

    def __init__(self, folder: Path) -> None:
        """Note here what is under way; learn what processes that are gone have left."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder, self._known = folder, folder / "deaths.json"
        self._own = folder / f"{secrets.token_hex(8)}.reading"
        with self._locked():  # several processes may start at once
            self._file = open_private(self._own, "w+b")
            fcntl.flock(self._file, fcntl.LOCK_EX)
            self._file.truncate(_SLOT * _SLOTS)
            self._deaths = self._learn(folder)
        self._map = mmap.mmap(self._file.fileno(), _SLOT * _SLOTS)
        self._free = list(range(_SLOTS))

    def is_poison(self, digest: bytes) -> bool:
        """Tell whether processes have died of this mail three times."""
        return self._deaths.get(digest.hex(), 0) >= DEATHS

    @contextmanager
    def noted(self, digest: bytes) -> Iterator[None]:
        """Note that this mail is being read, until left. Who returns has survived it."""
        slot = self._free.pop() if self._free else None
        self._put(slot, digest)
        try:
            yield
        finally:
            self._put(slot, _EMPTY)
            if slot is not None:
                self._free.append(slot)
        if digest.hex() in self._deaths:
            self._forget(digest)

    def count(self, digest: bytes) -> None:
        """Count a death."""
        name = digest.hex()
        self._deaths[name] = self._deaths.pop(name, 0) + 1

    def close(self) -> None:
        """Leave nothing behind."""
        self._map.close()
        self._own.unlink(missing_ok=True)
        self._file.close()

    def _put(self, slot: int | None, digest: bytes) -> None:
        if slot is not None:
            self._map[slot * _SLOT : (slot + 1) * _SLOT] = digest

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with open_private(self._folder / "lock", "wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _learn(self, folder: Path) -> dict[str, int]:
        """Count what the dead have left."""
        self._deaths = _read(self._known)
        files = [file for file in folder.glob("*.reading") if file != self._own]
        left = [digest for file in files for digest in _left_in(file)]
        for digest in left:
            self.count(digest)
            logger().error(Event.DIED_READING, digest=digest.hex())
        if left:
            self._write()
        return self._deaths

    def _forget(self, digest: bytes) -> None:
        """Forget the deaths of a mail, beside what other processes may have learned meanwhile."""
        with suppress(OSError), self._locked():
            self._deaths = _read(self._known)
            if self._deaths.pop(digest.hex(), None) is not None:
                self._write()

    def _write(self) -> None:
        """Write the counts down; without them the gateway is none the worse until it dies."""
        beside = self._known.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            newest = dict(list(self._deaths.items())[-_MOST_KNOWN:])
            with open_private(beside, "w") as file:
                file.write(json.dumps(newest))
            beside.replace(self._known)


def _read(file: Path) -> dict[str, int]:
    try:
        counts = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): int(value) for key, value in counts.items()}


def _left_in(file: Path) -> list[bytes]:
    """Return what a process was reading when it died, and forget it; nothing of the living."""
    try:
        with file.open("rb") as slots:
            fcntl.flock(slots, fcntl.LOCK_EX | fcntl.LOCK_NB)
            octets = slots.read(_SLOT * _SLOTS)
            file.unlink()
    except OSError:  # its process lives, or another took it up
        return []
    found = [octets[at : at + _SLOT] for at in range(0, len(octets), _SLOT)]
    return [one for one in found if one != _EMPTY]
