"""A line that is covered in the middle keeps its limits, and one that fails to be is let go."""

from pathlib import Path

import pytest

from gateway import answers
from gateway.answers.occasions import Occasion
from gateway.smtp.limits import SmtpLimits
from gateway.smtp.listener import Listening, listening
from tests.support.certificates import Authority
from tests.support.mail_peer import Remembering, connect


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """Give an authority that has signed for localhost."""
    authority = Authority(tmp_path)
    authority.server("localhost")
    return authority


@pytest.fixture
def pem(tmp_path: Path, authority: Authority) -> Path:
    """Give localhost's certificate and key."""
    return tmp_path / "localhost.pem"


async def test_a_peer_that_falls_silent_behind_the_handshake_is_left(
    authority: Authority, pem: Path
) -> None:
    """The handshake has no reply of its own, and the idle timer goes on all the same."""
    place = Listening(tls_certificate=pem, limits=SmtpLimits(idle_seconds=0.2))
    async with listening(place, Remembering()) as listener:
        peer = await connect(listener.port)
        await peer.hear()
        heard = await peer.say(b"EHLO here.test", b"STARTTLS")
        await peer.start_tls(authority.trusted(), "localhost")

        assert heard[-1] == answers.say(Occasion.READY_FOR_TLS)
        assert (await peer.hear()).startswith("421 4.4.2 ")
        await peer.close()


async def test_what_is_no_handshake_ends_the_session(pem: Path) -> None:
    """Rubbish behind STARTTLS is no command, costs no place, and leaves nothing behind."""
    async with listening(Listening(tls_certificate=pem), Remembering()) as listener:
        peer = await connect(listener.port)
        await peer.hear()
        await peer.say(b"EHLO here.test", b"STARTTLS")
        peer.write(b"NOOP\r\n" * 20)

        assert b"250" not in await peer.last_words()
        await peer.close()
        while listener.server.connection_limits.sessions:
            await peer.still_there()
        assert listener.server.memory.octets == 0
