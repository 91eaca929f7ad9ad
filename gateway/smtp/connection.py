"""One peer's visit, from its coming to its going: aiosmtpd's connection inside limits of our own.

aiosmtpd holds the connection and turns it to TLS; what it does with it is changed here, because it
reads lines of any length, lives as long as there are NOOPs, and tells its exceptions (law 5):

- who talks before the greeting is told so and hung up on (RFC 5321, 3.1 and 4.3.1);
- the time a peer takes is watched by ``Patience``; useless and wrong commands are counted;
- an exception is 451 with a reference, never 5xx and never its own text on the wire;
- a last word is followed by a half-close, so that the peer reads it before the line is gone.
"""

import asyncio
import secrets
from contextlib import suppress
from typing import Any

from aiosmtpd.smtp import SMTP, TLSSetupException

from core.observe import Event, logger
from core.verdict import Defer, Reason
from gateway import answers
from gateway.answers.occasions import Occasion
from gateway.smtp.arguments import read_line
from gateway.smtp.commands import Commands
from gateway.smtp.connection_limits import Doorman
from gateway.smtp.timeouts import Patience
from gateway.smtp.server_state import Station

_LINGER_SECONDS = 2.0
_THEIR_READY = "220 Ready to start TLS"
_READY = answers.say(Occasion.READY_FOR_TLS)


class Visit(SMTP):
    """A connection, its limits and its loop; the commands are the subclass's."""

    # aiosmtpd types these as they are before a peer has come; here one always has.
    session: Any
    envelope: Any
    _reader: Any
    _smtp_methods: Any

    def __init__(self, station: Station, peer: str = "") -> None:
        """Be ready for a peer, whose address is given where a proxy stands before it."""
        loop = asyncio.get_running_loop()
        self.__dict__.update(station.template)
        limits = station.limits
        asyncio.StreamReaderProtocol.__init__(
            self,
            asyncio.StreamReader(loop=loop, limit=limits.command_octets),
            client_connected_cb=self._cb_client_connected,
            loop=loop,
        )
        self.loop = loop
        self.station, self.limits, self.doorman = station, limits, station.doorman
        self.tls_context = station.certificates.context() if station.certificates else None
        self.patience = Patience(limits, loop.time(), loop.time())
        self._smtp_methods = Commands(self)
        self._peer = peer
        self._inside = self._left = self.covered = False
        self._idle_commands = self._bad_commands = 0
        self._answering = self._finishing = False

    # ------------------------------------------------------------------ coming and going

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the peer in, or say why not; after STARTTLS it is in already."""
        if not self._inside:
            peer = transport.get_extra_info("peername")
            self._peer = self._peer or (str(peer[0]) if isinstance(peer, tuple) else "local")
            refusal = self.doorman.enter(self._peer, self)
            if refusal is not None:
                logger().info(Event.SESSION_REFUSED, peer=Doorman.network_of(self._peer))
                transport.write(refusal.encode() + b"\r\n")  # type: ignore[attr-defined]
                transport.close()
                return
            self._inside = True
        self.covered = transport.get_extra_info("sslcontext") is not None
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Let the peer go."""
        if self._inside:
            self._inside = False
            self._left = True
            if self._answering:
                # A mail that is being read or posted is finished: its octets are held meanwhile,
                # and counted, and whoever offers it again hears that it is known.
                self._finishing = True
                self._handler_coroutine = self.loop.create_future()  # type: ignore[assignment]  # is cancelled
                super().connection_lost(error)
                return
            self._set_rset_state()  # type: ignore[no-untyped-call]
            self.doorman.leave(self._peer, self)
            super().connection_lost(error)

    def eof_received(self) -> bool:
        """Finish what is under way: a peer may close its side when it has said all."""
        asyncio.StreamReaderProtocol.eof_received(self)
        return self._inside and not (self._left or self.covered)

    def leave(self, words: str, *, linger: bool = True) -> None:
        """Say a last word and hang up: when the peer has read it, if it may be speaking still."""
        transport: Any = self.transport
        if self._left or transport is None or transport.is_closing():
            return
        self._left = True
        transport.write(words.encode() + b"\r\n")
        if linger and transport.can_write_eof():
            transport.write_eof()
            self._reset_timeout()
        else:
            transport.close()

    def hurry(self) -> None:
        """Leave: at once, or after the answer to the mail under way (RFC 5321, 3.8)."""
        if self.patience.waiting and self.patience.content_began is None:
            self._cut(answers.answer(Defer(Reason.SHUTTING_DOWN)), linger=False)

    def make_room(self) -> None:
        """Leave, because the place is needed and the peer only sits in it."""
        self._cut(answers.say(Occasion.MADE_ROOM), linger=False)
        self.doorman.leave(self._peer, self)

    def silence(self) -> float:
        """Return for how many seconds the peer has said nothing, while it could."""
        waits = self.patience.waiting and self.patience.content_began is None
        return self.loop.time() - self.patience.heard if waits and not self._left else 0.0

    def _cut(self, words: str, *, linger: bool) -> None:
        """Leave from outside the dialogue, which waits for the peer."""
        self.leave(words, linger=linger)
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()

    def _reset_timeout(self, duration: float | None = None) -> None:
        """Look at the time now and then: one timer a session, however many commands come."""
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        seconds = _LINGER_SECONDS if self._left else self.patience.next_look()
        self._timeout_handle = self.loop.call_later(seconds, self._timeout_cb)

    def _timeout_cb(self) -> None:
        if self._left:
            transport: Any = self.transport
            if transport is not None:
                transport.abort()
            return
        occasion = self.patience.ends(self.loop.time())
        if occasion is None:
            self._reset_timeout()
            return
        logger().info(Event.SESSION_CUT, peer=Doorman.network_of(self._peer), why=str(occasion))
        self._cut(answers.say(occasion), linger=True)

    # ------------------------------------------------------------------ the dialogue

    async def _handle_client(self) -> None:
        """Greet the peer and obey it, until one of us has had enough."""
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):  # the peer has gone
                if await self._greet():
                    while not self._left:
                        await self._obey(await self._next_line())
        except TLSSetupException as error:
            self.connection_lost(error)  # a handshake that fails tells nobody else
        finally:
            if not self._left:
                self._writer.close()
            if self._finishing:
                self._set_rset_state()  # type: ignore[no-untyped-call]
                self.doorman.leave(self._peer, self)

    async def _greet(self) -> bool:
        """Say who we are, unless the peer could not wait for it."""
        await asyncio.sleep(0)  # what came along with the connection is in the buffer after this
        if self.limits.greeting_seconds and not self.doorman.trusts(self._peer):
            await self.station.sleep(self.limits.greeting_seconds)
        if self._reader._buffer:  # noqa: SLF001
            logger().info(Event.SESSION_REFUSED, peer=Doorman.network_of(self._peer))
            self.leave(answers.say(Occasion.EARLY_TALKER))
            return False
        await self.push(answers.say_as(Occasion.GREETING, self.station.hostname))
        return True

    async def _next_line(self) -> bytes | None:
        """Return the next command with its line's end; None if it was too long."""
        if not self.patience.waiting:  # a handshake ends without a reply
            self.patience.wait(self.loop.time())
        try:
            line: bytes = await self._reader.readuntil()
        except asyncio.LimitOverrunError as error:
            await self._skip(error.consumed)
            return None
        finally:
            self.patience.waiting = False
        return line

    async def _skip(self, consumed: int) -> None:
        """Read on to the end of a line, keeping nothing of it."""
        self.patience.waiting = True
        while True:
            await self._reader.read(consumed)
            try:
                await self._reader.readuntil()
            except asyncio.LimitOverrunError as error:
                consumed = error.consumed
            else:
                return

    async def _obey(self, line: bytes | None) -> None:
        """Do what a line asks for, whatever comes of it."""
        read = Occasion.COMMAND_TOO_LONG if line is None else read_line(line)
        if isinstance(read, Occasion):
            await self.complain(read)
            return
        verb, _, argument = read.partition(" ")
        try:
            await self._smtp_methods.get(verb.upper())(argument.strip() or None)
        except (ConnectionError, asyncio.IncompleteReadError, TLSSetupException):
            raise
        except Exception as error:  # noqa: BLE001  the last line of defence
            await self.push(await self.handle_exception(error))
        if self.doorman.closing:
            self.leave(answers.answer(Defer(Reason.SHUTTING_DOWN)), linger=False)

    async def push(self, status: Any) -> None:
        """Send a reply; then it is the peer's turn.

        The one reply that is aiosmtpd's own goes out in our words. Behind it comes the handshake,
        which has a time of its own.
        """
        if self._left:
            return
        handshake = status == _THEIR_READY
        self._writer.write((_READY if handshake else status).encode() + b"\r\n")
        if not handshake:
            self.patience.wait(self.loop.time())
        await self._writer.drain()

    async def handle_exception(self, error: Exception) -> str:
        """Turn a bug of ours into a temporary refusal with a reference (law 5)."""
        reference = secrets.token_hex(4)
        logger().error(Event.MAIL_FAILED, reference=reference, exc_info=error)
        return answers.answer(Defer(Reason.INTERNAL_ERROR), reference=reference)

    # ------------------------------------------------------------------ counting

    async def complain(self, occasion: Occasion) -> None:
        """Say what is wrong with a command (RFC 5321, 4.2.4), a few times."""
        self._bad_commands += 1
        if self._bad_commands >= self.limits.bad_commands:
            self.leave(answers.say(Occasion.TOO_MANY_BAD_COMMANDS))
        else:
            await self.push(answers.say(occasion))

    def counted(self, method: Any) -> Any:
        """Return a command that does nothing for the mail, unless there were too many of these."""
        self._idle_commands += 1
        return self._too_many if self._idle_commands > self.limits.idle_commands else method

    async def _too_many(self, _arg: str | None) -> None:
        self.leave(answers.say(Occasion.TOO_MANY_IDLE_COMMANDS))
