"""What do all sessions of one listener share? Whom they ask, their limits, the name they say."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from gateway.mail.envelope import Envelope
from gateway.smtp.aiosmtpd_adapter import Template, template
from gateway.smtp.certificates import Certificates
from gateway.smtp.connection_limits import ConnectionLimits
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

    ``sleep`` is how they wait where they slow a peer down.
    """

    handler: Handler
    limits: SmtpLimits
    connection_limits: ConnectionLimits
    hostname: str
    certificates: Certificates | None = None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    template: Template = field(default_factory=template, init=False)
