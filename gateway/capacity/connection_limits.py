"""Who may connect, and is there room? One rule for SMTP and HTTP, each with a count of its own.

All listeners of one protocol share one count. (Postfix's word for it is anvil.)

A network counts as one peer: an IPv4 /24, an IPv6 /64 (what one customer is given at least). The
operator's own networks are exempt from that count, never from the count of all.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_network
from typing import Protocol

from gateway.mail.envelope import address_of

NOTHING_UNDER_WAY = 1e9
"""Longer, in seconds, than anybody is silent: who adds it to a silence makes room before others."""


@dataclass(frozen=True, slots=True)
class ConnectionBounds:
    """How many connections there may be, in all and of a network.

    ``silent_seconds``: who has been silent for so long makes room for others.
    """

    connections: int = 500
    of_a_network: int = 50
    silent_seconds: float = 10.0


class NoPlace(StrEnum):
    """Why a peer is not let in."""

    CLOSING = "closing"
    TOO_MANY = "too many connections"
    TOO_MANY_FROM_NETWORK = "too many connections from one network"


class Evictable(Protocol):
    """A connection that can be asked to leave."""

    def hurry(self) -> None:
        """Leave at once, or when the mail under way is finished."""

    def make_room(self) -> None:
        """Leave at once: somebody else needs the place."""

    def silence(self) -> float:
        """Return for how many seconds the peer has said nothing, while it could.

        ``NOTHING_UNDER_WAY`` more for one that would lose nothing.
        """


class ConnectionLimits:
    """Counts the sessions there are, in all and from each network."""

    def __init__(self, bounds: ConnectionBounds, trusted: tuple[str, ...] = ()) -> None:
        """Begin with no connection."""
        self._bounds = bounds
        self._trusted = [ip_network(one) for one in trusted]
        self._inside: dict[str, int] = {}
        self._own: set[str] = set()
        self.sessions = 0
        self.closing = False
        self.connections: dict[Evictable, str] = {}
        self._none_left = asyncio.Event()
        self._none_left.set()

    def enter(self, peer: str, connection: Evictable) -> NoPlace | None:
        """Let a peer in and return None, or return why not."""
        network = self.network_of(peer)
        inside = self._inside.get(network, 0)
        if self.closing:
            return NoPlace.CLOSING
        if not self.has_place_for_network_of(peer):
            return NoPlace.TOO_MANY_FROM_NETWORK
        if self.trusts(peer):
            self._own.add(network)  # an MTA's many connections are no crowd to be thinned out
        if self.is_full and not self._make_room(inside):
            return NoPlace.TOO_MANY
        self._inside[network] = inside + 1
        self.sessions += 1
        self.connections[connection] = network
        self._none_left.clear()
        return None

    def has_place_for_network_of(self, peer: str) -> bool:
        """Tell whether a peer's network has not its share yet, or is the operator's own."""
        inside = self._inside.get(self.network_of(peer), 0)
        return inside < self._bounds.of_a_network or self.trusts(peer)

    def leave(self, peer: str, connection: Evictable) -> None:
        """Let a peer that had entered go; again if need be."""
        if connection not in self.connections:
            return  # it made room, and its line is lost only now
        network = self.network_of(peer)
        self.sessions -= 1
        self.connections.pop(connection, None)
        if not self.sessions:
            self._none_left.set()
        left = self._inside.get(network, 1) - 1
        if left:
            self._inside[network] = left
        else:
            self._inside.pop(network, None)

    async def drain(self, seconds: float) -> None:
        """Ask everyone to go when they have finished their mail; wait no longer than so long."""
        self.closing = True
        for connection in list(self.connections):  # hurrying, one may leave
            connection.hurry()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._none_left.wait()

    def trusts(self, peer: str) -> bool:
        """Whether a peer is the operator's own: its network is named, or it has no address."""
        address = address_of(peer)
        if address is None:
            return True  # a socket of this machine
        return any(address in network for network in self._trusted)

    @staticmethod
    @lru_cache(1_000)
    def network_of(peer: str) -> str:
        """Return whom a peer counts with: an IPv4 /24, an IPv6 /64, itself if it has no address."""
        address = address_of(peer)
        if address is None:
            return peer
        prefix = 24 if address.version == 4 else 64
        return str(ip_network(f"{address}/{prefix}", strict=False))

    @property
    def is_full(self) -> bool:
        """Whether the next one is let in only if another leaves."""
        return self.sessions >= self._bounds.connections

    def make_room_for(self, peer: str) -> bool:
        """Ask somebody to leave for a peer that has not entered; False if nobody may."""
        return self._make_room(self._inside.get(self.network_of(peer), 0))

    def _make_room(self, inside: int) -> bool:
        """Ask somebody to leave for one whose network has so many inside; False if nobody may.

        Whoever has been silent long; else the one who has been silent longest of the largest
        crowd from one network, if it is larger. So a few networks that fill every place, saying
        just enough, cannot shut the others out.
        """
        silent = max(self.connections, key=_silence, default=None)
        if silent is None or silent.silence() < self._bounds.silent_seconds:
            silent = max(self._crowd(inside), key=_silence, default=None)
        if silent is None or not silent.silence():
            return False
        silent.make_room()
        return True

    def _crowd(self, inside: int) -> list[Evictable]:
        """Return those of the network that has most connections, if it has more than so many."""
        strangers = {net: n for net, n in self._inside.items() if net not in self._own}
        largest = max(strangers, key=strangers.__getitem__, default=None)
        if largest is None or strangers[largest] <= inside + 1:
            return []
        return [one for one, network in self.connections.items() if network == largest]


def _silence(connection: Evictable) -> float:
    return connection.silence()
