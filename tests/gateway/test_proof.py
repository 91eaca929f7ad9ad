"""A reply is only posted if its author's domain does not disown it."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.store import held, receipts
from core.store.database import Database
from core.verdict import Defer, Hold, Reason
from gateway.authentication.authenticate import Means
from gateway.authentication.check import SenderChecks
from gateway.authentication.resolver import RecordType
from tests.support.people import APP
from tests.support.reception import Gateway, a_gateway, a_mail
from tests.support.senders import DOWN, Zones, rsa_key, signed

STRICT = {("_dmarc.example.net", RecordType.TXT): ("v=DMARC1; p=reject",)}
SIGNED = STRICT | {("sel._domainkey.example.net", RecordType.TXT): (rsa_key()[1],)}
SILENT = {("_dmarc.example.net", RecordType.TXT): DOWN}


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Lend a thread for the libraries that block."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


async def checking(
    database: Database,
    pool: ThreadPoolExecutor,
    zones: Mapping[tuple[str, RecordType], tuple[str, ...]],
) -> Gateway:
    """Open a gateway that knows these zones."""
    means = Means(Zones(zones), pool)
    senders = SenderChecks(lambda: means)
    return await a_gateway(database, senders=senders, mail_domain="list.test")


async def test_p5_25_a_forged_author_is_held(database: Database, pool: ThreadPoolExecutor) -> None:
    """The address and the name are right, and the domain says it never sent this."""
    gateway = await checking(database, pool, STRICT)
    verdict = await gateway.offer(a_mail("Pay to this account instead."))
    (waiting,) = await gateway.database.read(
        lambda s: held.listed(s, APP, waiting_only=True, limit=9)
    )
    (kept,) = await gateway.database.read(lambda s: receipts.listed(s, APP, 9))

    assert verdict == Hold(Reason.SENDER_UNPROVEN)
    assert await gateway.said() == []
    assert waiting.reason == Reason.SENDER_UNPROVEN
    assert kept.evidence is not None
    assert kept.evidence["sender"]["dmarc"] == "fail"


async def test_a_signed_reply_is_posted(database: Database, pool: ThreadPoolExecutor) -> None:
    """A good signature of the author's domain proves it, under the strictest policy."""
    gateway = await checking(database, pool, SIGNED)
    raw = a_mail("Yes, it is.", To=await gateway.address()).replace(b"\n", b"\r\n")
    mail = signed(raw, "example.net", fields=[b"from", b"to", b"subject", b"message-id"])
    verdict = await gateway.offer(mail.replace(b"\r\n", b"\n"))

    assert verdict.reason is Reason.POSTED
    assert await gateway.said() == ["Yes, it is."]


async def test_p5_27_a_domain_that_says_nothing_is_no_hindrance(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    """Most small domains publish nothing, and the secret address has been proven."""
    gateway = await checking(database, pool, {})

    assert (await gateway.offer(a_mail())).reason is Reason.POSTED


async def test_what_cannot_be_looked_up_is_put_off(
    database: Database, pool: ThreadPoolExecutor
) -> None:
    """A name server that is down is no reason to hold a mail, nor to believe it: 4yz, later."""
    gateway = await checking(database, pool, SILENT)
    verdict = await gateway.offer(a_mail())

    assert verdict == Defer(Reason.SENDER_UNCHECKED)
    assert await gateway.database.read(lambda s: receipts.listed(s, APP, 9)) == []
