"""One SMTP session: aiosmtpd's dialogue inside limits of our own.

aiosmtpd speaks; this subclass bounds it and keeps it from costing. What it changes and why:

- the content is read in bulk (``data``), not a line a call, which bounds memory too;
- the tables of commands are looked up, not built anew by introspection for every session;
- an exception is 451 with a reference, never 5xx and never its own text on the wire;
- idle time, session time, useless commands and bad recipients are counted, and end the session.
"""

import asyncio
import re
import secrets
import ssl
from typing import Any, Protocol

from aiosmtpd.smtp import SMTP

from core.observe import Event, logger
from core.verdict import Defer, Reason, Reject
from gateway import answers
from gateway.answers.occasions import Occasion
from gateway.mail.envelope import Envelope
from gateway.smtp.commands import Commands
from gateway.smtp.data import Content
from gateway.smtp.limits import Doorman, Limits

_CHUNK = 1 << 17
_ADDRESS = re.compile(
    r"[ \t]*<([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?)>(.*)\Z",
    re.DOTALL,
)


class Handler(Protocol):
    """Who answers for the mail itself: both methods return the reply as it goes on the wire."""

    async def rcpt(self, envelope: Envelope, address: str) -> str:
        """Answer RCPT; 250 admits. The envelope holds those admitted so far."""

    async def data(self, envelope: Envelope, content: bytes) -> str:
        """Answer the content."""


class _NoHooks:
    """aiosmtpd's own handler interface is not used: the session overrides its commands."""


class Session(SMTP):
    """One peer's session."""

    # aiosmtpd types these as they are before a peer has come; here one always has.
    session: Any
    envelope: Any
    _reader: Any
    _smtp_methods: Any

    _template: dict[Any, dict[str, Any]] = {}  # noqa: RUF012  what every session shares

    def __init__(
        self,
        handler: Handler,
        limits: Limits,
        doorman: Doorman,
        hostname: str,
        tls: ssl.SSLContext | None,
    ) -> None:
        """Be ready for a peer; what all sessions share is prepared once."""
        loop = asyncio.get_running_loop()
        self.__dict__.update(self._shared(limits, hostname, tls))
        asyncio.StreamReaderProtocol.__init__(
            self,
            asyncio.StreamReader(loop=loop, limit=limits.command_octets),
            client_connected_cb=self._cb_client_connected,
            loop=loop,
        )
        self.loop = loop
        self._smtp_methods = Commands(self)
        self.answering, self.limits, self.doorman = handler, limits, doorman
        self._peer = ""
        self._inside = self._in_data = False
        self._idle_commands = self._bad_recipients = self._bad_commands = 0
        self._ends: asyncio.TimerHandle | None = None

    def _shared(self, limits: Limits, hostname: str, tls: ssl.SSLContext | None) -> dict[str, Any]:
        """Return what aiosmtpd sets up the same for every session of a listener."""
        key = (limits, hostname, tls)
        if key not in self._template:
            loop = asyncio.get_running_loop()
            super().__init__(
                _NoHooks(),
                data_size_limit=limits.message_octets,
                enable_SMTPUTF8=True,
                hostname=hostname,
                ident="Rejoinder",
                tls_context=tls,
                timeout=limits.idle_seconds,
                auth_exclude_mechanism=("LOGIN", "PLAIN"),
                loop=loop,
            )
            own = asyncio.StreamReaderProtocol(asyncio.StreamReader(loop=loop), loop=loop)
            shared = {k: v for k, v in self.__dict__.items() if k not in own.__dict__}
            self._template[key] = shared
        return self._template[key]

    # ------------------------------------------------------------------ coming and going

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the peer in, or say that there is no room."""
        peer = transport.get_extra_info("peername")
        self._peer = self._peer or (str(peer[0]) if isinstance(peer, tuple) and peer else "local")
        if not self._inside:
            if not self.doorman.enter(self._peer, self):
                logger().info(Event.SESSION_REFUSED, peer=Doorman.network_of(self._peer))
                transport.write(  # type: ignore[attr-defined]
                    answers.say(Occasion.TOO_MANY_SESSIONS).encode() + b"\r\n"
                )
                transport.close()
                return
            self._inside = True
            self._ends = self.loop.call_later(self.limits.session_seconds, self._timeout_cb)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Let the peer go."""
        if self._inside:
            self._inside = False
            self.doorman.leave(self._peer, self)
            super().connection_lost(error)
        if self._ends is not None:
            self._ends.cancel()

    def hurry(self) -> None:
        """Leave: at once, or after the answer to the mail that is under way (RFC 5321, 3.8)."""
        transport: Any = self.transport  # uvloop's is no asyncio.Transport
        if not self._in_data and transport is not None:
            transport.write(answers.answer(Defer(Reason.SHUTTING_DOWN)).encode() + b"\r\n")
            transport.close()

    async def handle_exception(self, error: Exception) -> str:
        """Turn a bug of ours into a temporary refusal with a reference (law 5)."""
        reference = secrets.token_hex(4)
        logger().error(Event.MAIL_FAILED, reference=reference, exc_info=error)
        return answers.answer(Defer(Reason.INTERNAL_ERROR), reference=reference)

    def counted(self, method: Any) -> Any:
        """Return a command that does nothing for the mail, counted."""
        self._idle_commands += 1
        if self._idle_commands > self.limits.idle_commands:
            return self._too_many
        return method

    async def unknown(self, _arg: str | None) -> None:
        """Answer what is no command (RFC 5321, 4.2.4), a few times."""
        self._bad_commands += 1
        if self._bad_commands >= self.limits.bad_commands:
            await self.push(answers.say(Occasion.TOO_MANY_BAD_COMMANDS))
            self._writer.close()
            return
        await self.push(answers.say(Occasion.UNKNOWN_COMMAND))

    async def _too_many(self, _arg: str | None) -> None:
        await self.push(answers.say(Occasion.TOO_MANY_IDLE_COMMANDS))
        self._writer.close()

    # ------------------------------------------------------------------ the dialogue

    async def smtp_EHLO(self, hostname: str | None) -> None:  # noqa: N802
        """Say what we can do (RFC 5321, 4.1.1.1), in one write."""
        if not hostname:
            await self.push(answers.say(Occasion.BAD_ARGUMENT))
            return
        self._set_rset_state()  # type: ignore[no-untyped-call]
        self.session.extended_smtp = True
        self.session.host_name = hostname
        offers = [self.hostname, f"SIZE {self.limits.message_octets}", "8BITMIME", "SMTPUTF8"]
        offers += ["PIPELINING", "ENHANCEDSTATUSCODES"]
        if self.tls_context is not None and self._tls_protocol is None:
            offers.append("STARTTLS")
        lines = [f"250-{one}" for one in offers[:-1]] + [f"250 {offers[-1]}"]
        await self.push("\r\n".join(lines))

    async def smtp_STARTTLS(self, arg: str | None) -> None:  # noqa: N802
        """Begin TLS, once (RFC 3207, 4.2)."""
        if self._tls_protocol is not None:
            await self.push(answers.say(Occasion.TLS_ALREADY))
        else:
            await super().smtp_STARTTLS(arg or "")

    async def smtp_VRFY(self, arg: str | None) -> None:  # noqa: N802
        """Tell nothing about who is here (RFC 5321, 7.3)."""
        await self.push(answers.say(Occasion.CANNOT_VERIFY))

    smtp_EXPN = smtp_VRFY  # noqa: N815

    def _getaddr(self, arg: str | None) -> tuple[str | None, str | None]:
        """Read an ordinary address without the whole grammar; leave the rest to aiosmtpd."""
        found = _ADDRESS.match(arg) if arg else None
        if found is not None:
            return found.group(1), found.group(2)
        address: tuple[str | None, str | None] = super()._getaddr(arg or "")
        return address

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        """Ask the handler about a recipient; guessing gets slow, and then ends."""
        if not self.session.host_name:
            await self.push(answers.say(Occasion.HELLO_FIRST))
            return
        if self.envelope.mail_from is None:
            await self.push(answers.say(Occasion.MAIL_FIRST))
            return
        address, parameters = self._getaddr(self._strip_command_keyword("TO:", arg or "") or "")
        if not address or (parameters or "").strip():
            await self.push(answers.say(Occasion.BAD_RECIPIENT))
            return
        if len(self.envelope.rcpt_tos) >= self.limits.recipients:
            await self.push(answers.say(Occasion.TOO_MANY_RECIPIENTS))
            return
        reply = await self.answering.rcpt(self._offered(), address)
        if reply.startswith("250"):
            self.envelope.rcpt_tos.append(address)
        elif reply.startswith("5"):
            self._bad_recipients += 1
            if self._bad_recipients >= self.limits.bad_recipients:
                await asyncio.sleep(self.limits.tarpit_seconds)
                await self.push(answers.say(Occasion.TOO_MANY_BAD_RECIPIENTS))
                self._writer.close()
                return
        await self.push(reply)

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        """Read the content and ask the handler about it."""
        if not self.envelope.rcpt_tos:
            await self.push(answers.say(Occasion.RECIPIENT_FIRST))
            return
        if arg:
            await self.push(answers.say(Occasion.BAD_ARGUMENT))
            return
        content = Content(self.limits.message_octets, self.limits.line_octets)
        await self.push(answers.say(Occasion.GO_AHEAD))
        self._in_data = True
        try:
            await self._answer_content(content)
        finally:
            self._in_data = False
        if self.doorman.closing:
            self.hurry()

    async def _answer_content(self, content: Content) -> None:
        await self._read(content)
        offered = self._offered()
        self._set_post_data_state()  # type: ignore[no-untyped-call]
        self._idle_commands = 0
        reason = _refusal(content)
        if reason is not None:
            await self.push(answers.answer(Reject(reason)))
            return
        await self.push(await self.answering.data(offered, content.octets))

    async def _read(self, content: Content) -> None:
        """Feed the content until its end; each chunk renews the patience it has earned."""
        reader = self._reader
        began = self.loop.time()
        read = 0
        while True:
            chunk = await reader.read(_CHUNK)
            if not chunk:
                raise ConnectionResetError
            read += len(chunk)
            rest = content.feed(chunk)
            if rest is not None:
                break
            slow = read < (self.loop.time() - began) * self.limits.data_octets_a_second
            if not slow:
                self._reset_timeout()
        if rest:
            # What was pipelined behind the content is read next: before what may have come since.
            later = bytes(reader._buffer)  # noqa: SLF001
            reader._buffer.clear()  # noqa: SLF001
            reader.feed_data(rest + later)

    def _offered(self) -> Envelope:
        return Envelope(
            reverse_path=self.envelope.mail_from or "",
            recipients=tuple(self.envelope.rcpt_tos),
            peer=self._peer,
            helo=(self.session.host_name or "")[:255],
            tls=self._tls_protocol is not None,
        )


def _refusal(content: Content) -> Reason | None:
    """Return why the content cannot be taken as it was written, or None."""
    if content.too_big:
        return Reason.TOO_BIG
    if content.has_bare_newline:
        return Reason.BARE_NEWLINE
    return Reason.LINE_TOO_LONG if content.has_long_line else None
