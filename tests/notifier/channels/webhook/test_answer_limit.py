"""Of an answer so much is read, in whatever pieces it comes."""

import httpcore
import httpx
import pytest

from notifier.channels.webhook.network import Network

BODY = b"x" * 300_000


class _InPieces(httpcore.AsyncMockStream):
    """A line over which an answer comes in these pieces, of each no more than is asked for."""

    def __init__(self, pieces: list[bytes]) -> None:
        super().__init__([])
        self._pieces = pieces

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        """Give what is there of the next piece."""
        if not self._pieces:
            return b""
        given, rest = self._pieces[0][:max_bytes], self._pieces[0][max_bytes:]
        self._pieces[:1] = [rest] if rest else []
        return given


class _Line(httpcore.AsyncMockBackend):
    """A network with one such line."""

    def __init__(self, pieces: list[bytes]) -> None:
        super().__init__([])
        self._pieces = pieces

    async def connect_tcp(self, *_given: object) -> httpcore.AsyncNetworkStream:
        """Connect to it."""
        return _InPieces(self._pieces)


@pytest.mark.parametrize("first", [0, 1, 17, 40, 2_000])
async def test_a_large_answer_is_taken_however_it_comes(first: int) -> None:
    """Its head by itself, or cut anywhere, then more than is read at a time: it is no failure."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + BODY
    cut = first or answer.index(b"x")
    network = Network(_Line([answer[:cut], answer[cut:]]), 1)
    async with (
        httpx.AsyncClient(transport=network) as client,
        client.stream("POST", "http://far.example/") as heard,
    ):
        begun = await anext(heard.aiter_raw(1_024))

    assert (heard.status_code, begun) == (200, b"x" * 1_024)
