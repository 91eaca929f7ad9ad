"""A relay on loopback: a real SMTP server that keeps what it is given and misbehaves when told.

    async with FakeRelay() as relay:
        relay.refuse("RCPT", "450 4.2.1 Busy")      # what it says to the next RCPT
        relay.drop("DOT")                            # hangs up where its final reply is due
        mail = await relay.next_mail()               # waits until one has come

The steps at which it can be told something are ``GREETING EHLO STARTTLS AUTH MAIL RCPT DATA DOT
RSET QUIT``; ``DOT`` is the reply to the content. A fault holds for one time, or as many as told.
"""

import asyncio
import ssl
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

_NAME = "relay.test"
_STEPS = ("EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "QUIT")

_Command = Callable[[str | None], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Received:
    """One mail as the relay got it, and how it came."""

    reverse_path: str
    recipients: tuple[str, ...]
    content: bytes
    parameters: tuple[str, ...]
    over_tls: bool
    login: str | None
    connection: int


@dataclass(frozen=True, slots=True)
class _Fault:
    """What to do at a step in place of what is right."""

    say: str | None = None
    hang_up: bool = False
    fall_silent: bool = False
    take_data_anyway: bool = False


@dataclass
class FakeRelay:
    """A relay that does as it is told. ``credentials``: who may log in; then all must."""

    pipelining: bool = True
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    credentials: dict[str, str] = field(default_factory=dict)
    smtputf8: bool = False
    eight_bit: bool = True
    size_limit: int = 10_000_000
    host: str = "127.0.0.1"

    mails: list[Received] = field(default_factory=list, init=False)
    contents: list[bytes] = field(default_factory=list, init=False)  # also of mails not taken
    said_to: list[str] = field(default_factory=list, init=False)
    connections: int = field(default=0, init=False)
    open_lines: set["_Line"] = field(default_factory=set, init=False)
    _faults: dict[str, deque[_Fault]] = field(
        default_factory=lambda: defaultdict(deque), init=False
    )
    _reached: dict[str, asyncio.Event] = field(
        default_factory=lambda: defaultdict(asyncio.Event), init=False
    )
    _arrivals: asyncio.Queue[Received] = field(default_factory=asyncio.Queue, init=False)
    _server: asyncio.Server | None = field(default=None, init=False)

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    def refuse(self, step: str, reply: str, times: int = 1) -> None:
        """Say this at the step, in one line or several, and nothing else comes of it."""
        self._faults[step].extend([_Fault(say=reply)] * times)

    def drop(self, step: str, times: int = 1, after_saying: str | None = None) -> None:
        """Hang up at the step without a word, or with a last one."""
        self._faults[step].extend([_Fault(say=after_saying, hang_up=True)] * times)

    def hang(self, step: str, times: int = 1) -> None:
        """Fall silent at the step."""
        self._faults[step].extend([_Fault(fall_silent=True)] * times)

    def take_data_anyway(self) -> None:
        """Say 354 to the next DATA although there is no recipient, as RFC 2920, 3.1 foresees."""
        self._faults["DATA"].append(_Fault(take_data_anyway=True))

    def hang_up_on_everybody(self, last_words: bytes = b"") -> None:
        """End all open lines, as a relay does that restarts or has waited long enough."""
        for line in list(self.open_lines):
            line.end(last_words)

    async def next_mail(self) -> Received:
        """Wait for the next mail that has not been asked for yet."""
        return await self._arrivals.get()

    async def mail_with(self, words: bytes) -> Received:
        """Wait for the next mail that holds these words, whatever comes before it."""
        while words not in (mail := await self.next_mail()).content:
            continue
        return mail

    async def reached(self, step: str) -> None:
        """Wait until somebody has come to a step."""
        await self._reached[step].wait()

    async def start(self, port: int = 0) -> Self:
        """Listen, on any free port unless one is given."""
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Line(self), self.host, port, ssl=self.tls if self.implicit_tls else None
        )
        return self

    async def stop(self) -> None:
        """Hang up on everybody and listen no more."""
        assert self._server is not None
        self._server.close()
        endings = [line.finish() for line in self.open_lines]
        await asyncio.gather(*endings, return_exceptions=True)
        await self._server.wait_closed()

    async def __aenter__(self) -> Self:
        """Listen."""
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    def take_fault(self, step: str) -> _Fault | None:
        """Return what to do wrong at a step, once."""
        self.said_to.append(step)
        self._reached[step].set()
        faults = self._faults[step]
        return faults.popleft() if faults else None

    def keep(self, line: "_Line", envelope: Envelope) -> None:
        """Remember a mail and tell who waits for one."""
        assert isinstance(envelope.original_content, bytes)
        mail = Received(
            # aiosmtpd knows no null reverse-path but this one.
            "" if envelope.mail_from == "<>" else envelope.mail_from or "",
            tuple(envelope.rcpt_tos),
            envelope.original_content,
            tuple(envelope.mail_options),
            line.is_covered,
            line.login,
            line.number,
        )
        self.mails.append(mail)
        self._arrivals.put_nowait(mail)

    def authenticate(
        self, line: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        """Let in whoever knows the password."""
        assert isinstance(line, _Line)
        assert isinstance(data, LoginPassword)
        known = self.credentials.get(data.login.decode()) == data.password.decode()
        if known:
            line.login = data.login.decode()
        return AuthResult(success=known, handled=False)


class _Handler:
    """What happens to a mail: it is kept."""

    def __init__(self, relay: FakeRelay) -> None:
        self._relay = relay

    async def handle_EHLO(  # noqa: N802  aiosmtpd's name
        self, line: "_Line", session: Session, envelope: Envelope, name: str, said: list[str]
    ) -> list[str]:
        session.host_name = name
        unsaid = {
            "250-8BITMIME": not self._relay.eight_bit,
            "250-AUTH": not self._relay.credentials,
        }
        words = [word for word in said if not unsaid.get(word.split(" ")[0])]
        if self._relay.pipelining:
            words.insert(1, "250-PIPELINING")
        return words

    async def handle_DATA(  # noqa: N802
        self, line: "_Line", session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.original_content, bytes)
        self._relay.contents.append(envelope.original_content)
        fault = self._relay.take_fault("DOT")
        if fault is not None:
            return await line.misbehave(fault)
        self._relay.keep(line, envelope)
        return "250 2.0.0 Taken"


class _Line(SMTP):
    """One connection, with a look at the faults before each step."""

    def __init__(self, relay: FakeRelay) -> None:
        loop = asyncio.get_running_loop()
        self._relay = relay
        self.login: str | None = None
        relay.connections += 1
        self.number = relay.connections
        super().__init__(
            _Handler(relay),
            hostname=_NAME,
            ident="ESMTP",
            loop=loop,
            data_size_limit=relay.size_limit,
            enable_SMTPUTF8=relay.smtputf8,
            tls_context=None if relay.implicit_tls else relay.tls,
            authenticator=relay.authenticate if relay.credentials else None,
            auth_require_tls=relay.tls is not None and not relay.implicit_tls,
        )
        self._auth_required = bool(relay.credentials)
        for step in _STEPS:
            self._smtp_methods[step] = partial(self._come_to, step, self._smtp_methods[step])
        self._greeted = False

    @property
    def is_covered(self) -> bool:
        """Whether TLS covers the line."""
        transport = self.transport
        return transport is not None and transport.get_extra_info("sslcontext") is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._relay.open_lines.add(self)
        self._bare = self._original_transport or transport

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self._relay.open_lines.discard(self)

    def end(self, last_words: bytes = b"") -> None:
        """Hang up, perhaps with a last word."""
        covered: Any = self.transport
        bare: Any = self._bare
        if last_words and covered is not None:
            covered.write(last_words)
            covered.close()
        else:
            bare.abort()  # under TLS too: in a handshake the cover would not tell anybody

    def finish(self) -> asyncio.Future[None]:
        """Hang up for good, and return what is done when the conversation is over.

        A line that breaks within a handshake does not end its conversation by itself.
        """
        self.end()
        assert self._handler_coroutine is not None
        assert self._timeout_handle is not None
        self._timeout_handle.cancel()
        self._handler_coroutine.cancel()
        return self._handler_coroutine

    async def misbehave(self, fault: _Fault) -> str:
        """Do what a fault says; return what is left to say."""
        if fault.say is not None and not fault.hang_up:
            return fault.say
        if fault.hang_up:
            self.end(f"{fault.say}\r\n".encode() if fault.say else b"")
        return str(await asyncio.get_running_loop().create_future())  # ends when the line does

    async def push(self, status: Any) -> None:
        if not self._greeted:
            self._greeted = True
            fault = self._relay.take_fault("GREETING")
            if fault is not None:
                status = await self.misbehave(fault)
        await super().push(status)

    async def _come_to(self, step: str, do: _Command, arg: str | None) -> None:
        """Do at a step what is right, or what was told."""
        fault = self._relay.take_fault(step)
        if fault is None:
            await do(arg)
        elif fault.take_data_anyway:
            await self.push("354 Go on")
            await self._reader.readuntil(b".\r\n")
            await self.push("554 5.5.1 No valid recipients")
        else:
            await self.push(await self.misbehave(fault))
