"""Mails that come in chunks (RFC 3030), inside the limits of those that come by DATA."""

import pytest

from gateway.smtp.limits import SmtpLimits
from gateway.smtp.listener import Listening, listening
from tests.support.mail_peer import TO_DATA, Peer, Remembering, a_peer, connect

TO_CONTENT = TO_DATA[:3]


async def _answers(peer: Peer, octets: bytes, count: int) -> list[str]:
    """Write octets and return the codes of so many replies."""
    peer.write(octets)
    return [(await peer.hear())[:9] for _ in range(count)]


async def test_chunks_make_one_mail() -> None:
    """The octets of the chunks are the content: no dot is doubled, and no line ends it."""
    handler = Remembering()
    async with a_peer(handler) as peer:
        await peer.say(*TO_CONTENT)
        heard = await _answers(peer, b"BDAT 12\r\nSubject: x\r\n", 1)
        heard += await _answers(peer, b"BDAT 14\r\n\r\n..\r\n.\r\nend\r\n", 1)
        heard += await _answers(peer, b"BDAT 0 LAST\r\n", 1)

    assert heard == ["250 2.0.0"] * 3
    assert handler.mails[0][1] == b"Subject: x\r\n\r\n..\r\n.\r\nend\r\n"


async def test_everything_may_come_in_one_write() -> None:
    """Envelope, chunks and the next mail are told apart by their lengths alone (RFC 3030, 4.2)."""
    handler = Remembering()
    mail = b"\r\n".join(TO_CONTENT[1:]) + b"\r\nBDAT 7\r\nQUIT\r\n\rBDAT 4 LAST\r\n\nx\r\n"
    async with a_peer(handler) as peer:
        await peer.say(TO_CONTENT[0])
        heard = await _answers(peer, mail + mail + b"QUIT\r\n", 9)

    assert [one[:3] for one in heard] == ["250"] * 8 + ["221"]
    assert [content for _, content in handler.mails] == [b"QUIT\r\n\r\nx\r\n"] * 2


@pytest.mark.parametrize("piece", [1, 2, 3, 5])
async def test_a_chunk_may_come_in_pieces(piece: int) -> None:
    """Where TCP cuts it changes nothing."""
    handler = Remembering()
    octets = b"BDAT 20\r\nSubject: x\r\n\r\nhello\rBDAT 1 LAST\r\n\n"
    async with a_peer(handler) as peer:
        await peer.say(*TO_CONTENT)
        for start in range(0, len(octets), piece):
            peer.write(octets[start : start + piece])
            await peer.still_there()
        heard = [(await peer.hear())[:3] for _ in range(2)]

    assert heard == ["250", "250"]
    assert handler.mails[0][1] == b"Subject: x\r\n\r\nhello\r\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"a\nb\r\n", "550 5.6.0", id="a bare LF"),
        pytest.param(b"a\rb\r\n", "550 5.6.0", id="a bare CR"),
        pytest.param(b"a" * 70_000, "550 5.6.0", id="an endless line"),
        pytest.param(b"a\r\n" * 40_000, "552 5.3.4", id="too much"),
    ],
)
async def test_what_data_refuses_is_refused_in_chunks(content: bytes, code: str) -> None:
    """The refusal comes after the chunk, and the session goes on."""
    handler = Remembering()
    async with a_peer(handler, SmtpLimits(message_octets=100_000)) as peer:
        await peer.say(*TO_CONTENT)
        heard = await _answers(peer, b"BDAT %d LAST\r\n%s" % (len(content), content), 1)
        after = await peer.say(*TO_CONTENT[1:])

    assert heard == [code]
    assert [one[:3] for one in after] == ["250", "250"]
    assert handler.mails == []


async def test_the_limit_is_that_of_the_whole_and_to_the_octet() -> None:
    """A mail of just the limit is taken, one octet more is not, however it is cut."""
    handler = Remembering()
    async with a_peer(handler, SmtpLimits(message_octets=100)) as peer:
        await peer.say(*TO_CONTENT)
        heard = await _answers(peer, b"BDAT 60\r\n%sBDAT 40 LAST\r\n%s" % (b"x" * 60, b"y" * 40), 2)
        await peer.say(*TO_CONTENT[1:])
        heard += await _answers(peer, b"BDAT 60\r\n%sBDAT 41\r\n%s" % (b"x" * 60, b"y" * 41), 2)

    assert heard == ["250 2.0.0", "250 2.0.0", "250 2.0.0", "552 5.3.4"]
    assert len(handler.mails) == 1


async def test_after_a_chunk_that_failed_all_fail_until_the_mail_ends() -> None:
    """Chunks that were on their way are read and thrown away; RSET or LAST begins anew."""
    handler = Remembering()
    too_much = b"BDAT 101\r\n" + b"x" * 101
    async with a_peer(handler, SmtpLimits(message_octets=100)) as peer:
        await peer.say(*TO_CONTENT)
        heard = await _answers(peer, too_much + b"BDAT 2\r\nxxBDAT 2 LAST\r\nxx", 3)
        heard += [one[:9] for one in await peer.say(TO_CONTENT[1], TO_CONTENT[2])]
        heard += await _answers(peer, too_much + b"RSET\r\n", 2)
        await peer.say(*TO_CONTENT[1:])
        heard += await _answers(peer, b"BDAT 2 LAST\r\nok", 1)

    assert heard == [
        *("552 5.3.4", "503 5.5.1", "503 5.5.1"),
        *("250 2.1.0", "250 2.1.5"),
        *("552 5.3.4", "250 2.0.0", "250 2.0.0"),
    ]
    assert [content for _, content in handler.mails] == [b"ok"]


@pytest.mark.parametrize(
    ("before", "code"),
    [
        pytest.param([], "503 5.5.1", id="before EHLO"),
        pytest.param(TO_DATA[:1], "503 5.5.1", id="before MAIL"),
        pytest.param([*TO_DATA[:2], b"RCPT TO:<x@wrong.test>"], "503 5.5.1", id="for nobody"),
    ],
)
async def test_a_chunk_out_of_order_is_not_taken_for_commands(
    before: list[bytes], code: str
) -> None:
    """What a refused chunk holds is read as a chunk, whatever it says."""
    async with a_peer(Remembering()) as peer:
        await peer.say(*before)
        heard = await _answers(peer, b"BDAT 6\r\nQUIT\r\nNOOP\r\n", 2)

    assert heard == [code, "250 2.0.0"]


@pytest.mark.parametrize("command", [b"DATA", b"MAIL FROM:<a@b.test>", b"RCPT TO:<y@right.test>"])
async def test_between_chunks_only_chunks_come(command: bytes) -> None:
    """RFC 3030, 2: no DATA and no other recipients once a mail has begun in chunks."""
    handler = Remembering()
    async with a_peer(handler) as peer:
        await peer.say(*TO_CONTENT)
        heard = await _answers(peer, b"BDAT 2\r\nok" + command + b"\r\nBDAT 0 LAST\r\n", 3)

    assert heard == ["250 2.0.0", "503 5.5.1", "250 2.0.0"]
    assert [envelope.recipients for envelope, _ in handler.mails] == [("x@right.test",)]


@pytest.mark.parametrize(
    "argument",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"-1", id="a negative length"),
        pytest.param(b"ten", id="a word"),
        pytest.param(b"10 FIRST", id="another word behind it"),
    ],
)
async def test_without_a_length_the_line_is_cut(argument: bytes) -> None:
    """What follows could not be told from commands, so nothing that follows is obeyed."""
    handler = Remembering()
    async with a_peer(handler) as peer:
        await peer.say(*TO_CONTENT)
        heard = await _answers(peer, b"BDAT " + argument + b"\r\nDATA\r\n", 1)

        assert heard == ["501 5.5.4"]
        assert await peer.rest() == b""
    assert handler.mails == []


async def test_a_length_beyond_all_measure_is_not_waited_for() -> None:
    """Nobody reads a terabyte to throw it away."""
    async with a_peer(Remembering()) as peer:
        await peer.say(*TO_CONTENT)
        heard = await _answers(peer, b"BDAT 1000000000000 LAST\r\n", 1)

        assert heard == ["552 5.3.4"]
        assert await peer.rest() == b""


async def test_a_dot_that_never_comes_is_not_waited_for_either() -> None:
    """DATA without an end is cut when enough was thrown away."""
    limits = SmtpLimits(message_octets=1_000, wasted_octets=100_000)
    async with a_peer(Remembering(), limits) as peer:
        await peer.say(*TO_DATA)
        heard = await _answers(peer, b"x\r\n" * 60_000, 1)

    assert heard == ["552 5.3.4"]


async def test_empty_chunks_are_no_way_to_stay() -> None:
    """Chunks of nothing count as commands that do nothing."""
    async with a_peer(Remembering(), SmtpLimits(idle_commands=3)) as peer:
        await peer.say(*TO_CONTENT)
        heard = await _answers(peer, b"BDAT 0\r\n" * 3, 3)

    assert heard == ["250 2.0.0", "250 2.0.0", "421 4.7.0"]


async def test_a_flood_in_one_chunk_costs_no_more_memory_than_the_limit() -> None:
    """What is beyond the limit is thrown away as it comes."""
    limits = SmtpLimits(message_octets=100_000)
    async with listening(Listening(limits=limits), Remembering()) as listener:
        memory = listener.server.memory
        peer = await connect(listener.port)
        await peer.hear()
        await peer.say(*TO_CONTENT)
        peer.write(b"BDAT 4000000 LAST\r\n")
        most = 0
        for _ in range(40):
            peer.write(b"x" * 100_000)
            await peer.drained()
            most = max(most, memory.octets)

        assert (await peer.hear()).startswith("552 5.3.4 ")
        assert most <= 100_002
        assert memory.octets == 0
        await peer.close()
