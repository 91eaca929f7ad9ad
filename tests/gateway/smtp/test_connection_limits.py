"""There is room for so many, for so many of one network, and for so much at once."""

import asyncio
from dataclasses import dataclass, field

import pytest

from core.memory_budget import FREE
from gateway.capacity.connection_limits import ConnectionBounds, ConnectionLimits, NoPlace
from gateway.mail.envelope import Envelope
from gateway.smtp.connection import refusal_told
from gateway.smtp.limits import SmtpLimits
from gateway.smtp.listener import Listening, listening
from tests.support.fake_connection import FakeConnection
from tests.support.mail_peer import TO_DATA, Remembering, connect


async def test_neighbours_share_their_places() -> None:
    """An IPv6 /64 and an IPv4 /24 have so many places together; others have their own."""
    connection_limits = ConnectionLimits(ConnectionBounds(of_a_network=2))

    let_in = [
        connection_limits.enter(peer, FakeConnection()) is None
        for peer in (
            *("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"),
            *("192.0.2.1", "::ffff:192.0.2.2", "192.0.2.3", "192.0.3.1"),
        )
    ]

    assert let_in == [True, True, False, True, True, True, False, True]


async def test_a_place_that_was_left_is_free() -> None:
    """Who leaves, leaves once, whatever else is said of them."""
    connection_limits = ConnectionLimits(ConnectionBounds(of_a_network=1, connections=1))
    first, second = FakeConnection(), FakeConnection()
    connection_limits.enter("192.0.2.1", first)
    connection_limits.leave("192.0.2.1", first)
    connection_limits.leave("192.0.2.1", first)

    assert connection_limits.enter("192.0.2.1", second) is None
    assert connection_limits.sessions == 1
    refusal = connection_limits.enter("198.51.100.1", FakeConnection())
    assert refusal is NoPlace.TOO_MANY
    assert refusal_told(refusal).startswith("421 4.3.2")


async def test_the_operators_own_are_exempt_from_the_networks_count() -> None:
    """An MTA in front may have all the places; a socket of this machine too."""
    connection_limits = ConnectionLimits(ConnectionBounds(of_a_network=1), ("10.0.0.0/8",))

    for peer in ("10.0.0.1", "::ffff:10.0.0.2", "local"):
        assert [connection_limits.enter(peer, FakeConnection()) for _ in range(3)] == [None] * 3


@pytest.mark.parametrize(
    ("silences", "asked"),
    [
        pytest.param([3.0, 9.9], ["", ""], id="nobody silent for long"),
        pytest.param([30.0, 60.0], ["", "room"], id="the longest silent"),
    ],
)
async def test_p7_11_who_sits_and_says_nothing_makes_room(
    silences: list[float], asked: list[str]
) -> None:
    """A flood of silent connections pushes itself out, not those that talk."""
    connection_limits = ConnectionLimits(ConnectionBounds(connections=2, silent_seconds=10))
    connections = [FakeConnection(silence) for silence in silences]
    for number, connection in enumerate(connections):
        connection_limits.enter(f"192.0.{number}.1", connection)

    refusal = connection_limits.enter("198.51.100.1", FakeConnection())

    assert [connection.asked for connection in connections] == asked
    assert (refusal is None) is any(asked)


async def test_p7_11_a_network_with_its_places_taken_is_told_so() -> None:
    """Over a real socket: 421, and the line is closed; a place left is free again."""
    place = Listening(trusted=(), limits=SmtpLimits(sessions_a_network=1))
    async with listening(place, Remembering()) as listener:
        first = await connect(listener.port)
        await first.hear()
        second = await connect(listener.port)

        assert (await second.hear()).startswith("421 4.7.0 Too many connections")
        assert await second.rest() == b""
        await second.close()
        assert (await first.say(b"QUIT"))[0].startswith("221 ")
        await first.rest()
        await first.close()
        while listener.server.connection_limits.sessions:
            await first.still_there()
        third = await connect(listener.port)
        assert (await third.hear()).startswith("220 ")
        await third.close()


@pytest.mark.parametrize(
    ("crowd", "trusted", "asked"),
    [
        pytest.param(3, (), ["", "room", ""], id="the longest silent of the crowd"),
        pytest.param(1, (), [""], id="nobody is a crowd alone"),
        pytest.param(3, ("192.0.2.0/24",), ["", "", ""], id="not of the operator's own"),
    ],
)
async def test_p7_11_a_crowd_makes_room_for_others(
    crowd: int, trusted: tuple[str, ...], asked: list[str]
) -> None:
    """A network that fills the places, saying just enough, does not shut out one that has none."""
    connection_limits = ConnectionLimits(ConnectionBounds(connections=crowd), trusted)
    connections = [FakeConnection(silence) for silence in (0.2, 0.9, 0.0)[:crowd]]
    for number, connection in enumerate(connections):
        connection_limits.enter(f"192.0.2.{number}", connection)
    other = connection_limits.enter("198.51.100.1", FakeConnection())

    assert [connection.asked for connection in connections] == asked
    assert (other is None) == ("room" in asked)


async def test_a_silent_session_makes_room_for_one_that_talks() -> None:
    """Over a real socket: the silent one hears why, the new one is greeted."""
    limits = SmtpLimits(sessions=1, silent_seconds=0)
    async with listening(Listening(limits=limits), Remembering()) as listener:
        silent = await connect(listener.port)
        await silent.hear()
        eager = await connect(listener.port)

        assert (await eager.hear()).startswith("220 ")
        assert (await silent.hear()).startswith("421 4.3.2 Too busy now to wait")
        assert await silent.rest() == b""
        await silent.close()
        await eager.close()


def lines_of(letter: bytes, counted: int) -> bytes:
    """Return so many octets of text more than what of each content is not counted."""
    octets = FREE + counted
    whole, rest = divmod(octets, 80)
    return (letter * 78 + b"\r\n") * (whole - 1) + letter * (78 + rest) + b"\r\n"


async def test_mails_that_do_not_fit_beside_the_others_are_put_off() -> None:
    """What all sessions hold is bounded: 452, nothing is kept, and later there is room again."""
    handler = Remembering()
    limits = SmtpLimits(contents_octets=100_000)
    async with listening(Listening(limits=limits), handler) as listener:
        one, other = await connect(listener.port), await connect(listener.port)
        for peer in (one, other):
            await peer.hear()
            await peer.say(*TO_DATA)
        one.write(b"Subject: x\r\n\r\n" + lines_of(b"y", 60_000))
        while listener.server.memory.octets < 60_000:
            await other.still_there()
        (put_off,) = await other.say(lines_of(b"z", 50_000) + b".")
        (taken,) = await one.say(b".")
        again = await other.say(*TO_DATA[1:], lines_of(b"z", 50_000) + b".")

        assert put_off.startswith("452 4.3.1 ")
        assert taken.startswith("250 ")
        assert again[-1].startswith("250 ")
        assert listener.server.memory.octets == 0
        await one.close()
        await other.close()
    assert [len(content) - FREE for _, content in handler.mails] == [60_014, 50_000]


@dataclass
class Slow(Remembering):
    """Answers content when it is told to."""

    waits: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def data(self, envelope: Envelope, content: bytes) -> str:
        """Answer when it is time."""
        self.waits.set()
        await self.go_on.wait()
        return await super().data(envelope, content)


async def test_who_resets_while_we_answer_is_finished_first() -> None:
    """The mail is ours by then: it is kept, and its octets are counted until it is."""
    handler = Slow()
    async with listening(Listening(), handler) as listener:
        connection_limits, memory = listener.server.connection_limits, listener.server.memory
        peer = await connect(listener.port)
        await peer.hear()
        await peer.say(*TO_DATA)
        peer.write(lines_of(b"x", 1_000) + b".\r\n")
        await handler.waits.wait()
        peer.reset()
        for _ in range(20):
            await peer.still_there()
        held, inside = memory.octets, connection_limits.sessions
        handler.go_on.set()
        while connection_limits.sessions:
            await peer.still_there()

        assert (held > 0, inside) == (True, 1)
        assert memory.octets == 0
    assert len(handler.mails) == 1


async def test_what_a_lost_peer_had_sent_is_let_go() -> None:
    """Memory comes back when the line breaks in the middle of a mail."""
    async with listening(Listening(), Remembering()) as listener:
        connection_limits, memory = listener.server.connection_limits, listener.server.memory
        peer = await connect(listener.port)
        await peer.hear()
        await peer.say(*TO_DATA)
        peer.write(lines_of(b"x", 1_000))
        while not memory.octets:
            await peer.still_there()
        await peer.close()
        while connection_limits.sessions:
            await peer.still_there()

        assert memory.octets == 0
