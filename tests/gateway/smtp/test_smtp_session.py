"""The dialogue, over real sockets, inside its limits."""

import asyncio

import pytest

from gateway.capacity.connection_limits import ConnectionLimits
from gateway.smtp.limits import SmtpLimits
from gateway.smtp.listener import Listening, listening
from tests.support.mail_peer import TO_DATA, Peer, Remembering, a_peer


async def test_a_mail_is_taken_as_it_was_written() -> None:
    """The handler sees the envelope and the content without transparency dots."""
    handler = Remembering()
    async with a_peer(handler) as peer:
        await peer.say(*TO_DATA)
        heard = await peer.say(b"Subject: hi\r\n\r\n..dot\r\n.")

    assert heard == ["250 2.0.0 taken"]
    envelope, content = handler.mails[0]
    assert content == b"Subject: hi\r\n\r\n.dot\r\n"
    assert (envelope.reverse_path, envelope.recipients, envelope.helo) == (
        "a@b.test",
        ("x@right.test",),
        "here.test",
    )


async def test_what_we_can_do_is_said() -> None:
    """EHLO names our extensions (RFC 5321, 4.1.1.1)."""
    async with a_peer(Remembering()) as peer:
        (heard,) = await peer.say(b"EHLO here.test")

    for offer in ("SIZE 26214400", "8BITMIME", "SMTPUTF8", "PIPELINING", "ENHANCEDSTATUSCODES"):
        assert offer in heard


async def test_two_mails_in_one_write() -> None:
    """Everything may be pipelined, mails after mails."""
    handler = Remembering()
    async with a_peer(handler) as peer:
        mail = b"\r\n".join([*TO_DATA[1:], b"Subject: x\r\n\r\nhello\r\n.\r\n"])
        peer.write(TO_DATA[0] + b"\r\n" + mail + mail + b"QUIT\r\n")
        heard = [(await peer.hear())[:3] for _ in range(10)]

    assert heard == ["250", "250", "250", "354", "250", "250", "250", "354", "250", "221"]
    assert len(handler.mails) == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"a\nb", "550", id="a bare LF"),
        pytest.param(b"a\rb", "550", id="a bare CR"),
        pytest.param(b"a" * 70_000, "500", id="an endless line"),
        pytest.param(b"a\r\n" * 400_000, "552", id="too much"),
    ],
)
async def test_what_cannot_be_taken_is_refused_after_its_end(content: bytes, code: str) -> None:
    """The refusal comes where the peer listens, and the session goes on."""
    handler = Remembering()
    async with a_peer(handler, SmtpLimits(message_octets=1_000_000)) as peer:
        await peer.say(*TO_DATA)
        (heard,) = await peer.say(content + b"\r\n.")
        after = await peer.say(*TO_DATA[1:])

    assert heard[:1] == "5"
    assert heard[:3] in {code, "550"}
    assert [one[:3] for one in after] == ["250", "250", "354"]
    assert handler.mails == []


async def test_our_bug_is_temporary_and_tells_nothing() -> None:
    """An exception is 451 with a reference, and none of its words."""
    async with a_peer(Remembering()) as peer:
        heard = await peer.say(TO_DATA[0], TO_DATA[1], b"RCPT TO:<bug@right.test>")

    assert heard[-1].startswith("451 4.3.0")
    assert "secret" not in heard[-1]


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        pytest.param([b"RCPT TO:<x@wrong.test>"] * 5, "421", id="guessing recipients"),
        pytest.param([b"NOOP"] * 50, "421", id="doing nothing"),
        pytest.param([b"FNORD / HTTP/1.1"] * 10, "421", id="speaking something else"),
    ],
)
async def test_who_wastes_our_time_is_hung_up_on(lines: list[bytes], last: str) -> None:
    """Who wastes our time is told goodbye, and the line is closed."""
    place = Listening(trusted=(), limits=SmtpLimits(tarpit_seconds=0.0))
    async with a_peer(Remembering(), place=place) as peer:
        heard = await peer.say(TO_DATA[0], TO_DATA[1], *lines)

        assert heard[-1][:3] == last
        assert await peer.hear() == ""


async def test_a_silent_peer_is_left() -> None:
    """Who says nothing for long enough is hung up on."""
    async with a_peer(Remembering(), SmtpLimits(idle_seconds=0.05)) as peer:
        assert "220" not in await peer.hear()


async def test_no_more_than_so_many_sessions() -> None:
    """When all places are taken the next one is told to come back."""
    place = Listening(limits=SmtpLimits(sessions=1))
    async with listening(place, Remembering()) as listener:
        first = Peer(*await asyncio.open_connection("127.0.0.1", listener.port))
        await first.hear()
        second = Peer(*await asyncio.open_connection("127.0.0.1", listener.port))

        assert (await second.hear()).startswith("421")
        await second.close()
        await first.close()


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("local", "local"),
    ],
)
def test_peers_count_by_network(peer: str, network: str) -> None:
    """Neighbours share a limit: IPv4 by /24, IPv6 by /64."""
    assert ConnectionLimits.network_of(peer) == network
