"""Keep files before the transaction that names them, and read them wherever they are kept."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Protocol

from core.files.base import Files


class NamedFile(Protocol):
    """A file as it came in, before it is kept."""

    @property
    def filename(self) -> str:
        """Its name, cleaned."""

    @property
    def content_type(self) -> str:
        """Its type, by its octets."""

    @property
    def octets(self) -> bytes:
        """What is in it."""

    @property
    def sha256(self) -> str:
        """The digest of that, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is durable: what its row says of it."""

    filename: str
    content_type: str
    size: int
    sha256: str
    object_key: str


async def keep(files: Iterable[NamedFile], place: Files) -> tuple[Kept, ...]:
    """Make files durable, all at once; raise StoreUnavailable if one cannot be."""
    return tuple(await asyncio.gather(*(_keep(one, place) for one in files)))


async def pieces_of(
    object_key: str | None, octets: bytes | None, place: Files
) -> AsyncIterator[bytes] | None:
    """Return the octets of a row in pieces, from its object or, if it is old, from itself."""
    if object_key is not None:
        return await place.get(object_key)
    return _whole(octets) if octets is not None else None


async def _keep(file: NamedFile, place: Files) -> Kept:
    key = await place.put(file.octets)
    digest = file.sha256 or hashlib.sha256(file.octets).hexdigest()
    return Kept(file.filename, file.content_type, len(file.octets), digest, key)


async def _whole(octets: bytes) -> AsyncIterator[bytes]:
    yield octets
