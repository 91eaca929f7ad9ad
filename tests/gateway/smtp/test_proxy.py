"""A load balancer says whom it speaks for, and nobody else may (PROXY protocol, v1 and v2)."""

import asyncio
import struct
from ipaddress import ip_address
from pathlib import Path

import pytest
import uvloop

from gateway.smtp.limits import SmtpLimits
from gateway.smtp.listener import Listening, listening
from tests.support.certificates import Authority
from tests.support.mail_peer import TO_DATA, Peer, Remembering, connect

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
PROXIED = Listening(proxied=True)


def _v2(source: str, command: int = 1, extra: bytes = b"") -> bytes:
    """Return a header of version 2 for a TCP connection from an address."""
    address = ip_address(source)
    four = address.version == 4
    target = b"\x7f\0\0\1" if four else b"\0" * 15 + b"\1"
    ends = address.packed + target + struct.pack("!HH", 40_000, 25) + extra
    return SIGNATURE + struct.pack("!BBH", 0x20 | command, 0x11 if four else 0x21, len(ends)) + ends


async def _mail_from(port: int, header: bytes) -> str:
    """Deliver a mail behind a header and return the last answer."""
    peer = await connect(port)
    peer.write(header)
    greeting = await peer.hear()
    heard = await peer.say(*TO_DATA, b"Subject: x\r\n\r\nhello\r\n.")
    await peer.close()
    return greeting[:3] + " " + heard[-1][:3]


@pytest.mark.parametrize(
    ("header", "client"),
    [
        pytest.param(b"PROXY TCP4 192.0.2.7 127.0.0.1 4000 25\r\n", "192.0.2.7", id="v1"),
        pytest.param(b"PROXY TCP6 2001:db8::7 ::1 4000 25\r\n", "2001:db8::7", id="v1, IPv6"),
        pytest.param(b"PROXY UNKNOWN\r\n", "127.0.0.1", id="v1, for itself"),
        pytest.param(_v2("192.0.2.7"), "192.0.2.7", id="v2"),
        pytest.param(_v2("2001:db8::7"), "2001:db8::7", id="v2, IPv6"),
        pytest.param(_v2("192.0.2.7", extra=b"\4\0\3abc"), "192.0.2.7", id="v2, with more"),
        pytest.param(_v2("192.0.2.7", command=0), "127.0.0.1", id="v2, a health check"),
    ],
)
async def test_the_client_is_whom_the_header_names(header: bytes, client: str) -> None:
    """The envelope holds the client's address, or the proxy's where it speaks for itself."""
    handler = Remembering()
    async with listening(PROXIED, handler) as listener:
        assert await _mail_from(listener.port, header) == "220 250"

    assert handler.mails[0][0].peer == client


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"EHLO here.test\r\n", id="no header"),
        pytest.param(b"PROXY TCP4 192.0.2.7 127.0.0.1 4000\r\n", id="v1, half a header"),
        pytest.param(b"PROXY TCP4 2001:db8::7 ::1 4000 25\r\n", id="v1, the wrong family"),
        pytest.param(b"PROXY TCP4 " + b"1" * 200 + b"\r\n", id="v1, too long"),
        pytest.param(b"PROXY TCP4 1.2.3.4 1.2.3.4 99999 25\r\n", id="v1, no port"),
        pytest.param(SIGNATURE + b"\x31\x11\0\0", id="v2, a third version"),
        pytest.param(SIGNATURE + b"\x21\x11\0\4abcd", id="v2, too short"),
        pytest.param(b"\r\n\r\n\1\r\nQUIT\n" + b"x" * 20, id="v2, the wrong signature"),
    ],
)
async def test_without_a_valid_header_nobody_is_served(said: bytes) -> None:
    """Whoever does not say whom it speaks for hears no greeting."""
    async with listening(PROXIED, Remembering()) as listener:
        peer = await connect(listener.port)
        peer.write(said)

        assert (await peer.last_words()) in {b"", _REFUSED}
        await peer.close()


_REFUSED = b"554 5.7.1 This port is for the proxy in front of it.\r\n"


async def test_only_the_operators_own_may_say_whom_they_speak_for() -> None:
    """A header from a stranger would let it choose its own address: it is not even read."""
    strangers = Listening(proxied=True, trusted=("10.0.0.0/8",))
    async with listening(strangers, Remembering()) as listener:
        peer = await connect(listener.port)

        assert await peer.rest() == _REFUSED
        await peer.close()


async def test_without_the_setting_a_header_is_no_command() -> None:
    """A port that expects no header takes none, and greets nobody who sends one first."""
    async with listening(Listening(), Remembering()) as listener:
        peer = await connect(listener.port)
        await peer.hear()
        (heard,) = await peer.say(b"PROXY TCP4 192.0.2.7 127.0.0.1 4000 25")
        await peer.close()

    assert heard.startswith("500 ")


async def test_places_are_counted_by_client_not_by_proxy() -> None:
    """All clients come from one address, the proxy's; their networks' limits still hold."""
    place = Listening(proxied=True, limits=SmtpLimits(sessions_a_network=1))
    async with listening(place, Remembering()) as listener:
        greetings = []
        peers: list[Peer] = []
        for client in ("192.0.2.7", "192.0.2.8", "198.51.100.1"):
            peer = await connect(listener.port)
            peer.write(_v2(client))
            greetings.append((await peer.hear())[:9].strip())
            peers.append(peer)
        for peer in peers:
            await peer.close()

    assert [one[:3] for one in greetings] == ["220", "421", "220"]


async def test_tls_begins_right_behind_the_header(tmp_path: Path) -> None:
    """Not an octet of the handshake is lost to whoever reads the header, and STARTTLS works too."""
    authority = Authority(tmp_path)
    authority.server("localhost")
    pem = tmp_path / "localhost.pem"
    handler = Remembering()
    for implicit in (True, False):
        place = Listening(proxied=True, implicit_tls=implicit, tls_certificate=pem)
        async with listening(place, handler) as listener:
            peer = await connect(listener.port)
            peer.write(_v2("192.0.2.7"))
            if not implicit:
                await peer.hear()
                await peer.say(b"EHLO here.test", b"STARTTLS")
            await peer.start_tls(authority.trusted(), "localhost")
            if implicit:
                assert (await peer.hear()).startswith("220 ")
            heard = await peer.say(*TO_DATA, b"Subject: x\r\n\r\nhello\r\n.")
            await peer.close()

        assert heard[-1].startswith("250 ")
        assert "STARTTLS" not in heard[0]
    assert [(one.peer, one.tls) for one, _ in handler.mails] == [("192.0.2.7", True)] * 2


async def test_stopping_does_not_wait_for_a_header_that_never_comes() -> None:
    """A connection that has said nothing yet is dropped when we stop."""
    async with listening(PROXIED, Remembering()) as listener:
        peer = await connect(listener.port)
        for _ in range(5):
            await peer.still_there()

    assert await peer.last_words() == b""
    await peer.close()


def test_it_runs_on_the_loop_we_serve_with(tmp_path: Path) -> None:
    """The same on uvloop: header, TLS, mail."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(test_tls_begins_right_behind_the_header(tmp_path))

        assert isinstance(runner.get_loop(), uvloop.Loop)
