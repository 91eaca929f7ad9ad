"""Somebody sends again what Bo signed once: it is his, and not his mail to here."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.model.held import AuthorProof
from core.store import held, receipts
from core.store.database import Database
from core.verdict import Hold, Reason, Verdict
from gateway.authentication.authenticate import Means
from gateway.authentication.check import SenderChecks
from gateway.authentication.resolver import RecordType
from tests.support.people import APP
from tests.support.reception import Gateway, a_gateway, a_mail
from tests.support.senders import Zones, rsa_key, signed

ZONES = {
    ("_dmarc.example.net", RecordType.TXT): ("v=DMARC1; p=reject",),
    ("sel._domainkey.example.net", RecordType.TXT): (rsa_key()[1],),
}
HOP = ZONES | {("example.net", RecordType.TXT): ("v=spf1 ip4:192.0.2.1 -all",)}
PARTS = (
    "--good\n\nNo.\n\n--evil\nContent-Type: text/plain\n\nYes. I agree to all of it.\n--evil--\n"
    "--good--"
)
TYPE = 'multipart/alternative; boundary="good"'
LATELY, LONG_AGO = "Tue, 14 Nov 2023 20:00:00 +0000", "Tue, 3 Oct 2023 20:00:00 +0000"
NAMED = [b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"content-type"]


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Lend a thread for the libraries that block."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


async def opened(
    database: Database, pool: ThreadPoolExecutor, *, hop: bool = False, **more: str
) -> Gateway:
    """Open a gateway that knows Bo's domain."""
    means = Means(Zones(HOP if hop else ZONES), pool)
    return await a_gateway(database, senders=SenderChecks(lambda: means), **more)


async def comes(
    gateway: Gateway,
    head: dict[str, str],
    unsigned: bytes = b"",
    change: tuple[str, str] = ("", ""),
) -> Verdict:
    """Offer a mail of Bo's, signed but for one field, and changed after that."""
    given = {name: value.replace("US", await gateway.address()) for name, value in head.items()}
    text = PARTS if "multipart" in given.get("Content_Type", "") else "Yes."
    raw = a_mail(text, **given).replace(b"\n", b"\r\n")
    fields = [name for name in NAMED if name != unsigned]
    mail = signed(raw, "example.net", fields=fields).replace(b"\r\n", b"\n")
    again = mail.replace(change[0].encode(), change[1].encode())
    return await gateway.offer(again, sender="bo@example.net")


CASES = [
    pytest.param(
        {"To": "US", "Content_Type": TYPE}, b"content-type", ('y="good"', 'y="evil"'),
        id="another boundary",
    ),
    pytest.param(
        {"To": "US", "Content_Type": "text/plain"}, b"content-type",
        ("text/plain", "text/html"), id="plain text made HTML",
    ),
    pytest.param(
        {"To": "US", "Content_Type": "text/plain; charset=utf-8"}, b"content-type",
        ("utf-8", "utf-7"), id="another charset",
    ),
    pytest.param(
        {"To": "US"}, b"content-type",
        ("Subject:", "Content-Transfer-Encoding: base64\nSubject:"), id="a coding added",
    ),
    pytest.param({"To": "US"}, b"subject", ("Re: x", "Re: y"), id="another subject"),
    pytest.param({"To": "US"}, b"message-id", ("<1@x>", "<2@x>"), id="another Message-ID"),
    pytest.param({"To": "US", "Date": LONG_AGO}, b"", ("", ""), id="an old mail"),
    pytest.param({"To": "ann@example.com"}, b"", ("", ""), id="a mail to somebody else"),
    pytest.param({"To": "r+x@reply.test"}, b"", ("", ""), id="to another conversation"),
    pytest.param({"To": '"US" <eve@x.test>'}, b"", ("", ""), id="to Eve, who calls herself us"),
    pytest.param({"To": "eve@x.test (US)"}, b"", ("", ""), id="to Eve, with us in a comment"),
    pytest.param({"To": "eve+US"}, b"", ("", ""), id="to Eve, with us behind her name"),
    pytest.param({"To": "US.x.test"}, b"", ("", ""), id="to our local part elsewhere"),
    pytest.param(
        {"To": "eve@x.test", "Cc": "US <eve@x.test>"}, b"", ("", ""), id="with us as a name in Cc"
    ),
    pytest.param({"To": "US: eve@x.test;"}, b"", ("", ""), id="to a group of our name"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "unsigned", "change"), CASES)
async def test_it_is_held(
    database: Database, pool: ThreadPoolExecutor,
    head: dict[str, str], unsigned: bytes, change: tuple[str, str],
) -> None:  # fmt: skip
    """The signature is good, and does not tell that Bo sent this to here."""
    gateway = await opened(database, pool, mail_domain="list.test")
    verdict = await comes(gateway, head, unsigned, change)
    (one,) = await gateway.database.read(lambda s: held.listed(s, APP, waiting_only=True, limit=9))
    (kept,) = await gateway.database.read(lambda s: receipts.listed(s, APP, 9))

    assert verdict == Hold(Reason.SENDER_UNPROVEN)
    assert await gateway.said() == []
    assert one.proof == AuthorProof.AUTHOR_ONLY
    assert kept.evidence is not None
    assert (kept.evidence["sender"]["dmarc"], bool(kept.evidence["sender"]["shortfall"])) == (
        "pass",
        True,
    )


@pytest.mark.parametrize(("head", "unsigned", "change"), CASES[3:])
async def test_it_is_posted_where_the_hop_proves_it(
    database: Database, pool: ThreadPoolExecutor,
    head: dict[str, str], unsigned: bytes, change: tuple[str, str],
) -> None:  # fmt: skip
    """It comes from a machine that Bo's domain says is its own."""
    gateway = await opened(database, pool, hop=True)

    assert not isinstance(await comes(gateway, head, unsigned, change), Hold)


async def test_a_young_mail_to_us_is_posted(database: Database, pool: ThreadPoolExecutor) -> None:
    """Signed with all that decides, whichever way it took."""
    gateway = await opened(database, pool)
    head = {"To": "US, ann@example.com", "Date": LATELY, "Content_Type": "text/plain"}

    assert (await comes(gateway, head)).reason is Reason.POSTED
