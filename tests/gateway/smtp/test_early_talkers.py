"""Who talks before the greeting is no mail server (RFC 5321, 3.1)."""

import asyncio
import socket

from gateway.smtp.limits import SmtpLimits
from gateway.smtp.listener import Listening, listening
from tests.support.mail_peer import Peer, Remembering


async def _talking(port: int) -> Peer:
    """Connect and talk before the listener gets a turn."""
    line = socket.create_connection(("127.0.0.1", port))
    line.sendall(b"EHLO spam.test\r\nMAIL FROM:<a@b.test>\r\n")
    line.setblocking(False)
    return Peer(*await asyncio.open_connection(sock=line))


async def test_who_talks_before_the_greeting_is_hung_up_on() -> None:
    """What came along with the connection is seen without waiting for it."""
    async with listening(Listening(), Remembering()) as listener:
        peer = await _talking(listener.port)

        assert (await peer.hear()).startswith("554 5.5.1 ")
        assert await peer.rest() == b""
        await peer.close()


async def test_the_greeting_waits_for_strangers_only() -> None:
    """With a pause set, a stranger that cannot wait is caught; the operator's own do not wait."""
    paused: list[float] = []
    talk = asyncio.Event()

    async def sleep(seconds: float) -> None:
        paused.append(seconds)
        await talk.wait()
        for _ in range(5):  # what was said is on the loopback: the loop has to fetch it
            await asyncio.sleep(0)

    limits = SmtpLimits(greeting_seconds=3)
    place = Listening(limits=limits, sleep=sleep, trusted=())
    async with listening(place, Remembering()) as listener:
        stranger = Peer(*await asyncio.open_connection("127.0.0.1", listener.port))
        stranger.write(b"HELO spam.test\r\n")
        talk.set()

        assert (await stranger.hear()).startswith("554 ")
        await stranger.close()
    async with listening(Listening(limits=limits, sleep=sleep), Remembering()) as listener:
        friend = Peer(*await asyncio.open_connection("127.0.0.1", listener.port))

        assert (await friend.hear()).startswith("220 localhost ")
        await friend.close()
    assert paused == [3]


async def test_who_waits_for_the_greeting_is_greeted_after_the_pause() -> None:
    """A stranger that keeps to the order loses nothing but the pause."""
    paused: list[float] = []

    async def sleep(seconds: float) -> None:
        paused.append(seconds)

    place = Listening(limits=SmtpLimits(greeting_seconds=3), sleep=sleep, trusted=())
    async with listening(place, Remembering()) as listener:
        peer = Peer(*await asyncio.open_connection("127.0.0.1", listener.port))

        assert (await peer.hear()).startswith("220 ")
        assert (await peer.say(b"EHLO here.test"))[0].startswith("250-")
        await peer.close()
    assert paused == [3]
