"""An MTA of the operator's delivers by LMTP, and hears about each recipient (RFC 2033)."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.mail.envelope import Envelope
from gateway.smtp.limits import SmtpLimits
from gateway.smtp.listener import Listening, listening
from tests.support.mail_peer import Peer, Remembering

HELLO = (b"LHLO mta.test", b"MAIL FROM:<a@b.test>")
CONTENT = b"Subject: hi\r\n\r\nhello\r\n."


class Choosing(Remembering):
    """A handler with an answer of its own for some."""

    async def data(self, envelope: Envelope, content: bytes) -> str:
        """Remember, refuse, or fail."""
        (recipient,) = envelope.recipients
        if recipient.startswith("full"):
            return "552 5.2.2 full"
        if recipient.startswith("broken"):
            raise ZeroDivisionError("a secret of ours")
        return await super().data(envelope, content)


@asynccontextmanager
async def an_mta(
    folder: Path, handler: Remembering, limits: SmtpLimits | None = None
) -> AsyncIterator[Peer]:
    """Connect to a unix socket of its own, past the greeting."""
    path = folder / "lmtp"
    place = Listening(path=path, lmtp=True, limits=limits or SmtpLimits())
    async with listening(place, handler):
        peer = Peer(*await asyncio.open_unix_connection(path))
        assert (await peer.hear()).startswith("220 ")
        yield peer
        await peer.close()


async def test_each_recipient_has_an_answer_of_its_own(tmp_path: Path) -> None:
    """Several reply addresses fit in one transaction; who is refused takes nobody along."""
    handler = Choosing()
    names = (b"one", b"full", b"broken", b"two")
    async with an_mta(tmp_path, handler) as peer:
        heard = await peer.say(*HELLO, *(b"RCPT TO:<%s@right.test>" % name for name in names))
        (go_ahead,) = await peer.say(b"DATA")
        (first,) = await peer.say(CONTENT)
        rest = [await peer.hear() for _ in names[1:]]
        (after,) = await peer.say(b"NOOP")

    assert [one[:3] for one in heard[1:]] == ["250"] * 5
    assert go_ahead.startswith("354 ")
    assert [one[:9] for one in (first, *rest)] == [
        *("250 2.0.0", "552 5.2.2", "451 4.3.0", "250 2.0.0"),
    ]
    assert "secret" not in rest[1]
    assert after == "250 2.0.0 All right."
    assert [envelope.recipients for envelope, _ in handler.mails] == [
        ("one@right.test",),
        ("two@right.test",),
    ]
    assert all(envelope.recipients == () for envelope, _ in handler.asked)


async def test_a_refused_recipient_has_no_answer_after_the_content(tmp_path: Path) -> None:
    """Answers come for those that were accepted, in their order (RFC 2033, 4.2)."""
    async with an_mta(tmp_path, Remembering()) as peer:
        heard = await peer.say(
            *HELLO, b"RCPT TO:<x@wrong.test>", b"RCPT TO:<x@right.test>", b"DATA", CONTENT, b"NOOP"
        )

    assert [one[:3] for one in heard[1:]] == ["250", "550", "250", "354", "250", "250"]
    assert heard[-1] == "250 2.0.0 All right."


async def test_a_mail_for_nobody_is_not_asked_for(tmp_path: Path) -> None:
    """DATA without an accepted recipient is 503, once (RFC 2033, 4.2)."""
    async with an_mta(tmp_path, Remembering()) as peer:
        heard = await peer.say(*HELLO, b"RCPT TO:<x@wrong.test>", b"DATA", b"NOOP")

    assert [one[:3] for one in heard[3:]] == ["503", "250"]


@pytest.mark.parametrize("chunked", [False, True])
async def test_what_is_refused_is_refused_for_each(tmp_path: Path, chunked: bool) -> None:  # noqa: FBT001
    """A content too big is told as often as it had recipients."""
    async with an_mta(tmp_path, Remembering(), SmtpLimits(message_octets=1_000)) as peer:
        await peer.say(*HELLO, *[b"RCPT TO:<x@right.test>"] * 3)
        if chunked:
            peer.write(b"BDAT 1001 LAST\r\n" + b"x" * 1001)
        else:
            await peer.say(b"DATA")
            peer.write(b"x" * 2000 + b"\r\n.\r\n")
        heard = [await peer.hear() for _ in range(3)]
        (after,) = await peer.say(b"NOOP")

    assert [one[:9] for one in heard] == ["552 5.3.4"] * 3
    assert after.startswith("250 ")


async def test_chunks_are_answered_once_and_the_last_for_each(tmp_path: Path) -> None:
    """BDAT in LMTP: one reply for a chunk on the way, and one for each recipient at the end."""
    handler = Remembering()
    async with an_mta(tmp_path, handler) as peer:
        await peer.say(*HELLO, *[b"RCPT TO:<x@right.test>"] * 2)
        peer.write(b"BDAT 12\r\nSubject: x\r\nBDAT 9 LAST\r\n\r\nhello\r\n")
        heard = [await peer.hear() for _ in range(3)]

    assert [one[:3] for one in heard] == ["250"] * 3
    assert [content for _, content in handler.mails] == [b"Subject: x\r\n\r\nhello\r\n"] * 2


async def test_the_guesses_an_mta_relays_are_not_its_own(tmp_path: Path) -> None:
    """Wrong recipients neither slow it down nor end its session: it speaks for the world."""
    async with an_mta(tmp_path, Remembering()) as peer:
        heard = await peer.say(*HELLO, *[b"RCPT TO:<x@wrong.test>"] * 20)

    assert [one[:3] for one in heard[2:]] == ["550"] * 20


async def test_each_protocol_has_its_own_hello(tmp_path: Path) -> None:
    """EHLO and HELO are refused here, LHLO there (RFC 2033, 4.1)."""
    async with an_mta(tmp_path, Remembering()) as peer:
        heard = await peer.say(b"EHLO a.test", b"HELO a.test", b"LHLO a.test")
    async with listening(Listening(), Remembering()) as listener:
        other = Peer(*await asyncio.open_connection("127.0.0.1", listener.port))
        await other.hear()
        (refused,) = await other.say(b"LHLO a.test")
        await other.close()

    assert [one[:3] for one in (*heard, refused)] == ["500", "500", "250", "500"]
    for offer in ("PIPELINING", "ENHANCEDSTATUSCODES", "8BITMIME"):  # RFC 2033, 5
        assert offer in heard[2]


async def test_it_listens_on_a_port_too() -> None:
    """An MTA on another machine of the operator's comes by TCP."""
    async with listening(Listening(lmtp=True), Remembering()) as listener:
        peer = Peer(*await asyncio.open_connection("127.0.0.1", listener.port))
        await peer.hear()
        heard = await peer.say(b"LHLO a.test", b"QUIT")
        await peer.close()

    assert [one[:3] for one in heard] == ["250", "221"]


async def test_a_socket_left_behind_is_replaced_and_a_living_one_is_not(tmp_path: Path) -> None:
    """After a crash the place is free; while somebody listens it is taken."""
    path = tmp_path / "lmtp"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    place = Listening(path=path, lmtp=True)

    async with listening(place, Remembering()):
        with pytest.raises(OSError, match="in use"):
            async with listening(place, Remembering()):
                raise AssertionError
    assert not path.exists()
