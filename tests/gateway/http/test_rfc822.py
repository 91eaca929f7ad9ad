"""Mail handed in over HTTP is answered as a mail server answers it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from core.actions import converse
from core.address import Keyring, Purpose, Token, local_part
from core.clock import SetClock
from core.model.participant import Access
from core.store import apps, messages, participants
from core.store.database import Database, Session
from core.verdict import InsteadOfWords
from gateway.answers.wordless import WORDLESS
from gateway.context import Context
from gateway.http.asgi import build
from tests.support.people import APP, NOW, ROOM, a_conversation, says
from tests.support.wordless_mails import ONE_OF_EACH

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
LARGEST = 3 * 1024 * 1024


@dataclass
class Door:
    """The API, and the address at which Bo answers."""

    client: httpx.AsyncClient
    admin: httpx.AsyncClient
    database: Database
    secret: str
    address: str

    async def post(self, mail: bytes, to: str | None = None, **more: Any) -> httpx.Response:
        """Hand in a mail with the app's secret key."""
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": "message/rfc822"}
        return await self.client.post(
            f"/v1/{more.pop('app', APP)}/mail",
            params={"recipient": to or self.address, "sender": more.pop("sender", "bo@x.test")},
            headers=headers | more.pop("headers", {}),
            content=mail,
        )

    async def said(self) -> list[str | None]:
        """Return what was posted by mail."""
        found = await self.database.read(lambda s: messages.page(s, APP, ROOM, 50, None))
        return [one.text for one in found if one.origin == "email"]


def a_mail(text: str = "Yes, it is.", **headers: str) -> bytes:
    """Return a reply of Bo's as an MTA pipes it: lines end in LF."""
    given = {"From": "Bo <bo@example.net>", "Message-ID": "<1@x>"} | headers
    head = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in given.items())
    return f"{head}\n{text}\n".encode()


@pytest.fixture
async def door(database: Database) -> AsyncIterator[Door]:
    """Open the API with Ann and Bo in a conversation."""

    def work(session: Session) -> tuple[str, str]:
        a_conversation(session, "ann", "bo")
        says(session, "ann", "Is it there?")
        app, bo = apps.find(session, APP), participants.find(session, APP, ROOM, "bo")
        assert app is not None
        assert bo is not None
        token = Token(Purpose.REPLY, app.number, bo.reference, bo.address_epoch)
        address = f"{local_part(Purpose.REPLY, KEYS.sign(token))}@reply.test"
        return address, apps.keys(session, APP)[0].secret

    address, secret = await database.write(work)
    clock = SetClock(NOW)
    context = Context(database, clock, KEYS, "http://api.test", "reply.test", largest=LARGEST)
    public, admin = build(context), build(context, admin=True)
    async with _client(public) as client, _client(admin) as operator:
        yield Door(client, operator, database, secret, address)


def _client(app: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://api.test")


async def test_a_reply_is_posted(door: Door) -> None:
    """A mail that is taken is answered 200 with the verdict, the message and the receipt."""
    answer = await door.post(a_mail())

    told = answer.json()
    assert answer.status_code == 200
    assert (told["verdict"], told["reason"], told["code"]) == ("accept", "posted", 250)
    assert (told["enhanced"], told["sentence"]) == ("2.0.0", "Received, thank you.")
    assert told["messageId"].startswith("msg_")
    assert told["receiptId"].startswith("rcp_")
    assert await door.said() == ["Yes, it is."]


async def test_the_same_mail_again_changes_nothing(door: Door) -> None:
    """Handed in twice, with either line end and an mbox line above, it is posted once."""
    first = await door.post(a_mail())
    mbox = b"From bo@x.test Sat Nov 21 07:00:00 2026\n" + a_mail()
    again = await door.post(mbox.replace(b"\n", b"\r\n"))

    assert first.json()["reason"] == "posted"
    assert again.json()["reason"] == "duplicate"
    assert await door.said() == ["Yes, it is."]


async def test_an_address_in_another_spelling_is_the_same(door: Door) -> None:
    """In quotes, and with the root's dot (RFC 5321, 4.1.2), also for the app it belongs to."""
    local, _, domain = door.address.partition("@")

    answer = await door.post(a_mail(), to=f'"{local}"@{domain}.')

    assert answer.json()["reason"] == "posted"
    assert await door.said() == ["Yes, it is."]


async def test_what_waits_and_what_is_dropped_sounds_accepted(door: Door) -> None:
    """A held or discarded mail is ours, 200, and the app hears which it was."""
    held = await door.post(a_mail(From="Eve <eve@example.org>"))
    dropped = await door.post(a_mail(Auto_Submitted="auto-replied", Message_ID="<2@x>"))

    assert (held.status_code, held.json()["verdict"]) == (200, "hold")
    assert (dropped.status_code, dropped.json()["verdict"]) == (200, "discard")
    assert await door.said() == []


@pytest.mark.parametrize(
    ("mail", "status", "code"),
    [
        pytest.param(b"", 422, "MALFORMED", id="nothing at all"),
        pytest.param(a_mail(""), 422, "NOTHING_TO_SAY", id="nothing new"),
        pytest.param(a_mail("a\rb"), 422, "BARE_NEWLINE", id="a bare CR, as the SMTP door says"),
        pytest.param(a_mail("a" * 70_000), 422, "LINE_TOO_LONG", id="an endless line"),
        pytest.param(a_mail("a\n" * 1_200_000), 413, "TOO_BIG", id="too big with its line ends"),
        pytest.param(a_mail("a" * LARGEST), 413, "TOO_LARGE", id="too big to be read"),
    ],
)
async def test_a_mail_that_is_refused(door: Door, mail: bytes, status: int, code: str) -> None:
    """A refusal is 4xx with the reason's name as errorCode."""
    answer = await door.post(mail)

    assert (answer.status_code, answer.json()["errorCode"]) == (status, code)
    assert await door.said() == []


@pytest.mark.parametrize(
    ("seen", "raw"), [pytest.param(seen, raw, id=seen) for seen, raw in ONE_OF_EACH.items()]
)
async def test_a_mail_without_words_is_refused_with_what_was_seen(
    door: Door, seen: InsteadOfWords, raw: bytes
) -> None:
    """The reason stays, ``instead`` says what there was, the sentence is SMTP's."""
    told = (await door.post(raw)).json()

    assert (told["errorCode"], told["instead"]) == ("NOTHING_TO_SAY", seen)
    assert told["sentence"] == WORDLESS[seen].sentence
    assert (await door.post(a_mail())).json()["instead"] is None


async def test_an_address_of_nobody_and_of_another_app_sound_the_same(door: Door) -> None:
    """An app's key opens its own addresses only, and says nothing of others'."""
    made = (await door.admin.post("/admin/apps", json={"id": "other"})).json()
    theirs = {"Authorization": f"Bearer {made['secretKey']}"}

    foreign = await door.post(a_mail(), app="other", headers=theirs)
    nobody = await door.post(a_mail(), to="r+" + "a" * 44 + "@reply.test")

    assert foreign.status_code == nobody.status_code == 404
    assert foreign.json() == nobody.json()
    assert nobody.json()["errorCode"] == "UNKNOWN_ADDRESS"
    assert (nobody.json()["code"], nobody.json()["enhanced"]) == (550, "5.1.1")
    assert await door.said() == []


async def test_who_may_only_read_is_refused(door: Door) -> None:
    """The participant's access is asked at this door too."""
    await door.database.write(
        lambda session: converse.change(session, (APP, ROOM, "bo"), Access.READ, None, NOW)
    )

    answer = await door.post(a_mail())

    assert (answer.status_code, answer.json()["errorCode"]) == (403, "NO_ACCESS")


async def test_no_body_is_read_without_the_key(door: Door) -> None:
    """A wrong key is told before an octet of the mail has been asked for."""
    asked = 0

    async def octets() -> AsyncIterator[bytes]:
        nonlocal asked
        while asked < 100:
            asked += 1
            yield b"a" * 1000

    answer = await door.client.post(
        f"/v1/{APP}/mail", params={"recipient": door.address}, content=octets()
    )

    assert answer.status_code == 401
    assert asked <= 1


async def test_what_is_no_mail_is_not_taken(door: Door) -> None:
    """A form or JSON is a caller's mistake, told as one."""
    answer = await door.post(b"{}", headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["errorCode"]) == (400, "INVALID_ARGUMENT")


@pytest.mark.own_database
async def test_trouble_of_ours_is_temporary(door: Door) -> None:
    """A database that lacks a table is 503 with a reference: the caller keeps the mail."""
    await door.database.write(
        lambda session: (
            session.connection().execute(text("ALTER TABLE participant RENAME TO x")) and None
        )
    )

    answer = await door.admin.post(
        "/admin/mail", params={"recipient": door.address}, content=a_mail()
    )

    told = answer.json()
    assert (answer.status_code, told["verdict"], told["enhanced"]) == (503, "defer", "4.3.0")
    assert answer.headers["Retry-After"] == "60"
    assert told["reference"]


async def test_an_mta_of_this_machine_names_no_app(door: Door) -> None:
    """On the operator's socket the address alone says whose mail it is, and the limit is told."""
    answer = await door.admin.post(
        "/admin/mail", params={"recipient": door.address}, content=a_mail()
    )

    assert answer.json()["reason"] == "posted"
    assert (await door.admin.get("/admin/mail")).json() == {"largest": LARGEST}
    assert (await door.client.post("/admin/mail", params={"recipient": "x"})).status_code == 404
