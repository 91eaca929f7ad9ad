"""The routes are made once, and serve whatever they are bound to."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import structlog
from starlette.types import ASGIApp

from core.address import Keyring
from core.client.reach import in_process
from core.clock import SetClock
from core.errors import StoreUnavailable
from core.store.database import Database, open_database
from gateway.context import Context
from gateway.http.asgi import build
from gateway.http.server import serving
from tests.support.people import APP, NOW, a_conversation

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)


async def test_two_applications_share_their_routes_and_nothing_else(
    database: Database, clock: SetClock, tmp_path: Path
) -> None:
    """Each answers from its own database; being the operator's is not the other's right."""
    other = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    await other.migrate()
    clock.moment = NOW
    await database.write(lambda session: a_conversation(session, "ann", "bo"))
    contexts = [
        Context(one, clock, KEYS, "http://api.test", "reply.test") for one in (database, other)
    ]
    first, second = (build(context, admin=True) for context in contexts)
    public = build(contexts[0])
    async with in_process(first) as full, in_process(second) as empty, in_process(public) as shut:
        told = [(await one.get("/admin/apps")).json()["data"] for one in (full, empty)]
        refused = await shut.get(f"/v1/{APP}")
    await other.close()

    assert [[one["id"] for one in apps] for apps in told] == [[APP], []]
    assert refused.status_code == 401


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/v1/x/users", 1024 * 1024),
        ("/v1/x/mail", 2 * 1024 * 1024),
        ("/admin/mail", 2 * 1024 * 1024),
    ],
)
@pytest.mark.parametrize("is_declared", [True, False])
async def test_a_body_has_a_bound(
    database: Database, clock: SetClock, path: str, most: int, *, is_declared: bool
) -> None:
    """One octet more is refused: before anything is read, or as it comes in without a length."""

    async def body() -> AsyncIterator[bytes]:
        yield b"x" * most
        yield b"x"

    context = Context(database, clock, KEYS, "http://api.test", "reply.test", largest=2 * 1024**2)
    content = b"x" * (most + 1) if is_declared else body()
    kind = {"Content-Type": "message/rfc822" if path.endswith("mail") else "application/json"}
    given = {"recipient": "r@reply.test"}
    async with in_process(build(context, admin=True)) as client:
        heard = await client.request(
            "PUT" if path.endswith("users") else "POST",
            path, params=given, content=content, headers=kind,
        )  # fmt: skip

    assert heard.status_code == 413
    assert heard.json()["errorCode"] == "TOO_LARGE"


_TWICE = [
    pytest.param([("Content-Length", "2"), ("Transfer-Encoding", "chunked")], id="both"),
    pytest.param([("Transfer-Encoding", "chunked"), ("Content-Length", "2")], id="the other way"),
    pytest.param([("TRANSFER-ENCODING", "chunked"), ("content-length", "0")], id="in capitals"),
    pytest.param([("Transfer-Encoding", "Chunked"), ("Content-Length", "9999")], id="too long"),
]


@pytest.mark.parametrize("path", ["/v1/x/users", "/v1/x/mail", "/healthz", "/nothing", "/u/x"])
@pytest.mark.parametrize("headers", _TWICE)
async def test_a_body_of_two_lengths_is_refused(
    database: Database, clock: SetClock, path: str, headers: list[tuple[str, str]]
) -> None:
    """Two readers would see its end in two places (RFC 9112, 6.1); the connection ends with it."""
    app = build(Context(database, clock, KEYS, "http://api.test", "reply.test"))
    chunked = b"2\r\n{}\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    answers = await _spoken(app, path, headers, chunked)

    assert answers.startswith(b"HTTP/1.1 400 ")
    assert b"connection: close" in answers.lower()
    assert answers.count(b"HTTP/1.1 ") == 1


async def test_a_transfer_encoding_of_http_1_0_is_refused(
    database: Database, clock: SetClock
) -> None:
    """A proxy of that age passes it on unread."""
    app = build(Context(database, clock, KEYS, "http://api.test", "reply.test"))
    headers = [("Transfer-Encoding", "chunked")]
    answers = await _spoken(app, "/v1/x/users", headers, b"0\r\n\r\n", "1.0")

    assert answers.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([("Transfer-Encoding", "chunked")], b"2\r\n{}\r\n0\r\n\r\n"),
        ([("Content-Length", "2")], b"{}"),
    ],
)
async def test_a_body_of_one_length_is_read(
    database: Database, clock: SetClock, headers: list[tuple[str, str]], body: bytes
) -> None:
    """Either way alone is as it ever was."""
    app = build(Context(database, clock, KEYS, "http://api.test", "reply.test"))
    answers = await _spoken(app, "/v1/x/mail", [*headers, ("Connection", "close")], body)

    assert answers.startswith(b"HTTP/1.1 401 ")


async def _spoken(
    app: ASGIApp, path: str, headers: list[tuple[str, str]], body: bytes,
    version: str = "1.1",
) -> bytes:  # fmt: skip
    """Return what a server says to one request until it hangs up."""
    said = "".join(f"{name}: {value}\r\n" for name, value in headers)
    request = f"POST {path} HTTP/{version}\r\nHost: api.test\r\n{said}\r\n".encode() + body
    with socket.create_server(("127.0.0.1", 0)) as bound:
        async with asyncio.timeout(10), serving(app, bound):
            reader, writer = await asyncio.open_connection(*bound.getsockname())
            writer.write(request)
            answers = await reader.read()
            writer.close()
    return answers


@pytest.mark.parametrize(
    "words",
    [
        "[Errno 2] No such file or directory: '/run/pg/.s.PGSQL.5432'",
        'password authentication failed for user "rejoinder"',
        "could not translate host name db.internal to address",
        "server closed the connection unexpectedly (10.0.0.7:5432)",
        "disk I/O error in /var/lib/rejoinder.db",
        "Zeitüberschreitung",
    ],
)
async def test_strangers_are_not_told_a_drivers_words(
    database: Database, clock: SetClock, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks whether we are ready learns that the database is away, and nothing of where it is.

    The operator reads the driver's words in the log.
    """

    async def away(_self: object) -> bool:
        raise StoreUnavailable(words)

    monkeypatch.setattr(type(database), "is_current", away)
    context = Context(database, clock, KEYS, "http://api.test", "reply.test")
    with structlog.testing.capture_logs() as logged:
        async with in_process(build(context)) as client:
            heard = await client.get("/readyz")

    assert heard.status_code == 503
    assert heard.json()["reasons"] == ["The database cannot answer now."]
    assert [one["reason"] for one in logged] == [words]
