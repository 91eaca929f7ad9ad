"""What may be asked of a place that keeps files.

The order is the promise: an object is durable before the transaction that names it begins, so a
row never names what is not there. What a transaction then does not name, because it failed or the
mail was known, is swept a day later (``core.actions.sweep``).
"""

from collections.abc import AsyncIterator, Collection
from typing import Protocol

from core.moment import Moment


class Files(Protocol):
    """A place that keeps files under random keys. Each method may raise StoreUnavailable."""

    async def put(self, octets: bytes) -> str:
        """Keep octets and return their key, once they are durable."""

    async def get(self, key: str) -> AsyncIterator[bytes] | None:
        """Return the octets of an object in pieces, or None if there is none."""

    async def delete(self, keys: Collection[str]) -> None:
        """Let objects go; one that is not there is gone already."""

    def older_than(self, before: Moment) -> AsyncIterator[list[str]]:
        """Yield the keys of the objects that are there since before, some hundreds at a time."""
