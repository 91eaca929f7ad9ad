"""Whoever keeps an HTTP connection waiting is hung up on, whatever it waits for."""

import asyncio

import pytest

from gateway.http.http_state import HttpState
from gateway.http.request_timeouts import RequestLimits
from tests.support.http_line import HttpLine, an_echo

# Small times, so that a test is over soon: the rules are the same.
QUICK = RequestLimits(
    head_seconds=0.3, octets_a_second=2_000, grace_seconds=0.3, closing_seconds=0.3
)
POST = b"POST /x HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\r\n\r\n", id="empty lines"),
        pytest.param(b"G", id="one letter"),
        pytest.param(b"GET /u/abc", id="half a request line"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n", id="a head without its end"),
        pytest.param(POST + b"Content-Le", id="half a field's name"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00", id="the beginning of TLS"),
        pytest.param(b"PRI * HTTP/2.0\r\n", id="the beginning of HTTP/2"),
    ],
)
async def test_p7_10_a_head_that_does_not_come_is_waited_for_a_while(said: bytes) -> None:
    """Silent, half-spoken, or another protocol: the line is closed and its place is free."""
    async with an_echo(HttpState(limits=QUICK)) as server:
        line = await server.connect()
        line.say(said)

        await line.rest()
        await server.has(0)
        assert server.app.asked == []


@pytest.mark.parametrize(
    ("first", "octet"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nX-A: ", b"b", id="a field without an end"),
        pytest.param(b"GET / HTTP/1.1\r\n", b"a: b\r\n", id="fields without an end"),
        pytest.param(b"GET /", b"x", id="a path without an end"),
        pytest.param(b"", b"\r\n", id="empty lines without an end"),
    ],
)
async def test_p7_10_a_head_in_drops_has_no_longer(first: bytes, octet: bytes) -> None:
    """An octet now and then (slow loris) prolongs nothing: the head has one time in all."""
    async with an_echo(HttpState(limits=QUICK)) as server:
        line = await server.connect()
        line.say(first)
        async with asyncio.timeout(10):
            await line.dribble(octet, 0.05)

        await server.has(0)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(POST + b"Content-Length: 100000\r\n\r\n", id="no body"),
        pytest.param(POST + b"Content-Length: 100000\r\n\r\nscope=", id="some of a body"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\n", id="no chunk"),
        pytest.param(POST + b"Transfer-Encoding: chunked\r\n\r\nff\r\nabc", id="half a chunk"),
        pytest.param(
            POST + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n", id="told to continue"
        ),
    ],
)
async def test_a_body_that_does_not_come_is_answered(said: bytes) -> None:
    """408 (RFC 9110, 15.5.9), and the line is closed."""
    async with an_echo(HttpState(limits=QUICK)) as server:
        line = await server.connect()
        line.say(said)
        heard = (await line.rest()).removeprefix(b"HTTP/1.1 100 \r\n\r\n")
        heard = heard[heard.index(b"HTTP/1.1 408") :]

        assert b"Connection: close" in heard
        await server.has(0)


async def test_p7_10_a_body_in_drops_is_cut() -> None:
    """Some octets now and then are below the least rate."""
    async with an_echo(HttpState(limits=QUICK)) as server:
        line = await server.connect()
        line.say(POST + b"Content-Length: 100000\r\n\r\n")
        async with asyncio.timeout(10):
            await line.dribble(b"x", 0.05)

        await server.has(0)


async def test_a_body_that_keeps_to_the_rate_may_take_long() -> None:
    """A slow but honest upload arrives, however much longer than a head it takes."""
    limits = RequestLimits(head_seconds=0.2, octets_a_second=100, grace_seconds=0.2)
    async with an_echo(HttpState(limits=limits)) as server:
        line = await server.connect()
        line.say(POST + b"Content-Length: 1000\r\n\r\n")
        for _ in range(10):
            line.say(b"x" * 100)
            await server.turns(0.06)

        assert await line.answer() == (200, b"1000")


async def test_what_we_take_is_held_against_nobody() -> None:
    """An answer that needs longer than any of a client's times is given."""
    async with an_echo(HttpState(limits=QUICK)) as server:
        line = await server.connect()
        line.say(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n")
        await server.app.entered.wait()
        await server.turns(0.8)
        server.app.go_on.set()

        assert await line.answer() == (200, b"well")


async def test_an_idle_connection_has_the_time_of_a_head_again() -> None:
    """Kept alive it is not kept for ever: neither idle nor with half of the next request."""
    async with an_echo(HttpState(limits=QUICK)) as server:
        idle, half = await server.connect(), await server.connect()
        for line in (idle, half):
            line.say(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            assert await line.answer() == (200, b"well")
        half.say(b"GET / HTTP/1.1\r\nHo")
        await half.rest()
        await idle.rest()

        await server.has(0)


@pytest.mark.parametrize(
    ("octets", "field"),
    [
        pytest.param(1_000_000, b"", id="writing has paused"),
        pytest.param(60_000, b"", id="all is written, and not taken"),
        pytest.param(60_000, b"Connection: close\r\n", id="all is written, and the line closed"),
    ],
)
async def test_who_does_not_take_an_answer_is_cut(octets: int, field: bytes) -> None:
    """An answer that nobody reads holds its connection for a while, and no longer."""
    async with an_echo(HttpState(limits=QUICK), send=4_096) as server:
        server.app.large = octets
        line = await server.connect(receive=4_096)
        line.say(b"GET /large HTTP/1.1\r\nHost: x\r\n" + field + b"\r\n")
        await server.app.entered.wait()

        await server.has(0)


async def test_what_is_behind_an_early_answer_is_not_read_for_ever() -> None:
    """A body whose answer was given before its end is read on, so far and no further."""
    limits = RequestLimits(wasted_octets=100_000)
    async with an_echo(HttpState(limits=limits)) as server:
        small, large = await server.connect(), await server.connect()
        for line, octets in ((small, 50_000), (large, 10_000_000)):
            line.say(b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % octets)
            assert await line.answer() == (200, b"well")
        small.say(b"x" * 50_000 + b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        large.say(b"x" * 1_000_000)

        assert await small.answer() == (200, b"well")
        assert await large.rest() == b""


async def test_a_body_in_too_many_pieces_is_refused() -> None:
    """A chunk of one octet is as much work as one of a thousand."""
    async with an_echo(HttpState(limits=RequestLimits(chunks=100))) as server:
        few, many, large = [await server.connect() for _ in range(3)]
        one, kilobyte = b"1\r\nx\r\n", b"400\r\n" + b"x" * 1_024 + b"\r\n"
        for line, chunks in ((few, one * 100), (many, one * 200), (large, kilobyte * 300)):
            line.say(POST + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n")

        assert await few.answer() == (200, b"100")
        assert await large.answer() == (200, b"307200")
        assert (await many.rest()).startswith(b"HTTP/1.1 400 ")


async def test_nonsense_behind_a_request_ends_the_line_alone() -> None:
    """Whatever comes while an answer is being made, no exception reaches the loop."""
    async with an_echo() as server:
        lines: list[HttpLine] = []
        for _ in range(3):
            lines.append(await server.connect())
            lines[-1].say(POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")

        assert [(await line.rest())[:12] for line in lines] == [b"HTTP/1.1 400"] * 3
        assert await server.asked("/") == 200
