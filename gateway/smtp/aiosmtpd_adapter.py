"""What is aiosmtpd's, and what of its insides do we touch? All of it stands here and nowhere else.

aiosmtpd gives the line of one peer (a reader and a writer over asyncio's streams, closed in the
right order), turns it to TLS, and reads PROXY headers. Its loop, its commands, its envelope, its
timer and its words are replaced, because it reads lines of any length, lives as long as there are
NOOPs, and tells its exceptions (docs/adr/0018-smtp-session.md).

The trap is an upgrade. Half of what is used has a name with an underscore, and a method that moves
is no error but a dialogue that hangs. ``tests/gateway/smtp/test_adapter.py`` holds each attribute
that is touched here, and the source of each method that is used or replaced, against the aiosmtpd
that is installed. Whoever sees it fail reads that source beside this file again.
"""

import asyncio
import ssl
from abc import ABC, abstractmethod
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, cast

from aiosmtpd.proxy_protocol import V2_CMD, AsyncReader, ProxyData, get_proxy
from aiosmtpd.smtp import SMTP, TLSSetupException

_LINGER_SECONDS = 2.0

Template = dict[str, Any]
"""What aiosmtpd sets up in each line alike."""


class HandshakeError(ConnectionError):
    """The peer began no TLS that we could follow."""


class _NoHandler:
    """aiosmtpd's own handler interface is not used: its commands are never reached."""


def template() -> Template:
    """Return what aiosmtpd sets up alike for every line; needs a running loop."""
    loop = asyncio.get_running_loop()
    # Without a hostname SMTP.__init__ asks DNS for ours, and the loop waits for the answer. It is
    # never said: the greeting is our own.
    one = SMTP(_NoHandler(), hostname="localhost", loop=loop)
    own = asyncio.StreamReaderProtocol(asyncio.StreamReader(loop=loop), loop=loop)
    return {name: value for name, value in one.__dict__.items() if name not in own.__dict__}


class SmtpProtocol(SMTP, ABC):
    """The line to one peer: aiosmtpd's connection with the dialogue taken out.

    A subclass holds the dialogue, and is told what becomes of the line.
    """

    # aiosmtpd makes these when a peer has come; nothing here is asked before that.
    _reader: asyncio.StreamReader
    _writer: asyncio.StreamWriter

    def __init__(self, prepared: Template, longest_line: int, tls: ssl.SSLContext | None) -> None:
        """Be ready for a peer; lines are read up to so many octets, ``tls`` is for STARTTLS."""
        loop = asyncio.get_running_loop()
        # Replaces SMTP.__init__, which looks through its own methods and the handler's by
        # introspection, for each line: that takes longer than a whole dialogue of ours. What it
        # would set comes from one that was made once ...
        self.__dict__.update(prepared)
        # ... except what StreamReaderProtocol sets, which is each line's own. SMTP.connection_made
        # gets its reader and writer through this callback.
        asyncio.StreamReaderProtocol.__init__(
            self,
            asyncio.StreamReader(loop=loop, limit=longest_line),
            client_connected_cb=self._cb_client_connected,
            loop=loop,
        )
        self.loop = loop
        self.tls_context = tls
        self.covered = self.left = self._entered = False

    # ------------------------------------------------------------------ what the subclass says

    @abstractmethod
    def enters(self, address: str | None, descriptor: int) -> str | None:
        """Let a peer in, whose address is None on a unix socket; or return what to tell it."""

    @abstractmethod
    def begins(self) -> None:
        """Know nothing of the peer: a line begins, or begins anew under TLS."""

    @abstractmethod
    async def converse(self) -> None:
        """Greet the peer and obey it; ConnectionError and IncompleteReadError end it quietly."""

    @abstractmethod
    def lost(self) -> bool:
        """Let the peer go; return whether ``converse`` may be cancelled where it is."""

    @abstractmethod
    def ended(self) -> None:
        """Clean up behind ``converse``, however it ended."""

    @abstractmethod
    def next_look(self) -> float:
        """Return in how many seconds to ask ``is_over``."""

    @abstractmethod
    def is_over(self) -> bool:
        """Tell whether the peer's time is up; who says so has hung up."""

    # ------------------------------------------------------------------ what the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the peer in, or say why not. The second call is STARTTLS's: the line is covered."""
        if not self._entered:
            peer = transport.get_extra_info("peername")
            address = str(peer[0]) if isinstance(peer, tuple) else None
            refusal = self.enters(address, transport.get_extra_info("socket").fileno())
            if refusal is not None:
                # SMTP.connection_made is never called: no task is begun for a peer we turn away.
                line = cast("asyncio.Transport", transport)
                line.write(refusal.encode() + b"\r\n")
                line.close()
                return
            self._entered = True
        self.covered = transport.get_extra_info("sslcontext") is not None
        self.begins()  # RFC 3207, 4.2: what was said before TLS counts no more
        # Starts _handle_client the first time. The second time it exchanges the transport beneath
        # reader and writer, and throws away what came behind STARTTLS in the clear (RFC 3207, 5).
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """Let the peer go, once."""
        if not self._entered:
            return  # turned away: SMTP.connection_lost asserts a session and a task
        self._entered = False
        self.left = True
        if not self.lost():
            # SMTP.connection_lost cancels the task of the dialogue. A mail that is being read or
            # posted must be finished: an empty future is cancelled in its place.
            self._handler_coroutine = self.loop.create_future()  # type: ignore[assignment]
        super().connection_lost(error)

    def eof_received(self) -> bool:
        """Finish what is under way: a peer may close its side when it has said all."""
        # Replaces SMTP.eof_received, which cancels the dialogue although the peer still listens.
        asyncio.StreamReaderProtocol.eof_received(self)
        return self._entered and not (self.left or self.covered)  # TLS knows no half-close

    async def _handle_client(self) -> None:
        """Hold the dialogue. Replaces aiosmtpd's loop; SMTP.connection_made makes a task of it."""
        try:
            await self.converse()
        except HandshakeError as error:
            self.connection_lost(error)  # a handshake that fails tells nobody else
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the peer has gone
        finally:
            if not self.left:
                self._writer.close()
            self.ended()

    def _set_rset_state(self) -> None:
        """Keep no envelope of aiosmtpd's: the mail under way is the subclass's."""

    # ------------------------------------------------------------------ time

    def _reset_timeout(self, duration: float | None = None) -> None:
        """Look at the time now and then: one timer a line, however many commands come.

        SMTP.connection_made starts it through this name, and SMTP.connection_lost cancels the
        handle. In aiosmtpd each command would begin it anew, so that NOOP defeats it.
        """
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        seconds = _LINGER_SECONDS if self.left else self.next_look()
        self._timeout_handle = self.loop.call_later(seconds, self._timeout_cb)

    def _timeout_cb(self) -> None:
        """Look. Replaces aiosmtpd's, which closes without a word and waits for what is unsent."""
        if not self.left:
            if not self.is_over():
                self._reset_timeout()
        elif self.transport is not None:
            cast("asyncio.Transport", self.transport).abort()

    # ------------------------------------------------------------------ what the subclass does

    @property
    def reader(self) -> asyncio.StreamReader:
        """What the peer says."""
        return self._reader

    def send(self, text: str) -> Awaitable[None]:
        """Write a reply; await what is returned, which waits while the peer takes none."""
        self._writer.write(text.encode() + b"\r\n")
        return self._writer.drain()

    async def start_tls(self) -> None:
        """Turn the line to TLS (RFC 3207) behind the reply that says so; raise HandshakeError."""
        try:
            await super().smtp_STARTTLS("")
        except TLSSetupException as error:
            raise HandshakeError from error

    async def push(self, status: object) -> None:
        """Swallow the one reply of aiosmtpd's that is left, SMTP.smtp_STARTTLS's: ours is out."""

    def hang_up(self, words: str, *, linger: bool = True) -> None:
        """Say a last word and hang up: when the peer has read it, if it may be speaking still."""
        line = cast("asyncio.Transport | None", self.transport)
        if self.left or line is None or line.is_closing():
            return
        self.left = True
        line.write(words.encode() + b"\r\n")
        if linger and line.can_write_eof():
            # Closing with octets unread resets the line, and a reset overtakes our last word. So
            # only our side is closed; the peer has some seconds to close its own.
            line.write_eof()
            self._reset_timeout()
        else:
            line.close()

    def stop_conversing(self) -> None:
        """Cancel ``converse``, which waits for the peer."""
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()


# ---------------------------------------------------------------------- what asyncio hides


def has_octets(reader: asyncio.StreamReader) -> bool:
    """Tell whether something came that nobody has read; asyncio has no word for it."""
    return bool(reader._buffer)  # type: ignore[attr-defined]  # noqa: SLF001


def put_back(reader: asyncio.StreamReader, octets: bytes) -> None:
    """Let octets be read next: before what may have come since, which feed_data alone would not."""
    later = bytes(reader._buffer)  # type: ignore[attr-defined]  # noqa: SLF001
    reader._buffer.clear()  # type: ignore[attr-defined]  # noqa: SLF001
    reader.feed_data(octets + later)


# ---------------------------------------------------------------------- PROXY headers


@dataclass(frozen=True, slots=True)
class ProxyHeader:
    """Whom a proxy speaks for. ``client`` is None where it speaks for itself."""

    client: str | None


async def read_proxy_header(stream: AsyncReader) -> ProxyHeader | None:
    """Read a header of the PROXY protocol, v1 or v2; None if what comes is none."""
    said: ProxyData = await get_proxy(stream)
    if not said.valid:
        return None
    # LOCAL in version 2, UNKNOWN in version 1, which has no addresses.
    of_itself = said.command == V2_CMD.LOCAL or said.src_port is None or said.src_addr is None
    return ProxyHeader(None if of_itself else str(said.src_addr))
