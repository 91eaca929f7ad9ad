"""What all sessions of one listener share: whom they ask, their limits, the doorman, the name."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiosmtpd.smtp import SMTP

from gateway.mail.envelope import Envelope
from gateway.smtp.certificates import Certificates
from gateway.smtp.connection_limits import Doorman
from gateway.smtp.limits import Limits


class Handler(Protocol):
    """Who answers for the mail itself: both methods return the reply as it goes on the wire."""

    async def rcpt(self, envelope: Envelope, address: str) -> str:
        """Answer RCPT; 250 admits. The envelope holds those admitted so far."""

    async def data(self, envelope: Envelope, content: bytes) -> str:
        """Answer the content for the envelope's first recipient."""


class _NoHooks:
    """aiosmtpd's own handler interface is not used: the session overrides its commands."""


@dataclass(slots=True)
class Station:
    """What sessions are made from. ``sleep`` is how they wait where they slow a peer down."""

    handler: Handler
    limits: Limits
    doorman: Doorman
    hostname: str
    certificates: Certificates | None = None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _template: dict[str, Any] = field(default_factory=dict, init=False)

    @property
    def template(self) -> dict[str, Any]:
        """What aiosmtpd sets up alike for every session, by introspection: prepared once."""
        if not self._template:
            loop = asyncio.get_running_loop()
            one = SMTP(_NoHooks(), hostname=self.hostname, loop=loop)
            own = asyncio.StreamReaderProtocol(asyncio.StreamReader(loop=loop), loop=loop)
            self._template = {k: v for k, v in one.__dict__.items() if k not in own.__dict__}
        return self._template
