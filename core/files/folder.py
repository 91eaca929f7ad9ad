"""Files in a folder of this machine: obstore's local store, and the fsync that it leaves out.

It writes beside the name and renames, so nobody sees half a file; but after a power cut the file
may be empty or gone, and 250 has been said. So the file and the folder it was renamed in are
synced before ``put`` returns. A process that dies while writing leaves ``name#1`` behind, which
obstore never lists; ``older_than`` takes it away.
"""

import asyncio
import errno
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import SettingsError, StoreFull, StoreUnavailable
from core.files.bucket import BucketFiles
from core.lazy_import import lazy_import
from core.moment import Moment

if TYPE_CHECKING:
    import obstore
else:
    obstore = lazy_import("obstore")

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class FolderFiles(BucketFiles):
    """Files in a folder that only this user may look into."""

    def __init__(self, folder: Path) -> None:
        """Keep them here. Raise SettingsError if that cannot be."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(f"files.url: {folder}: {error.strerror}") from None
        super().__init__(lambda: obstore.store.LocalStore(prefix=folder))
        self._folder = folder
        self._synced: set[Path] = set()

    async def put(self, octets: bytes) -> str:
        """Keep octets and return their key, once file and folder are on disk."""
        key = await super().put(octets)
        try:
            await asyncio.to_thread(self._sync, self._folder / key)
        except OSError as error:
            kind = StoreFull if error.errno in _FULL else StoreUnavailable
            raise kind(f"files: {error.strerror}") from error
        return key

    async def older_than(self, before: Moment) -> AsyncIterator[list[str]]:
        """Yield the keys of old objects, and take away what was begun then and never finished."""
        for folder in sorted(await asyncio.to_thread(lambda: list(self._folder.glob("??")))):
            yield await asyncio.to_thread(self._old_in, folder, before)

    def _sync(self, file: Path) -> None:
        """Write a file, and the folders that name it, through to the disk."""
        _fsync(file)
        _fsync(file.parent)
        if file.parent not in self._synced:
            _fsync(self._folder)
            _fsync(self._folder.parent)
            self._synced.add(file.parent)

    def _old_in(self, folder: Path, before: Moment) -> list[str]:
        """Return the old objects of one of the folders."""
        old = []
        for file in folder.iterdir():
            try:
                age = file.stat().st_mtime_ns // 1_000_000
                if age >= before:
                    continue
                if "#" in file.name:
                    file.unlink(missing_ok=True)
                else:
                    old.append(f"{folder.name}/{file.name}")
            except FileNotFoundError:  # somebody else let it go
                continue
        return old


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
