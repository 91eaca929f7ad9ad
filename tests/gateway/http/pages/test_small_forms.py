"""The forms of people's pages are small, and whatever is sent there costs little."""

import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from core.address import Keyring, Purpose, Token
from core.clock import SetClock
from core.store import apps, opt_outs, participants
from core.store.database import Database, Session
from gateway.context import Context
from gateway.http.asgi import build
from tests.support.people import APP, NOW, ROOM, a_conversation

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"
MOST = 16 * 1024


def _part(field: bytes, value: bytes = b"x") -> bytes:
    return b'--b\r\nContent-Disposition: form-data; name="' + field + b'"\r\n\r\n' + value + b"\r\n"


# What fills a form, by its type: units to be repeated, behind a beginning.
FILLED = {
    "fields": (URLENCODED, b"", b"a=b&"),
    "empty fields": (URLENCODED, b"", b"&"),
    "one long value": (URLENCODED, b"scope=", b"x"),
    "one long name": (URLENCODED, b"", b"x"),
    "escapes": (URLENCODED, b"scope=", b"%41"),
    "broken escapes": (URLENCODED, b"scope=", b"%"),
    "the same field": (URLENCODED, b"", b"scope=all&"),
    "semicolons": (URLENCODED, b"", b"a=b;"),
    "octets that are no UTF-8": (URLENCODED, b"do=", b"\xff"),
    "parts": (MULTIPART, b"", _part(b"a")),
    "empty parts": (MULTIPART, b"", b"--b\r\n\r\n\r\n"),
    "header fields of a part": (MULTIPART, b"--b\r\n", b"A: b\r\n"),
    "a header of a part without an end": (MULTIPART, b"--b\r\nA: ", b"b"),
    "parameters": (MULTIPART, b"--b\r\nContent-Disposition: form-data", b"; a=b"),
    "quotes": (MULTIPART, b'--b\r\nContent-Disposition: form-data; name="', b'\\"'),
    "nearly the boundary": (MULTIPART, b"--b\r\nA: b\r\n\r\n", b"\r\n--a"),
    "dashes": (MULTIPART, b"--b\r\nA: b\r\n\r\n", b"-"),
    "a file": (MULTIPART, _part(b'scope"; filename="f'), b"x"),
}  # fmt: skip


NO_FORMS = {
    "JSON": ("application/json", b"", b"["),
    "text": ("text/plain", b"", b"x"),
    "a type without an end": ("multipart/form-data; boundary=" + "b" * 4_000, b"", b"x"),
}


@pytest.fixture
async def browser(database: Database, clock: SetClock) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client whose base is Bo's opt-out page."""
    clock.moment = NOW

    def found(session: Session) -> Token:
        a_conversation(session, "ann", "bo")
        app, bo = apps.find(session, APP), participants.find(session, APP, ROOM, "bo")
        assert app is not None
        assert bo is not None
        return Token(Purpose.OPT_OUT, app.number, bo.reference, bo.address_epoch % 256)

    token = KEYS.sign(await database.write(found))
    context = Context(database, clock, KEYS, "http://api.test", "reply.test")
    transport = httpx.ASGITransport(app=build(context), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://x/u/{token}") as client:
        yield client


def _filled(name: str, octets: int) -> tuple[str, bytes]:
    kind, first, unit = (FILLED | NO_FORMS)[name]
    return kind, (first + unit * (octets // len(unit)))[:octets]


def _in_pieces(body: bytes) -> Iterator[bytes]:
    for at in range(0, len(body), 4_000):
        yield body[at : at + 4_000]


@pytest.mark.parametrize("name", list(FILLED))
async def test_a_large_form_is_refused(
    browser: httpx.AsyncClient, database: Database, name: str
) -> None:
    """Over 16 KB: 413, whether its length is told or not, and nothing is opted out of."""
    kind, body = _filled(name, 1_000_000)
    told = await browser.post("", content=body, headers={"Content-Type": kind})

    async def pieces() -> AsyncIterator[bytes]:
        for piece in _in_pieces(body):
            yield piece

    untold = await browser.post("", content=pieces(), headers={"Content-Type": kind})

    assert told.status_code == 413
    assert untold.status_code in {400, 413}
    assert await database.read(lambda session: opt_outs.scopes(session, APP, "bo")) == frozenset()


@pytest.mark.parametrize("name", [*FILLED, *NO_FORMS])
async def test_the_largest_form_costs_little(browser: httpx.AsyncClient, name: str) -> None:
    """Just under 16 KB of anything: an answer that is none of ours going wrong, in no time."""
    kind, body = _filled(name, MOST)
    for some in (body, body[: len(body) // 2], body[: MOST // 2] * 2):
        began = time.process_time()
        heard = await browser.post("", content=some, headers={"Content-Type": kind})
        took = time.process_time() - began

        assert heard.status_code < 500
        assert took < 1.0


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        pytest.param(URLENCODED, b"a=b&" * 30, id="thirty fields"),
        pytest.param(MULTIPART, _part(b"a") * 30 + b"--b--\r\n", id="thirty parts"),
        pytest.param(MULTIPART, _part(b"scope", b"x" * 5_000) + b"--b--\r\n", id="a long part"),
        pytest.param(MULTIPART, _part(b'scope"; filename="f') + b"--b--\r\n", id="a file"),
        pytest.param(MULTIPART, _part(b'x"; filename="f') + b"--b--\r\n", id="a file of no field"),
    ],
)
async def test_a_form_has_a_few_short_fields(
    browser: httpx.AsyncClient, database: Database, kind: str, body: bytes
) -> None:
    """More than a page of ours has is 400, and no file is ever made of what strangers send."""
    heard = await browser.post("", content=body, headers={"Content-Type": kind})
    scopes = await database.read(lambda session: opt_outs.scopes(session, APP, "bo"))

    assert (heard.status_code, scopes) == (400, frozenset())


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        pytest.param(URLENCODED, b"List-Unsubscribe=One-Click", id="RFC 8058"),
        pytest.param(
            MULTIPART,
            _part(b"List-Unsubscribe", b"One-Click") + b"--b--\r\n",
            id="RFC 8058 in parts",
        ),
        pytest.param(URLENCODED, b"scope=conversation", id="the page's own"),
        pytest.param(URLENCODED, b"", id="nothing at all"),
    ],
)
async def test_what_mailers_and_people_send_is_taken(
    browser: httpx.AsyncClient, database: Database, kind: str, body: bytes
) -> None:
    """One click is one click, in each form that RFC 8058 (3.2) has for it."""
    heard = await browser.post("", content=body, headers={"Content-Type": kind})
    scopes = await database.read(lambda session: opt_outs.scopes(session, APP, "bo"))

    assert heard.status_code == 200
    assert scopes == {ROOM}
