"""Who may connect, and is there room? All listeners of a process share one such count.

(Postfix's word for it is anvil.)

A network counts as one peer: an IPv4 /24, an IPv6 /64 (what one customer is given at least). The
operator's own networks are exempt from that count, never from the count of all.
"""

import asyncio
import contextlib
from functools import lru_cache
from ipaddress import ip_network
from typing import Protocol

from core.verdict import Defer, Reason
from gateway import answers
from gateway.answers.occasions import Occasion
from gateway.mail.envelope import address_of
from gateway.smtp.limits import SmtpLimits


class Evictable(Protocol):
    """A connection that can be asked to leave."""

    def hurry(self) -> None:
        """Leave at once, or when the mail under way is finished."""

    def make_room(self) -> None:
        """Leave at once: somebody else needs the place."""

    def silence(self) -> float:
        """Return for how many seconds the peer has said nothing, while it could."""


class ConnectionLimits:
    """Counts the sessions there are, in all and from each network, and the octets they hold."""

    def __init__(self, limits: SmtpLimits, trusted: tuple[str, ...] = ()) -> None:
        """Begin with no connection."""
        self._limits = limits
        self._trusted = [ip_network(one) for one in trusted]
        self._inside: dict[str, int] = {}
        self._own: set[str] = set()
        self.sessions = 0
        self.octets = 0
        self.closing = False
        self.connections: dict[Evictable, str] = {}
        self._none_left = asyncio.Event()
        self._none_left.set()

    def enter(self, peer: str, connection: Evictable) -> str | None:
        """Let a peer in and return None, or return what to tell it instead."""
        network = self.network_of(peer)
        inside = self._inside.get(network, 0)
        if self.closing:
            return answers.answer(Defer(Reason.SHUTTING_DOWN))
        if self.trusts(peer):
            self._own.add(network)  # an MTA's many connections are no crowd to be thinned out
        elif inside >= self._limits.sessions_a_network:
            return answers.say(Occasion.TOO_MANY_FROM_NETWORK)
        if self.sessions >= self._limits.sessions and not self._make_room(inside):
            return answers.say(Occasion.TOO_MANY_SESSIONS)
        self._inside[network] = inside + 1
        self.sessions += 1
        self.connections[connection] = network
        self._none_left.clear()
        return None

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

    def hold(self, octets: int) -> bool:
        """Count octets of content that are kept in memory; False if there is no room for them."""
        if self.octets + octets > self._limits.contents_octets:
            return False
        self.octets += octets
        return True

    def let_go(self, octets: int) -> None:
        """Count octets no more."""
        self.octets -= octets

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

    def _make_room(self, inside: int) -> bool:
        """Ask somebody to leave for one whose network has so many inside; False if nobody may.

        Whoever has been silent long; else the one who has been silent longest of the largest
        crowd from one network, if it is larger. So a few networks that fill every place, saying
        just enough, cannot shut the others out.
        """
        silent = max(self.connections, key=_silence, default=None)
        if silent is None or silent.silence() < self._limits.silent_seconds:
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
