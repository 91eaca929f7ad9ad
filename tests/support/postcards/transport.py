"""How a postcard reaches the post office: a connection each, two questions, two answers.

TO <address>          200 | 4xx | 503
TEXT <octets> <text>  200 | 4xx | 503
"""

import asyncio

from core.outcome import Accepted, Cause, Deferred, Failed, Outcome, PeerReply, Uncertain
from tests.support.postcards.write import Postcard

_TAKEN = 200
_FAILS = {404: Cause.INVALID_RECIPIENT, 403: Cause.CONTENT}
_WAITS = {429: Cause.BUSY}
_CLOSES = {503: Cause.BUSY, 401: Cause.AUTHENTICATION}


class PostcardTransport:
    """Carries postcards to an office on this machine."""

    def __init__(self, port: int) -> None:
        """Know where it is."""
        self._port = port

    @property
    def at_once(self) -> int:
        """Two slots."""
        return 2

    async def send(self, parcel: Postcard) -> Outcome:
        """Offer a postcard once; the office's faults are outcomes."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError as trouble:
            return Deferred(Cause.CONNECTION, PeerReply(0, None, str(trouble)), whole_lane=True)
        try:
            return await _offer(parcel, reader, writer)
        finally:
            writer.close()

    async def close(self) -> None:
        """Keep nothing open."""


async def _offer(
    parcel: Postcard, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Outcome:
    heard = await _asked(b"TO " + parcel.to.encode() + b"\n", reader, writer)
    if heard is None:
        return Deferred(Cause.CONNECTION, None)
    if heard.code == _TAKEN:
        text = parcel.text.encode()
        heard = await _asked(b"TEXT %d\n%b" % (len(text), text), reader, writer)
    return Uncertain("the office hung up") if heard is None else _judged(heard)


async def _asked(
    octets: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> PeerReply | None:
    """Say something and hear the answer; None if the line broke."""
    try:
        writer.write(octets)
        await writer.drain()
        line = await reader.readline()
    except OSError:
        return None
    code, _, words = line.decode().strip().partition(" ")
    return PeerReply(int(code), None, words) if code else None


def _judged(heard: PeerReply) -> Outcome:
    if heard.code == _TAKEN:
        return Accepted(heard)
    if heard.code in _FAILS:
        return Failed(_FAILS[heard.code], heard)
    if heard.code in _CLOSES:
        return Deferred(_CLOSES[heard.code], heard, whole_lane=True)
    return Deferred(_WAITS.get(heard.code, Cause.OTHER), heard)
