"""Files in a bucket (S3 and its like, Google, Azure), or in memory for tests: obstore's stores.

A bucket answers once the object is durable. Credentials and endpoints are the providers' own
environment variables and roles; nothing of them stands in a URL.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING, cast

from core.errors import StoreFull, StoreUnavailable
from core.lazy_import import lazy_import
from core.moment import Moment

if TYPE_CHECKING:
    import obstore
    from obstore.store import ObjectStore
else:
    obstore = lazy_import("obstore")

_PIECE = 64 * 1024
_AT_ONCE = 500
# How obstore tells a full disk: the system's number in words (ENOSPC; EDQUOT of a quota).
_FULL = ("os error 28)", "os error 122)")


class BucketFiles:
    """Files as objects of a store."""

    def __init__(self, opened: "Callable[[], ObjectStore]") -> None:
        """Keep them in the store that this returns, which is opened with the first file."""
        self._opened = opened

    @cached_property
    def _store(self) -> "ObjectStore":
        return self._opened()

    async def put(self, octets: bytes) -> str:
        """Keep octets under a fresh random key of 160 bits."""
        key = new_key()
        with _told_as_ours():
            await obstore.put_async(self._store, key, octets)
        return key

    async def get(self, key: str) -> AsyncIterator[bytes] | None:
        """Return the octets of an object in pieces, or None if there is none."""
        with _told_as_ours(), suppress(FileNotFoundError):
            found = await obstore.get_async(self._store, key)
            return _pieces(
                cast("AsyncIterator[obstore.Bytes]", found.stream(min_chunk_size=_PIECE))
            )
        return None

    async def delete(self, keys: Collection[str]) -> None:
        """Let objects go; one that is not there is gone already."""
        await asyncio.gather(*(self._delete(key) for key in keys))

    async def older_than(self, before: Moment) -> AsyncIterator[list[str]]:
        """Yield the keys of the objects that are there since before, some hundreds at a time."""
        with _told_as_ours():
            async for batch in obstore.list(self._store, chunk_size=_AT_ONCE):
                old = [one for one in batch if one["last_modified"].timestamp() * 1_000 < before]
                yield [one["path"] for one in old]

    async def _delete(self, key: str) -> None:
        with _told_as_ours(), suppress(FileNotFoundError):
            await obstore.delete_async(self._store, key)


def new_key() -> str:
    """Return a random key: 160 bits that tell nothing, spread over 256 folders."""
    name = secrets.token_hex(20)
    return f"{name[:2]}/{name[2:]}"


@contextmanager
def _told_as_ours() -> Iterator[None]:
    """Tell every fault of a store as what it is to a caller: try again later."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (obstore.exceptions.BaseError, OSError) as error:
        kind = StoreFull if any(one in str(error) for one in _FULL) else StoreUnavailable
        raise kind(f"files: {str(error).splitlines()[0]}") from error


async def _pieces(stream: "AsyncIterator[obstore.Bytes]") -> AsyncIterator[bytes]:
    with _told_as_ours():
        async for piece in stream:
            yield bytes(piece)
