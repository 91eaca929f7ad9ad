"""Both ways to speak on a line, to peers that say what no server should."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeVar

import pytest
from aiosmtplib import SMTP

from notifier.channels.email.smtp_client.wire import Pipelined, ReplyTimeouts, Stepwise, Wire

GREETING = b"220 peer.test\r\n"
GROUP = (b"MAIL FROM:<a@example.org>", b"RCPT TO:<b@example.net>", b"DATA")

Speaking = TypeVar("Speaking", Stepwise, Pipelined)
Line = Callable[..., AbstractAsyncContextManager[Wire]]


@asynccontextmanager
async def _line(
    kind: type[Speaking], *answers: bytes | None, command: float = 5, dot: float = 5
) -> AsyncIterator[Speaking]:
    """Yield a wire to a peer that answers each read with the next answer; None hangs up."""
    talks: set[asyncio.Task[None] | None] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())
        writer.write(GREETING)
        for answer in answers:
            if not await reader.read(1_000_000) or answer is None:
                break
            writer.write(answer)
        else:
            await reader.read()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    smtp = SMTP(hostname="127.0.0.1", port=port, start_tls=False, local_hostname="us.test")
    await smtp.connect()
    wire = kind(smtp, ReplyTimeouts(command, dot))
    try:
        yield wire
    finally:
        wire.hand_back()
        smtp.close()
        server.close()
        await server.wait_closed()
        await asyncio.gather(*filter(None, talks), return_exceptions=True)


@pytest.fixture(params=[Stepwise, Pipelined])
def line(request: pytest.FixtureRequest) -> Line:
    """Return a way to open a line, by either wire."""

    def opened(*answers: bytes | None, **timeouts: float) -> AbstractAsyncContextManager[Wire]:
        return _line(request.param, *answers, **timeouts)

    return opened


async def test_replies_to_a_group_are_told_apart() -> None:
    """Replies of one line or several, all in one piece, are heard in turn."""
    async with _line(Pipelined, b"250-2.1.0 Sender\r\n250 fine\r\n250 to\r\n354 go\r\n") as wire:
        heard = await wire.ask(*GROUP)

    assert [(reply.code, reply.message) for reply in heard.replies] == [
        (250, "2.1.0 Sender\nfine"),
        (250, "to"),
        (354, "go"),
    ]
    assert heard.trouble is None


async def test_a_reply_may_come_in_any_pieces() -> None:
    """A reply is whole when its last line is, however the network cut it."""
    async with _line(Pipelined, b"") as wire:
        asking = asyncio.create_task(wire.ask(b"RSET"))
        await asyncio.wait([asking], timeout=0)
        for octet in b"250-one\r\n250 two\r\n":
            assert not asking.done()
            wire.data_received(bytes([octet]))

        heard = await asking

    assert [(reply.code, reply.message) for reply in heard.replies] == [(250, "one\ntwo")]


async def test_a_refusal_ends_what_is_said_one_by_one() -> None:
    """Stepwise does not go on after a refusal."""
    async with _line(Stepwise, b"250 ok\r\n", b"550 no\r\n") as wire:
        heard = await wire.ask(*GROUP)

    assert [reply.code for reply in heard.replies] == [250, 550]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"what is this\r\n", id="no code"),
        pytest.param(b"\x00\xff\xfe\r\n", id="no text"),
        pytest.param(b"250-" + b"x" * 50_000 + b"\r\n", id="a line with no end"),
        pytest.param(b"250-and\r\n" * 20_000, id="a reply with no end"),
        pytest.param(None, id="not a word"),
    ],
)
async def test_nonsense_is_trouble_not_an_exception(line: Line, answer: bytes | None) -> None:
    """A peer that speaks no SMTP ends the line, in bounded memory."""
    async with line(answer) as wire:
        heard = await wire.ask(b"RSET")
        afterwards = await wire.give(b"x\r\n.\r\n")

    assert heard.replies == []
    assert heard.trouble
    assert afterwards.unsaid


async def test_silence_is_trouble(line: Line) -> None:
    """A reply that does not come is not waited for longer than we are patient."""
    async with line(b"", command=0.02) as wire:
        heard = await wire.ask(b"RSET")

    assert heard.replies == []
    assert heard.trouble


async def test_an_unasked_reply_cuts_the_line() -> None:
    """A reply too many would be taken for the answer to the next command."""
    async with _line(Pipelined, b"250 ok\r\n250 and this\r\n") as wire:
        heard = await wire.ask(b"RSET")
        afterwards = await wire.ask(b"RSET")

    assert [reply.message for reply in heard.replies] == ["ok"]
    assert heard.trouble == "the peer spoke unasked"
    assert afterwards.unsaid


async def test_what_was_said_before_the_line_broke_is_heard(line: Line) -> None:
    """A last word before hanging up is not lost."""
    async with line(b"421 4.3.2 bye\r\n", None) as wire:
        heard = await wire.ask(b"RSET")

    assert [reply.code for reply in heard.replies] == [421]


async def test_part_of_a_group_is_heard() -> None:
    """Of a group that was cut short, the replies that came are told."""
    async with _line(Pipelined, b"250 ok\r\n550 no\r\n", command=0.02) as wire:
        heard = await wire.ask(*GROUP)

    assert [reply.code for reply in heard.replies] == [250, 550]
    assert heard.trouble == "no reply within 0.06 s"


async def test_octets_that_are_no_utf8_are_kept() -> None:
    """A peer's Latin-1 does not break the line."""
    async with _line(Pipelined, b"250 caf\xe9\r\n") as wire:
        heard = await wire.ask(b"RSET")

    assert [reply.code for reply in heard.replies] == [250]
