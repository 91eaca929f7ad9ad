"""A next hop that keeps what it is given: the relay of the demo (Postfix's smtp-sink, in short).

It is a real SMTP server, so what is shown is what went over the wire.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway import answers
from gateway.answers.occasions import Occasion
from gateway.mail.envelope import Envelope
from gateway.smtp.listener import Listening, listening


class Sink:
    """Takes every mail; ``mails`` holds those nobody has looked at yet."""

    def __init__(self) -> None:
        """Begin with none."""
        self.mails: asyncio.Queue[bytes] = asyncio.Queue()
        self.port = 0

    async def rcpt(self, envelope: Envelope, address: str) -> str:
        """Take mail for anybody."""
        return answers.say(Occasion.RECIPIENT_OK)

    async def data(self, envelope: Envelope, content: bytes) -> str:
        """Keep the mail."""
        self.mails.put_nowait(content)
        return "250 2.0.0 Kept."


@asynccontextmanager
async def open_sink() -> AsyncIterator[Sink]:
    """Listen on loopback, on a port of the system's choice, until left."""
    sink = Sink()
    async with listening(Listening(hostname="relay.localhost"), sink) as listener:
        sink.port = listener.port
        yield sink
