"""Whoever holds a reply address may write as its owner: nothing we keep, tell or log shows one.

Each case bears the number of its row in docs/failures.md.
"""

import base64
import json
import quopri
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
import structlog

from core import observe
from core.files.keep import pieces_of
from core.model.tables import metadata
from core.model.webhook import WebhookEndpoint
from core.observe import Event
from core.store.database import Database, Session
from core.verdict import Reason
from gateway.inbound import admit
from gateway.mail.envelope import Envelope
from gateway.smtp.handler import MailHandler
from tests.support.letters import attached, mail, multi, text
from tests.support.people import APP, NOW
from tests.support.reception import Gateway, a_gateway, a_mail

# What is written is the same on each engine.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def gateway(database: Database) -> Gateway:
    """Open a gateway that an app listens to."""
    hook = WebhookEndpoint(app_id=APP, id="w", url="https://x.test/", created_at=NOW)
    one = await a_gateway(database)
    await database.write(lambda session: session.add(hook))
    return one


async def kept(gateway: Gateway) -> str:
    """Return all that is kept of everything, but the octets of mails as they came."""

    def rows(session: Session) -> str:
        tables = [table.select() for table in metadata().sorted_tables]
        return "\n".join(str(row) for one in tables for row in session.connection().execute(one))

    found = [await gateway.database.read(rows)]
    for file in await gateway.came():
        pieces = await pieces_of(file.object_key, None, gateway.files)
        assert pieces is not None
        found.append(b"".join([piece async for piece in pieces]).decode("latin-1"))
    return "\n".join(found).lower()


def in_words(address: str) -> str:
    """Write an address as somebody does who passes it on."""
    return text(f"Just write to {address} as I do,\nor to\n> {address.upper()}.")


def in_html(address: str) -> str:
    """Write an address as the link that mail programs make of it."""
    link = f'<a href="mailto:{quote(address)}?subject=x">{address.replace("@", "&#64;")}</a>'
    return text(f"<p>Just write to {link}, as I do.</p>", kind="text/html")


def in_a_quote(address: str) -> str:
    """Write an address in an attribution that nobody recognises as one."""
    return text(f"Yes, it is.\n\nAnn, whom you reach as {address}, has asked me this:\nIs it?")


def in_base64(address: str) -> str:
    """Write an address where only who undoes the encoding sees it."""
    encoded = base64.encodebytes(f"As {address} says.".encode()).decode("ascii")
    return f"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n"


def in_broken_lines(address: str) -> str:
    """Write an address that quoted-printable has broken in the middle."""
    broken = quopri.encodestring(f"{'x' * 60} {address}".encode()).decode("ascii")
    return (
        "Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        f"{broken}\r\n"
    )


def in_a_file(address: str) -> str:
    """Write an address into an attached text, and into the name of another."""
    return multi(
        "mixed",
        text("See these."),
        attached(f"To: {address}\r\n\r\nIs it?".encode(), "text/plain", "mail.txt"),
        attached(b"%PDF-1.7\n", "application/pdf", f"{address}.pdf"),
    )


def in_an_attached_mail(address: str) -> str:
    """Write our own mail to its owner, forwarded as a file."""
    inner = f"Reply-To: {address}\r\nSubject: x\r\n\r\nIs it there?\r\n"
    return multi("mixed", text("See this."), f"Content-Type: message/rfc822\r\n\r\n{inner}")


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(in_words, id="7.2 in words"),
        pytest.param(in_html, id="7.2 in a link"),
        pytest.param(in_a_quote, id="7.2 in a quote that is not known as one"),
        pytest.param(in_base64, id="7.2 in base64"),
        pytest.param(in_broken_lines, id="7.2 broken over lines"),
        pytest.param(in_a_file, id="7.2 in a file and in a file's name"),
        pytest.param(in_an_attached_mail, id="7.2 in our own mail, forwarded"),
    ],
)
async def test_an_address_is_shown_to_nobody(gateway: Gateway, write: object) -> None:
    """No message, file, receipt or event holds it, whatever it was wrapped in."""
    assert callable(write)
    address = await gateway.address()
    verdict = await gateway.offer(mail(write(address)).replace(b"\r\n", b"\n"))
    everything = await kept(gateway)

    assert verdict.reason is Reason.POSTED
    assert "message.sent" in everything
    assert address[2:46] not in everything


@contextmanager
def logging() -> Iterator[None]:
    """Log as in earnest, at the level that tells most."""
    observe.configure("debug", json=True)
    try:
        yield
    finally:
        structlog.reset_defaults()
        observe.logger.cache_clear()


async def test_p7_03_the_log_names_no_address(
    gateway: Gateway, capsys: pytest.CaptureFixture[str]
) -> None:
    """Taken, refused or failed: a line says what became of it, and of what kind the address is."""
    handler, address = MailHandler(gateway.at), await gateway.address()
    elsewhere = address.replace("reply.test", "elsewhere.test")
    gone = await gateway.address(epoch=9)
    with logging():
        for to in (address, elsewhere, gone, address[:-20] + "aaaa" + address[-16:]):
            envelope = Envelope("bo@example.net", (), peer="192.0.2.1")
            await handler.rcpt(envelope, to)
            whole = Envelope("bo@example.net", (to,), peer="192.0.2.1")
            await handler.data(whole, a_mail(f"Write to {to}.").replace(b"\n", b"\r\n"))
        nothing: Any = None  # a bug of ours
        broken = MailHandler(replace(gateway.at, database=nothing))
        await broken.rcpt(Envelope("bo@example.net", ()), address)
        await broken.data(Envelope("bo@example.net", (address,)), a_mail())
    written = capsys.readouterr().err.lower()

    assert {"posted", "relay_denied", "unknown_address", "mail.failed"} <= set(
        written.replace('"', " ").replace(",", " ").split()
    )
    assert address[12:26] not in written
    assert gone[12:26] not in written
    assert "bo@example.net" not in written


async def test_p7_31_nobody_writes_lines_into_the_log(
    gateway: Gateway, capsys: pytest.CaptureFixture[str]
) -> None:
    """What strangers choose stands in no line of ours, so it can neither end nor forge one."""
    handler, address = MailHandler(gateway.at), await gateway.address()
    forged = '\r\n{"event": "mail.forged"}\r\n\x1b[2J mail.forged'
    with logging():
        for to in (address, f"r+{forged}@reply.test", f"x@{forged}"):
            envelope = Envelope(f"{forged}@x", (), peer="192.0.2.1")
            await handler.rcpt(envelope, to)
            whole = Envelope(f"{forged}@x", (to,), peer="192.0.2.1")
            head = (
                f"Subject: =?utf-8?q?=0D=0Amail.forged?=\r\nFrom: =?utf-8?q?=0Amail.forged?= <{to}>"
            )
            await handler.data(whole, f"{head}\r\n\r\nmail.forged\r\n".encode())
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    assert {line["event"] for line in lines} == {Event.MAIL_ANSWERED}
    assert "forged" not in str(lines)


async def test_p7_31_a_thousand_addresses_make_no_thousand_reasons(gateway: Gateway) -> None:
    """What is counted is a word of ours, whatever a stranger says."""
    heard = {(await admit(f"r+{n}@host-{n}.test", gateway.at)).reason for n in range(1_000)}

    assert heard == {Reason.RELAY_DENIED}
