"""Our own digest comes back with nothing above it: that is heard as what it is, a quote."""

import asyncio
import email
import email.policy
import smtplib
from collections.abc import AsyncIterator
from email.message import EmailMessage

import pytest

from core.clock import SetClock
from core.moment import MINUTE
from core.store.database import Database, Session
from core.verdict import InsteadOfWords
from gateway.answers.wordless import WORDLESS
from gateway.context import Context
from gateway.smtp.handler import MailHandler
from gateway.smtp.listener import Listening, listening
from tests.support.fake_relay import FakeRelay
from tests.support.letters import ICON, attached, inline, mail, multi, text
from tests.support.notifying import KEYS, notifying
from tests.support.people import NOW, a_conversation, says


@pytest.fixture
async def relay() -> AsyncIterator[FakeRelay]:
    """Run a relay on loopback."""
    async with FakeRelay() as running:
        yield running


def _written(digest: EmailMessage) -> dict[str, tuple[InsteadOfWords, bytes]]:
    """Write what the programs send of somebody who answers without a word."""
    body = digest.get_body(("plain",))
    assert body is not None
    lines = body.get_content().splitlines()
    quoted = "\r\n".join(f"> {line}" for line in lines)
    broken = "<br>".join(lines)
    block = f"<p>&nbsp;</p><div><b>Von:</b> Ann via Acme<br><b>An:</b> Bo</div><p>{broken}</p>"
    logo = inline(ICON, "image/png", "logo.png", "l@x")
    quote, file = InsteadOfWords.QUOTE, InsteadOfWords.EMPTY_FILE
    parts = {
        "Gmail": (quote, text(f"\r\nOn Sat, 21 Nov 2026, Ann <n@app.test> wrote:\r\n{quoted}")),
        "a client that marks nothing": (quote, text("\r\n\r\n" + "\r\n".join(lines))),
        "Outlook": (quote, text(block, kind="text/html")),
        "Outlook, and its logo": (quote, multi("related", text(block, kind="text/html"), logo)),
        "a phone": (quote, text(f"\r\nVon meinem iPhone gesendet\r\n\r\n{quoted}")),
        "an empty file": (
            file,
            multi("mixed", text(quoted), attached(b"", "application/pdf", "a.pdf")),
        ),
    }
    return {name: (seen, _answering(digest, part)) for name, (seen, part) in parts.items()}


def _answering(digest: EmailMessage, part: str) -> bytes:
    return f"In-Reply-To: {digest['Message-ID']}\r\n".encode() + mail(part)


async def test_the_digest_alone_is_the_quoted_mail(
    database: Database, relay: FakeRelay, clock: SetClock
) -> None:
    """Told what was sent, however a client quotes it; never that they should write above it."""

    def said(session: Session) -> None:
        a_conversation(session, "ann", "bo")
        says(session, "ann", "Is the red bike still there?")

    await database.write(said)
    clock.moment = NOW + 2 * MINUTE
    async with notifying(database, relay, clock):
        got = await relay.next_mail()
    digest = email.message_from_bytes(got.content, policy=email.policy.default)
    assert isinstance(digest, EmailMessage)
    to = digest["Reply-To"].addresses[0].addr_spec
    at = Context(database, clock, KEYS, "http://n.test", "reply.test")
    async with listening(Listening(), MailHandler(at)) as listener:
        for name, (seen, raw) in _written(digest).items():
            heard = await asyncio.to_thread(_refused, listener.port, to, raw)

            assert heard == WORDLESS[seen].sentence, name


def _refused(port: int, to: str, raw: bytes) -> str:
    with smtplib.SMTP("127.0.0.1", port) as peer, pytest.raises(smtplib.SMTPDataError) as refusal:
        peer.sendmail("bo@example.net", [to], raw)
    said = refusal.value.smtp_error
    return (said if isinstance(said, str) else said.decode()).partition(" ")[2]
