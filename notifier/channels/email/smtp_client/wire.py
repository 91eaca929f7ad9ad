"""How are commands put on the line, and what comes back?

Two ways, one promise: whatever the peer does is told, never raised. *Stepwise* is aiosmtplib's
own command by command. *Pipelined* is for a peer that offers PIPELINING (RFC 2920), as nearly
every relay does: MAIL, RCPT and DATA leave in one write, which saves two round trips a mail.
aiosmtplib opens the line either way, and ends it.

The trap: a reply nobody asked for, or a line that broke in the middle of a group, would pair the
next command with the wrong reply. So any such line is cut, never read on.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Protocol

from aiosmtplib import (
    SMTP,
    SMTPResponse,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

_LONGEST_REPLY = 32_768


@dataclass(frozen=True, slots=True)
class ReplyTimeouts:
    """How long a peer is waited for, in seconds: at each command, and after the final dot."""

    command: float
    dot: float


@dataclass(frozen=True, slots=True)
class Heard:
    """The replies that came; fewer than asked for if the line broke. ``trouble`` says how."""

    replies: list[SMTPResponse]
    trouble: str | None = None
    unsaid: bool = False


class Wire(Protocol):
    """A line on which mail is handed over."""

    async def ask(self, *commands: bytes) -> Heard:
        """Say commands and hear a reply to each; the first refusal may end it early."""

    async def give(self, content: bytes) -> Heard:
        """Say the content and hear the final reply. ``unsaid``: not an octet of it left."""

    def hand_back(self) -> None:
        """Give the line back to aiosmtplib, which ends it."""


class Stepwise:
    """One command after the other, by aiosmtplib."""

    def __init__(self, smtp: SMTP, timeouts: ReplyTimeouts) -> None:
        """Use an open session."""
        self._smtp = smtp
        self._timeouts = timeouts

    async def ask(self, *commands: bytes) -> Heard:
        """Say commands one at a time, up to the first refusal."""
        replies: list[SMTPResponse] = []
        for command in commands:
            try:
                reply = await self._smtp.execute_command(command, timeout=self._timeouts.command)
            except (SMTPServerDisconnected, SMTPTimeoutError, SMTPResponseException) as trouble:
                return self._cut(replies, trouble)
            replies.append(reply)
            if reply.code // 100 not in {2, 3}:
                break
        return Heard(replies)

    async def give(self, content: bytes) -> Heard:
        """Say the content in one write."""
        protocol = self._smtp.protocol
        if protocol is None or not protocol.is_connected:
            return Heard([], "the peer hung up", unsaid=True)
        try:
            protocol.write(content)
            reply = await protocol.read_response(timeout=self._timeouts.dot)
        except (SMTPServerDisconnected, SMTPTimeoutError, SMTPResponseException) as trouble:
            return self._cut([], trouble)
        return Heard([reply])

    def hand_back(self) -> None:
        """Do nothing: the line was aiosmtplib's all along."""

    def _cut(self, replies: list[SMTPResponse], trouble: Exception) -> Heard:
        self._smtp.close()
        return Heard(replies, str(trouble) or type(trouble).__name__)


class Pipelined(asyncio.Protocol):
    """Commands in groups (RFC 2920, 3.1), on the transport that aiosmtplib opened."""

    def __init__(self, smtp: SMTP, timeouts: ReplyTimeouts) -> None:
        """Take the line of an open session over."""
        self._before: Any = smtp.protocol
        transport: Any = smtp.transport
        self._transport = transport
        self._timeouts = timeouts
        self._loop = asyncio.get_running_loop()
        self._buffer = b""
        self._text: list[bytes] = []
        self._replies: list[SMTPResponse] = []
        self._wanted = 0
        self._heard: asyncio.Future[None] | None = None
        self._trouble: str | None = None
        self._transport.set_protocol(self)

    async def ask(self, *commands: bytes) -> Heard:
        """Say commands in one write; all are answered, whatever became of the first."""
        return await self._exchange(
            b"\r\n".join((*commands, b"")),
            len(commands),
            self._timeouts.command * len(commands),
        )

    async def give(self, content: bytes) -> Heard:
        """Say the content in one write."""
        return await self._exchange(content, 1, self._timeouts.dot)

    def hand_back(self) -> None:
        """Give the line back to aiosmtplib."""
        if not self._transport.is_closing():
            self._transport.set_protocol(self._before)

    def data_received(self, data: bytes) -> None:
        """Gather replies (RFC 5321, 4.2.1); cut the line if they make no sense."""
        if self._wanted == 0:
            return self._cut("the peer spoke unasked")
        *complete, self._buffer = (self._buffer + data).split(b"\n")
        for line in complete:
            if not (line[:3].isdigit() and line[3:4] in b"- \r"):
                return self._cut("the peer's reply makes no sense")
            self._text.append(line[4:].rstrip(b"\r"))
            if line[3:4] != b"-":
                self._replies.append(SMTPResponse(int(line[:3]), _text(self._text)))
                self._text = []
        if len(self._buffer) + sum(map(len, self._text)) > _LONGEST_REPLY:
            return self._cut("the peer's reply has no end")
        if len(self._replies) >= self._wanted:
            self._settle()
        return None

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits, and aiosmtplib, that the line is gone."""
        self._trouble = self._trouble or (str(exc) if exc else "the peer hung up")
        self._settle()
        self._before.connection_lost(exc)

    async def _exchange(self, octets: bytes, wanted: int, seconds: float) -> Heard:
        if self._transport.is_closing():
            return Heard([], self._trouble or "the peer hung up", unsaid=True)
        self._replies, self._wanted = [], wanted
        self._heard = self._loop.create_future()
        timer = self._loop.call_later(seconds, self._cut, f"no reply within {seconds:g} s")
        self._transport.write(octets)
        try:
            await self._heard
        finally:
            timer.cancel()
            self._wanted, self._heard = 0, None
        if len(self._replies) > wanted or self._buffer or self._text:
            self._cut("the peer spoke unasked")
        return Heard(self._replies[:wanted], self._trouble)

    def _cut(self, trouble: str) -> None:
        self._trouble = self._trouble or trouble
        self._transport.abort()
        self._settle()

    def _settle(self) -> None:
        if self._heard is not None and not self._heard.done():
            self._heard.set_result(None)


def _text(lines: list[bytes]) -> str:
    return b"\n".join(lines).decode("utf-8", "surrogateescape")
