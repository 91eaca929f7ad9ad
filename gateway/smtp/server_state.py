"""What do all sessions of one listener share? Whom they ask, their limits, the name they say."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from core.memory_budget import MemoryBudget
from core.observe import Event
from core.told_once import ToldOnce
from gateway.capacity.connection_limits import ConnectionLimits
from gateway.mail.envelope import Envelope
from gateway.smtp.aiosmtpd_adapter import Template, template
from gateway.smtp.certificates import Certificates
from gateway.smtp.limits import SmtpLimits


class Handler(Protocol):
    """Who answers for the mail itself: both methods return the reply as it goes on the wire."""

    async def rcpt(self, envelope: Envelope, address: str) -> str:
        """Answer RCPT; 250 admits. The envelope holds those admitted so far."""

    async def data(self, envelope: Envelope, content: bytes) -> str:
        """Answer the content for the envelope's first recipient."""


@dataclass(slots=True)
class ServerState:
    """What sessions are made from; made in a running loop.

    ``memory`` counts what is held of contents; ``ceiling`` is the number of a descriptor at which
    nobody is let in any more. ``sleep`` is how they wait where they slow a peer down.
    """

    handler: Handler
    limits: SmtpLimits
    connection_limits: ConnectionLimits
    memory: MemoryBudget
    hostname: str
    ceiling: int = sys.maxsize
    certificates: Certificates | None = None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    template: Template = field(default_factory=template, init=False)
    few_descriptors: ToldOnce = field(
        default_factory=lambda: ToldOnce(Event.FEW_DESCRIPTORS), init=False
    )

    def has_descriptors(self, number: int) -> bool:
        """Tell whether a connection with a descriptor of this number may be let in."""
        if number < self.ceiling:
            return True
        self.few_descriptors.met(way_in="smtp", in_use=number)
        return False
