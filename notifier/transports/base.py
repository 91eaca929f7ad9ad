"""The seam to the last hop: one async method, ``send(parcel) -> Outcome``.

A transport never raises for a peer's fault: whatever the peer does is an outcome. It raises only
for a bug of ours.
"""

from dataclasses import dataclass
from typing import Protocol

from core.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Parcel:
    """One mail, ready for the wire: its envelope (RFC 5321) and its octets (CRLF lines)."""

    delivery_id: str
    reverse_path: str
    recipient: str
    raw: bytes


class Transport(Protocol):
    """Something that takes a parcel to the next hop, and so many of them at once."""

    @property
    def at_once(self) -> int:
        """How many parcels it takes without letting one wait."""

    async def send(self, parcel: Parcel) -> Outcome:
        """Offer the parcel once and say what became of it."""

    async def close(self) -> None:
        """Let go of idle connections."""
