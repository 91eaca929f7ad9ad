"""How much a peer may ask of us before we stop listening."""

import asyncio
import contextlib
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of SMTP sessions; octets, seconds, counts."""

    message_octets: int = 25 * 1024 * 1024
    line_octets: int = 64 * 1024
    command_octets: int = 2_048
    recipients: int = 10
    bad_recipients: int = 5
    bad_commands: int = 10
    idle_commands: int = 50
    idle_seconds: float = 300.0
    session_seconds: float = 3_600.0
    data_octets_a_second: int = 100
    tarpit_seconds: float = 1.0
    sessions: int = 500
    sessions_a_network: int = 50


class Guest(Protocol):
    """A session that can be asked to leave."""

    def hurry(self) -> None:
        """Leave at once, or when the mail under way is finished."""


class Doorman:
    """Counts the sessions there are, in all and from each network."""

    def __init__(self, limits: Limits, trusted: tuple[str, ...] = ()) -> None:
        """Begin with nobody inside."""
        self._limits = limits
        self._trusted = [ip_network(one) for one in trusted]
        self._inside: dict[str, int] = {}
        self.sessions = 0
        self.closing = False
        self.guests: set[Guest] = set()
        self._nobody = asyncio.Event()
        self._nobody.set()

    def enter(self, peer: str, guest: Guest) -> bool:
        """Let a peer in, or not: when all or its own network's places are taken."""
        network = self.network_of(peer)
        inside = self._inside.get(network, 0)
        if self.closing or self.sessions >= self._limits.sessions:
            return False
        if inside >= self._limits.sessions_a_network and not self._is_trusted(peer):
            return False
        self._inside[network] = inside + 1
        self.sessions += 1
        self.guests.add(guest)
        self._nobody.clear()
        return True

    def leave(self, peer: str, guest: Guest) -> None:
        """Let a peer that had entered go."""
        network = self.network_of(peer)
        self.sessions -= 1
        self.guests.discard(guest)
        if not self.sessions:
            self._nobody.set()
        left = self._inside.get(network, 1) - 1
        if left:
            self._inside[network] = left
        else:
            self._inside.pop(network, None)

    async def empty(self, seconds: float) -> None:
        """Ask everyone to go when they have finished their mail; wait no longer than so long."""
        self.closing = True
        for guest in list(self.guests):
            guest.hurry()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._nobody.wait()

    @staticmethod
    def network_of(peer: str) -> str:
        """Return whom a peer counts with: an IPv4 /24, an IPv6 /64, itself if it has no address."""
        try:
            address = ip_address(peer)
        except ValueError:
            return peer
        prefix = 24 if address.version == 4 else 64
        return str(ip_network(f"{peer}/{prefix}", strict=False))

    def _is_trusted(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return True  # a socket of this machine
        return any(address in network for network in self._trusted)
