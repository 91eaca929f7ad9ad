"""Who is refused and has proven who they are is told where to go on: in their conversation."""

from collections.abc import Callable
from functools import partial
from ipaddress import ip_network

import pytest

from core.actions import converse
from core.actions.inbox_link import link_for
from core.model.app import App
from core.model.participant import Access
from core.store import apps, conversations, participants, users
from core.store.database import Database, Session
from core.verdict import Accept, Discard, InsteadOfWords, Reader, Reason, Reject
from gateway.answers.spoken import spoken
from gateway.authentication.check import SenderChecks
from gateway.authentication.trusted_mta import Front
from gateway.inbound import admit
from gateway.mail.attachments import FileLimits
from tests.support.people import APP, NOW, ROOM
from tests.support.reception import BO, Gateway, a_gateway, a_mail
from tests.support.wordless_mails import ONE_OF_EACH

INBOX = "https://shop.test/in/{{conversation.id}}?of={{user.id}}&messages={{messages}}"
LINK = f"https://shop.test/in/{ROOM}?of=bo&messages="
SEALED = {
    "MIME_Version": "1.0",
    "Content_Type": "application/pkcs7-mime; smime-type=enveloped-data",
}


def _with_inbox(session: Session, url: str | None = INBOX) -> None:
    role = apps.role(session, APP, None)
    assert role is not None
    role.inbox_url = url
    session.add(role)


def _reads_only(session: Session) -> None:
    converse.change(session, BO, Access.READ, None, NOW)


def _is_gone(session: Session) -> None:
    converse.change(session, BO, Access.NONE, None, NOW)


FRONT = Front((ip_network("192.0.2.0/24"),), "front.test")
PROOF = b"Authentication-Results: front.test; dmarc=pass header.from=example.net\n"


async def _gateway(database: Database, *changes: Callable[[Session], None]) -> Gateway:
    gateway = await a_gateway(
        database, limits=FileLimits(30, 10, 10), senders=SenderChecks(front=FRONT)
    )
    for change in (_with_inbox, *changes):
        await database.write(change)
    return gateway


BIG = a_mail(
    "See the file.\n--x\nContent-Disposition: attachment; filename=a.bin\n"
    "Content-Type: application/octet-stream\n\nmore than ten octets\n--x--",
    MIME_Version="1.0",
    Content_Type='multipart/mixed; boundary="x"',
).replace(b"\n\nSee", b"\n\n--x\nContent-Type: text/plain\n\nSee")


EACH = pytest.mark.parametrize(
    ("seen", "mail"),
    [pytest.param(seen, raw, id=seen) for seen, raw in ONE_OF_EACH.items()],
)


@pytest.mark.parametrize(
    ("mail", "reason"),
    [
        pytest.param(a_mail(""), Reason.NOTHING_TO_SAY, id="nothing to say"),
        pytest.param(BIG, Reason.TOO_BIG, id="a file that is too big"),
        pytest.param(a_mail(**SEALED), Reason.MALFORMED, id="an envelope nobody opens"),
    ],
)
async def test_the_refusal_carries_the_link(
    database: Database, mail: bytes, reason: Reason
) -> None:
    """What failed by mail can be done there; the link stands in what the peer is told."""
    gateway = await _gateway(database)
    verdict = await gateway.offer(PROOF + mail)

    assert isinstance(verdict, Reject)
    assert (verdict.reason, verdict.reader) == (reason, Reader("en-US", LINK))
    assert spoken(verdict).endswith(f" {LINK}")


@pytest.mark.parametrize(("proof", "link"), [(PROOF, LINK), (b"", None)], ids=["proven", "not"])
@EACH
async def test_whoever_wrote_no_words_is_led_there_if_proven(
    database: Database, seen: InsteadOfWords, mail: bytes, proof: bytes, link: str | None
) -> None:
    """They can say it on the web; a stranger hears the same, and not where that is."""
    gateway = await _gateway(database)
    verdict = await gateway.offer(proof + mail.replace(b"\r\n", b"\n"))

    assert isinstance(verdict, Reject)
    assert (verdict.instead, verdict.reader) == (seen, Reader("en-US", link))
    assert spoken(verdict).endswith(f" {LINK}") is (link is not None)
    assert (LINK in spoken(verdict)) is (link is not None)


@EACH
async def test_a_machine_s_mail_without_words_is_answered_as_any_of_a_machine_s(
    database: Database, seen: InsteadOfWords, mail: bytes
) -> None:
    """Taken and not posted: what stands instead of words is a matter between people."""
    gateway = await a_gateway(database)
    verdict = await gateway.offer(b"Auto-Submitted: auto-replied\n" + mail)

    assert isinstance(verdict, Discard), seen
    assert spoken(verdict) == spoken(Accept(Reason.POSTED))
    assert isinstance(await gateway.offer(mail, sender=""), Discard)


async def test_who_may_only_read_is_led_there(database: Database) -> None:
    """They lost the right to write after RCPT: they may still look."""
    gateway = await _gateway(database, _reads_only)
    verdict = await gateway.offer(PROOF + a_mail())

    assert isinstance(verdict, Reject)
    assert (verdict.reason, verdict.reader) == (Reason.NO_ACCESS, Reader("en-US", LINK))


async def test_who_is_gone_is_led_nowhere(database: Database) -> None:
    """A conversation that they may not see has no link for them."""
    gateway = await _gateway(database, _is_gone)
    verdict = await gateway.offer(PROOF + a_mail())

    assert isinstance(verdict, Reject)
    assert verdict.reader == Reader("en-US", None)


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(PROOF + a_mail("", From="Eve <eve@evil.test>"), id="nothing to say"),
        pytest.param(a_mail(""), id="their address, which anybody can write"),
        pytest.param(a_mail(From="Eve <eve@evil.test>", **SEALED), id="an envelope nobody opens"),
    ],
)
async def test_a_stranger_gets_no_link(database: Database, mail: bytes) -> None:
    """Who has a forwarded address learns nothing about where the conversation is."""
    gateway = await _gateway(database)
    verdict = await gateway.offer(mail)

    assert isinstance(verdict, Reject)
    assert verdict.reader == Reader("en-US", None)


async def test_at_rcpt_nobody_has_proven_anything(database: Database) -> None:
    """The address alone may have been forwarded: the refusal has words, and no link."""
    gateway = await _gateway(database, _reads_only)
    verdict = await admit(await gateway.address(), gateway.at)

    assert isinstance(verdict, Reject)
    assert verdict.reader == Reader("en-US", None)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        pytest.param(None, None, id="no inbox URL"),
        pytest.param("javascript:alert(1)", None, id="no web address"),
        pytest.param("https://shop.test/{{user.name}}", "https://shop.test/Bo", id="with a name"),
        pytest.param("{{app.custom.home}}/x", "https://acme.test/de/x", id="in their language"),
    ],
)
async def test_the_link_is_the_roles(database: Database, url: str | None, link: str | None) -> None:
    """As in the digests: macros filled in, custom fields in the reader's language, the web only."""

    def work(session: Session) -> str | None:
        app, user = apps.find(session, APP), users.find(session, APP, "bo")
        assert isinstance(app, App)
        assert user is not None
        app.custom = {"home": "https://acme.test/en", "home:de": "https://acme.test/de"}
        user.locale = "de-AT"
        session.add_all([app, user])
        _with_inbox(session, url)
        session.flush()
        assert conversations.find(session, APP, ROOM) is not None
        named = participants.correspondent(session, *BO)
        assert named is not None
        return link_for(session, named)

    await _gateway(database)

    assert await database.write(partial(work)) == link
