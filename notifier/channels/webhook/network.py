"""httpx's client over a network of our choice.

httpx has no place for one, httpcore beneath it has: so this is httpx's own transport with that
place taken, and nothing else.
"""

from collections.abc import AsyncIterator

import httpcore
import httpx

from notifier.channels.webhook.answer_limit import LimitedAnswers

_TROUBLE = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)
_KEPT_SECONDS = 30.0


class Network(httpx.AsyncBaseTransport):
    """A pool of connections made by a network backend (None: the usual one)."""

    def __init__(self, backend: httpcore.AsyncNetworkBackend | None, connections: int) -> None:
        """Open nothing yet."""
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=connections,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=LimitedAnswers(backend),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Make a request and return the answer, its body still on the line."""
        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.content,
            extensions=request.extensions,
        )
        try:
            answer = await self._pool.handle_async_request(asked)
        except _TROUBLE as trouble:
            raise _translated(trouble) from trouble
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Body(answer), request=request
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """The octets of an answer, as they come."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for octets in self._answer.aiter_stream():
                yield octets
        except _TROUBLE as trouble:
            raise _translated(trouble) from trouble

    async def aclose(self) -> None:
        """Leave the rest unread."""
        await self._answer.aclose()


def _translated(trouble: Exception) -> httpx.TransportError:
    return httpx.TransportError(str(trouble) or type(trouble).__name__)
