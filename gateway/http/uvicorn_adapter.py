"""What is uvicorn's, and what of its insides do we touch? All of it stands here and nowhere else.

uvicorn reads requests (with h11), calls the application and writes what it answers. It bounds
neither how long a head, a body or the taking of an answer may last, nor how many connections there
are, nor in how many pieces a body may come; its ``limit_concurrency`` answers 503 to whoever comes
when silent ones hold every place. So each connection is put to ``HttpState`` as it comes, which
looks at it ten times a second until it has gone (docs/adr/0035-everything-has-a-budget.md).

The trap is an upgrade: the attributes that are read here have no underscore and are not
documented either. ``tests/gateway/http/test_uvicorn_adapter.py`` holds them, and the source of what
is overridden, against the uvicorn that is installed.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from socket import socket
from typing import Any, cast

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState as UvicornState

from core.observe import Event
from core.told_once import ToldOnce
from gateway.http.acceptor import HttpAcceptor
from gateway.http.http_state import HttpState
from gateway.http.request_timeouts import Awaited, RequestLimits, RequestTimeouts

_GRACE_SECONDS = 5


class _Conversation(h11.Connection):
    """Requests and answers of one connection; a body has so many pieces at most."""

    def __init__(self, limits: RequestLimits) -> None:
        super().__init__(h11.SERVER)
        self._limits, self._chunks, self._octets = limits, 0, 0
        self.wasted = 0

    def next_event(self) -> Any:
        """Return what was read. Raise RemoteProtocolError for a body that is all work."""
        event = super().next_event()
        if isinstance(event, h11.Request):
            self._chunks = self._octets = self.wasted = 0
        elif isinstance(event, h11.Data):
            self._chunks += event.chunk_start
            self._octets += len(event.data)
            self.wasted += len(event.data) if self.is_answered else 0
            most = self._limits.chunks + self._octets // 1_024
            if self._chunks > most or self.wasted > self._limits.wasted_octets:
                raise h11.RemoteProtocolError("too much for one body", error_status_hint=413)
        return event

    @property
    def is_answered(self) -> bool:
        """Whether the answer was given before the request had ended."""
        return self.our_state is h11.DONE and self.their_state is h11.SEND_BODY


class HttpConnection(H11Protocol):
    """uvicorn's connection inside limits of ours."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: UvicornState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        state: HttpState,
    ) -> None:
        """Be ready for a client."""
        super().__init__(config, server_state, app_state, _loop)
        self.conn: _Conversation = _Conversation(state.limits)
        self._state = state
        self._peer = ""
        self._inside = False
        self._unsent = 0
        self._times = RequestTimeouts(state.limits, self.loop.time())

    # ------------------------------------------------------------------ what the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the client in, or say why not."""
        line = cast("asyncio.Transport", transport)
        peer = line.get_extra_info("peername")
        self._peer = str(peer[0]) if isinstance(peer, tuple) else "local"
        number = line.get_extra_info("socket").fileno()
        refusal = self._state.enter(self._peer, number, self)
        if refusal is not None:
            line.write(refusal)
            line.close()
            return
        self._inside = True
        self._state.watch(self)
        self.app = self._state.application(self, self.app)
        super().connection_made(line)

    def data_received(self, data: bytes) -> None:
        """Take octets, and see who is awaited now."""
        if not self._inside:
            return
        self._times.progress(len(data), self.loop.time())
        try:
            super().data_received(data)
        except h11.LocalProtocolError:  # nonsense behind a request that is being answered
            self.transport.abort()
        self._look_who_is_awaited()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the client go, once."""
        if self._inside:
            self._inside = False
            self._state.leave(self._peer, self)
            self._state.watched.pop(self, None)
            super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Refuse what came; a request whose body it was is not answered a second time."""
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        super().send_400_response(msg)

    # ------------------------------------------------------------------ time

    def look(self) -> None:
        """Hang up if the client's time is up."""
        if not self._inside:
            return
        now = self.loop.time()
        self._look_who_is_awaited()
        if self._times.awaited in {Awaited.TAKING, Awaited.CLOSING}:
            unsent = self.transport.get_write_buffer_size()
            self._times.progress(max(0, self._unsent - unsent), now)
            self._unsent = unsent
        if self._times.is_over(now):
            self._state.cut(self._peer, self._times.awaited)
            self._hang_up(self._state.too_slow)

    def _look_who_is_awaited(self) -> None:
        awaited = self._awaited()
        if awaited is not self._times.awaited:
            self._times.wait_for(awaited, self.loop.time())
            self._unsent = self.transport.get_write_buffer_size()

    def _awaited(self) -> Awaited:
        """Return whom the connection waits for."""
        if self.transport.is_closing():
            return Awaited.CLOSING
        if self.flow.write_paused:
            return Awaited.TAKING
        if self.cycle is None or self.cycle.response_complete:
            return Awaited.BODY if self.conn.is_answered else Awaited.HEAD
        waits = self.cycle.more_body and not self.flow.read_paused
        return Awaited.BODY if waits and not self.cycle.waiting_for_100_continue else Awaited.OURS

    # ------------------------------------------------------------------ making room

    def hurry(self) -> None:
        """Leave when what is under way is finished."""
        self.shutdown()

    def make_room(self) -> None:
        """Leave at once: somebody else needs the place."""
        self._hang_up(self._state.busy)
        self._state.leave(self._peer, self)

    def silence(self) -> float:
        """Return for how long the client has kept us waiting."""
        self._look_who_is_awaited()
        return self._times.silence(self.loop.time())

    def _hang_up(self, words: bytes) -> None:
        """Close; with a last word where a request waits for an answer that has not begun."""
        awaited = self._times.awaited
        if awaited is Awaited.HEAD:  # there is no request yet that could be answered
            self.transport.close()
        elif awaited is Awaited.BODY and self.cycle is not None and not self.cycle.response_started:
            self.transport.write(words)
            self.transport.close()
        else:
            self.transport.abort()


class _ServerLog(logging.Handler):
    """Tells what uvicorn says of mistakes as a line of ours, once for a spell of them.

    A stranger may make it say the same a thousand times, each with a traceback. What goes wrong
    before an answer has begun has its traceback at ``http.failed``.
    """

    def __init__(self) -> None:
        super().__init__()
        self._failed = ToldOnce(Event.SERVER_FAILED)

    def emit(self, record: logging.LogRecord) -> None:
        """Tell it."""
        error = record.exc_info[1] if record.exc_info else None
        kind = type(error).__name__ if error else None
        self._failed.met(reason=record.getMessage().strip(), error=kind)


class HttpServer(uvicorn.Server):
    """A server that leaves signals alone and says when it is up."""

    def __init__(self, app: Any, state: HttpState | None) -> None:
        """Serve an application; ``state`` bounds who may ask, None for an operator's socket."""
        kind = partial(HttpConnection, state=state) if state else H11Protocol
        config = uvicorn.Config(
            app,
            access_log=False,
            http=cast("type[asyncio.Protocol]", kind),
            lifespan="off",
            log_config=None,
            log_level="error",  # it warns of each request that makes no sense: strangers' lines
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
            ws="none",
        )
        said = logging.getLogger("uvicorn.error")  # one for all servers of the process
        said.handlers, said.propagate = [_ServerLog()], False
        super().__init__(config)
        self.up = asyncio.Event()
        self._state = state
        self._acceptors: list[HttpAcceptor] = []

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take none: the process does."""
        yield

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Begin, and say so. Where connections are bounded we take them ourselves."""
        await super().startup([] if self._state else sockets)
        if self._state is not None:
            self._acceptors = [
                HttpAcceptor(one, self._connection, self._state) for one in sockets or ()
            ]
        self.up.set()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Take no more, and let those that are there finish."""
        for one in self._acceptors:
            await one.close()  # uvicorn tells those to finish that are connected by then, no other
        await super().shutdown(sockets)

    def _connection(self) -> asyncio.Protocol:
        """Return what speaks to one client, as uvicorn's own start makes it."""
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
