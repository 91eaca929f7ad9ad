"""Whoever takes our time without a mail to show for it is told goodbye, over real sockets."""

import pytest

from gateway.smtp.limits import SmtpLimits
from gateway.smtp.listener import Listening, listening
from tests.support.mail_peer import TO_DATA, Remembering, a_peer, connect


async def test_a_silent_peer_is_told_goodbye() -> None:
    """The idle timer ends a session with a word, not with a broken line."""
    async with a_peer(Remembering(), SmtpLimits(idle_seconds=0.05)) as peer:
        assert (await peer.hear()).startswith("421 4.4.2 ")
        assert await peer.rest() == b""


async def test_who_speaks_all_the_time_is_told_goodbye_too() -> None:
    """No command prolongs a session beyond its lifetime."""
    limits = SmtpLimits(session_seconds=0.1, idle_commands=1_000_000)
    async with a_peer(Remembering(), limits) as peer:
        heard = "250"
        while heard.startswith("250"):
            (heard,) = await peer.say(b"NOOP")

        assert heard.startswith("421 4.4.2 This session has lasted too long")


@pytest.mark.parametrize(
    "trickle",
    [pytest.param(b"", id="nothing"), pytest.param(b"Subject: s\r\n", id="a line and no more")],
)
async def test_p7_10_a_content_that_trickles_is_cut(trickle: bytes) -> None:
    """A slow loris in DATA ends after the grace, and nothing of it is kept."""
    handler = Remembering()
    limits = SmtpLimits(data_grace_seconds=0.05, data_octets_a_second=1_000_000)
    async with a_peer(handler, limits) as peer:
        await peer.say(*TO_DATA)
        peer.write(trickle)

        assert (await peer.hear()).startswith("421 4.4.2 The mail comes in too slowly")
        assert await peer.rest() == b""
    assert handler.mails == []


async def test_a_chunk_that_trickles_is_cut() -> None:
    """BDAT is held to the same rate."""
    limits = SmtpLimits(data_grace_seconds=0.05, data_octets_a_second=1_000_000)
    async with a_peer(Remembering(), limits) as peer:
        await peer.say(*TO_DATA[:3])
        peer.write(b"BDAT 1000 LAST\r\nSubject")

        assert (await peer.hear()).startswith("421 4.4.2 The mail comes in too slowly")


async def test_p7_10_a_mail_under_way_outlives_the_session() -> None:
    """The lifetime does not end an upload that keeps its rate; the next command hears of it."""
    handler = Remembering()
    limits = SmtpLimits(session_seconds=0.5, data_grace_seconds=30)
    async with listening(Listening(limits=limits), handler) as listener:
        peer, clock = await connect(listener.port), await connect(listener.port)
        await peer.hear()
        peer.write(b"\r\n".join(TO_DATA) + b"\r\nSubject: x\r\n")
        assert [(await peer.hear())[:3] for _ in TO_DATA] == ["250", "250", "250", "354"]
        await clock.rest()  # its lifetime is over, and so is the other's
        heard = await peer.say(b"\r\nhello\r\n.")

        assert heard[0].startswith("250")
        assert (await peer.hear()).startswith("421 4.4.2 ")
        await peer.close()
        await clock.close()
    assert len(handler.mails) == 1


async def test_a_peer_that_has_said_all_hears_the_answers() -> None:
    """Half a connection is enough to hear on: what was sent whole is answered whole."""
    handler = Remembering()
    async with a_peer(handler) as peer:
        peer.write(b"\r\n".join(TO_DATA) + b"\r\nSubject: x\r\n\r\nhello\r\n.\r\n")
        peer.finish()
        heard = [(await peer.hear())[:3] for _ in range(5)]

        assert heard == ["250", "250", "250", "354", "250"]
        assert await peer.rest() == b""
    assert len(handler.mails) == 1
