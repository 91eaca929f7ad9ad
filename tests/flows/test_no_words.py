"""A mail that says nothing is refused at DATA, and whoever wrote it reads what was seen."""

import asyncio
import smtplib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

import pytest
import pytest_asyncio

from core.store import users
from core.store.database import Session
from core.verdict import InsteadOfWords
from gateway.answers.spoken import languages
from gateway.answers.wordless import WORDLESS
from gateway.smtp.handler import MailHandler
from gateway.smtp.listener import Listening, listening
from tests.support.people import APP
from tests.support.reception import Gateway, a_shared_gateway
from tests.support.wordless_mails import MAILS, ONE_OF_EACH

pytestmark = pytest.mark.asyncio(loop_scope="module")

EACH = pytest.mark.parametrize(
    ("seen", "raw"), [pytest.param(seen, raw, id=f"{seen}: {name}") for seen, name, raw in MAILS]
)


@dataclass(frozen=True, slots=True)
class Doors:
    """A gateway, the ports at which it listens, and Bo's address."""

    gateway: Gateway
    smtp: int
    lmtp: int
    address: str


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def doors(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Doors]:
    """Listen for all tests: what is refused leaves nothing behind."""
    async with a_shared_gateway(tmp_path_factory.mktemp("doors")) as gateway:
        handler, address = MailHandler(gateway.at), await gateway.address()
        async with (
            listening(Listening(), handler) as smtp,
            listening(Listening(lmtp=True), handler) as lmtp,
        ):
            yield Doors(gateway, smtp.port, lmtp.port, address)


def _refused(peer: smtplib.SMTP, to: str, raw: bytes, options: tuple[str, ...] = ()) -> str:
    """Offer a mail, and return the whole of what refuses it."""
    with peer, pytest.raises(smtplib.SMTPDataError) as refusal:
        peer.sendmail("bo@example.net", [to], raw, mail_options=options)
    said = refusal.value.smtp_error
    words = said.decode() if isinstance(said, bytes) else said
    return f"{refusal.value.smtp_code} {words}"


def _heard(port: int, to: str, raw: bytes, *options: str) -> str:
    return _refused(smtplib.SMTP("127.0.0.1", port), to, raw, options)


def _heard_by_lmtp(port: int, to: str, raw: bytes) -> str:
    return _refused(smtplib.LMTP("127.0.0.1", port), to, raw)


@EACH
async def test_the_answer_says_what_was_seen(
    doors: Doors, seen: InsteadOfWords, raw: bytes
) -> None:
    """Over SMTP and LMTP alike; nobody is told to write above a quote."""
    row = WORDLESS[seen]
    smtp = await asyncio.to_thread(_heard, doors.smtp, doors.address, raw)
    lmtp = await asyncio.to_thread(_heard_by_lmtp, doors.lmtp, doors.address, raw)

    assert smtp == lmtp == f"{row.status} {row.sentence}"
    assert "above" not in smtp
    assert await doors.gateway.said() == []


@pytest.mark.parametrize("language", sorted(languages()))
async def test_it_is_said_in_their_language(doors: Doors, language: str) -> None:
    """The first line is theirs where their server reads UTF-8; six sentences, no two alike."""

    def work(session: Session) -> None:
        bo = users.find(session, APP, "bo")
        assert bo is not None
        bo.locale = language
        session.add(bo)

    await doors.gateway.database.write(work)
    asked = partial(_heard, doors.smtp, doors.address)
    heard = [await asyncio.to_thread(asked, raw, "SMTPUTF8") for raw in ONE_OF_EACH.values()]

    lines = [one.split("\n") for one in heard]
    assert {len(one) for one in lines} == {2}
    assert len({own for own, _ in lines}) == len(InsteadOfWords)
    assert {WORDLESS[seen].sentence for seen in ONE_OF_EACH} == {
        english.partition(" ")[2] for _, english in lines
    }
