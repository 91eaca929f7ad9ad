"""There is room for so many HTTP connections, and strangers cannot take all of it."""

import json

import pytest
from structlog.testing import capture_logs

from gateway.capacity.connection_limits import ConnectionBounds
from gateway.http.http_state import HttpState
from gateway.http.request_timeouts import RequestLimits
from tests.support.fake_connection import FakeConnection
from tests.support.http_line import EchoServer, HttpLine, an_echo

POST = b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n"
WAIT = b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n"
LOOPBACK = ("127.0.0.0/8",)


def places(many: int, *, silent_seconds: float = 0, network: int = 100) -> HttpState:
    """Return a state with so many places."""
    return HttpState(ConnectionBounds(many, network, silent_seconds), LOOPBACK)


async def _crowd(server: EchoServer, many: int, said: bytes) -> list[HttpLine]:
    """Connect so often and say something; return when the server has taken it."""
    lines = []
    for _ in range(many):
        line = await server.connect()
        line.say(said)
        lines.append(line)
    await server.has(min(many, 4))
    return lines


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"GET /u/x HTTP/1.1\r\nHo", id="half a head"),
        pytest.param(POST, id="a head and no body"),
        pytest.param(POST + b"x" * 1_000, id="some of a body"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", id="a request, and kept alive"),
    ],
)
@pytest.mark.parametrize("many", [4, 40])
async def test_p7_11_who_holds_places_makes_room_for_who_asks(said: bytes, many: int) -> None:
    """However they hold them, the next one is answered; of those that hold, as many are left."""
    async with an_echo(places(4)) as server:
        await _crowd(server, many, said)

        assert await server.asked("/mine") == 200
        assert server.state.connection_limits.sessions <= 4


async def test_silent_ones_go_first() -> None:
    """A request under way is not pushed out by those that say nothing."""
    async with an_echo(places(4, silent_seconds=10)) as server:
        upload = await server.connect()
        upload.say(POST)
        await server.app.entered.wait()
        await _crowd(server, 20, b"")
        upload.say(b"x" * 90_000)

        assert await upload.answer() == (200, b"90000")


async def test_while_all_are_at_work_only_health_is_answered() -> None:
    """503 with Retry-After for others; whoever supervises the process hears that it lives."""
    async with an_echo(places(4)) as server:
        at_work = await _crowd(server, 4, WAIT)
        while len(server.app.asked) < 4:
            await server.turn()
        line = await server.connect()
        line.say(b"GET /v1/shop HTTP/1.1\r\nHost: x\r\n\r\n")
        head = await line.head()

        assert head.startswith(b"HTTP/1.1 503 ")
        assert b"retry-after: " in head.lower()
        assert b"connection: close" in head.lower()
        assert [await server.asked(path) for path in ("/healthz", "/readyz")] == [200, 200]
        assert await server.asked("/v1/shop") == 503
        server.app.go_on.set()
        assert [await one.answer() for one in at_work] == [(200, b"well")] * 4
        assert await server.asked("/v1/shop") == 200


async def test_health_is_answered_beside_a_crowd_that_waits_for_it() -> None:
    """Connections beyond those at work push each other out as well."""
    async with an_echo(places(4)) as server:
        await _crowd(server, 4, WAIT)
        while len(server.app.asked) < 4:
            await server.turn()
        for said in (b"", b"GET /healthz HTTP/1.1\r\n") * 10:
            (await server.connect()).say(said)

        assert await server.asked("/healthz") == 200


async def test_one_beyond_the_places_that_asks_is_not_pushed_out() -> None:
    """Of those beyond, who is silent makes room; where none is, the next hears 503."""
    state = places(1)
    beyond = [FakeConnection() for _ in range(8)]
    heard = [state.enter("127.0.0.1", 9, one) for one in (FakeConnection(), *beyond)]
    refused = state.enter("127.0.0.1", 9, FakeConnection())
    beyond[3].silent = 0.2
    let_in = state.enter("127.0.0.1", 9, FakeConnection())

    assert heard == [None] * 9
    assert (refused, let_in) == (state.busy, None)
    assert [one.asked for one in beyond] == ["", "", "", "room", "", "", "", ""]


async def test_a_network_has_so_many_places() -> None:
    """The next of the same network hears 503 and others are let in; trusted ones are no crowd."""
    state = HttpState(ConnectionBounds(10, of_a_network=2), ("127.0.7.0/24",))
    async with an_echo(state) as server:
        for home in ("127.0.1.1", "127.0.1.2", "127.0.7.1", "127.0.7.2", "127.0.7.3"):
            (await server.connect(home)).say(WAIT)
        await server.has(5)
        refused = await server.connect("127.0.1.3")
        status, body = await refused.answer()

        assert (status, json.loads(body)["errorCode"]) == (503, "BUSY")
        assert await server.asked("/", "127.0.2.1") == 200
        assert await server.asked("/", "127.0.7.4") == 200


async def test_a_descriptor_above_the_ceiling_needs_one_that_is_left() -> None:
    """Numbers above it are others': who has nothing under way leaves, or nobody is let in."""
    state = HttpState(trusted=LOOPBACK, ceiling=1)
    async with an_echo(state) as server:
        assert await server.asked("/") == 503
        assert await server.asked("/healthz") == 200


async def test_a_flood_is_one_line_in_the_log() -> None:
    """Once for all that were turned away, once for all that were cut."""
    state = HttpState(
        ConnectionBounds(connections=2, silent_seconds=0),
        LOOPBACK,
        RequestLimits(head_seconds=0.2),
        ceiling=1,
    )
    with capture_logs() as lines:
        async with an_echo(state) as server:
            for _ in range(30):
                await server.connect()
            for line in server.lines:
                await line.rest()

    assert sorted(line["event"] for line in lines) == [
        "http.connection_cut",
        "http.connections_full",
        "process.few_descriptors",
    ]
    assert {line["log_level"] for line in lines} == {"warning"}
