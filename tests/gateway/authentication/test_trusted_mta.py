"""What our own MTA reports of a mail is believed for what it proves: the hop, or a signature."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from ipaddress import ip_network

import pytest

from core.model.held import AuthorProof
from core.model.member import Correspondent
from core.model.participant import Access
from core.moment import DAY, Moment
from gateway.authentication.authenticate import Means
from gateway.authentication.check import SenderChecks, check
from gateway.authentication.policy import Decision
from gateway.authentication.results import Authentication
from gateway.authentication.trusted_mta import Front
from gateway.mail.envelope import Envelope
from gateway.mail.head import head_of
from gateway.mail.offer import Offer
from gateway.mail.parse import parse
from tests.support.senders import SEALED_FIELDS, Zones, a_letter, rsa_key, signed, texts

WRITTEN: Moment = 1_700_000_000_000  # Tue, 14 Nov 2023 22:13:20 +0000
US = "r+abc@reply.example.net"
FRONT = Front((ip_network("10.0.0.0/8"),), "mx.front.test")
BO = Correspondent(
    app_id="shop", conversation_id="room", user_id="bo", access=Access.READ_WRITE, left_at=None,
    address_epoch=0, sender_policy="strict", name="Bo", addresses=("bo@example.org",),
    locale="en", conversation_subject=None,
)  # fmt: skip
ZONES = {"_dmarc.example.org": "v=DMARC1; p=reject", "sel._domainkey.example.org": rsa_key()[1]}
PASS = "dmarc=pass header.from=example.org"
BY_DKIM = f"dkim=pass header.d=example.org; {PASS}"
LETTER = a_letter()
WHOLE = signed(LETTER, fields=SEALED_FIELDS)
# As Gmail signs: neither Content-Type nor a coding.
GMAIL = signed(LETTER, fields=[b"to", b"subject", b"date", b"message-id", b"from", b"mime-version"])
# As Exchange Online signs: no To.
EXCHANGE = signed(
    LETTER,
    fields=[b"from", b"date", b"subject", b"message-id", b"content-type", b"mime-version"],
)
PARTLY = signed(LETTER, fields=SEALED_FIELDS, length=True)
TWICE = WHOLE[: WHOLE.index(b"From:")] + GMAIL
FORGED = WHOLE[: WHOLE.index(b"From:")].replace(b"bh=", b"bh=AAAA")
JUNK = b"DKIM-Signature: v=1; a=rsa-sha256; d=x.test; s=x; h=from; bh=AA==; b=AA==\r\n"
SLOW = b"DKIM-Signature: v=1; d=example.org; z=" + b" " * 100 + b"x\r\n"


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    """Lend a thread for the libraries that block."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


async def ruled(
    raw: bytes, *results: str, now: Moment = WRITTEN, pool: ThreadPoolExecutor | None = None
) -> tuple[Decision, Authentication]:
    """Return what becomes of a mail that the front passes on, with DNS where there is a pool."""
    above = "".join(f"Authentication-Results: mx.front.test; {one}\r\n" for one in results)
    mail = above.encode() + raw
    means = Means(Zones(texts(ZONES)), pool) if pool else None
    at = SenderChecks((lambda: means) if means else None, FRONT)
    offer = Offer(Envelope("eve@eve.test", (US,), "10.1.2.3"), US, mail, now, 1)
    ruling, known = await check(offer, head_of(parse(mail)), BO, at)
    return ruling.decision, known


HOPS = [
    "spf=pass smtp.mailfrom=bo@example.org",
    "spf=pass smtp.mailfrom=example.org",
    "spf=pass smtp.mailfrom=<bounce@mail.example.org>",
    'spf=pass smtp.mailfrom="bo smith"@example.org',
    "spf=pass (mx: domain of bo@example.org) smtp.helo=x.test smtp.mailfrom=Bo@Example.Org",
    "spf=pass smtp.helo=relay.test; spf=pass smtp.mailfrom=example.org",
]


@pytest.mark.parametrize("spf", HOPS)
@pytest.mark.parametrize("raw", [WHOLE, GMAIL, EXCHANGE, PARTLY, LETTER])
async def test_an_aligned_pass_of_spf_proves_the_hop(raw: bytes, spf: str) -> None:
    """Whatever a signature covers, and whenever it was made: it comes from the author's domain."""
    for results in ([f"{spf}; {BY_DKIM}"], [BY_DKIM, spf], [PASS, "dkim=pass", spf]):
        decision, known = await ruled(raw, *results, now=WRITTEN + 30 * DAY)

        assert (decision, known.shortfall) == (Decision.POST, "")


NO_HOPS = [
    "",
    "spf=fail smtp.mailfrom=eve.test; ",
    "spf=pass smtp.mailfrom=eve.test; ",
    "spf=pass smtp.helo=example.org; ",
    "spf=softfail smtp.mailfrom=example.org; ",
    'spf=pass smtp.mailfrom="bo@example.org"@eve.test; ',
    'spf=pass smtp.mailfrom="bo@example.org x"@eve.test; ',
    "spf=pass smtp.mailfrom=example.org.eve.test; ",
    "spf=pass smtp.mailfrom=example.org@eve.test; ",
    "spf=pass smtp.mailfrom=eve.test (smtp.mailfrom=example.org); ",
    "spf=pass smtp.mailfrom=eve.test; spf=pass smtp.mailfrom=example.org; ",
    "spf=fail; spf=pass smtp.mailfrom=example.org; ",
    "spf=pass smtp.mailfrom=eve.test smtp.mailfrom=example.org; ",
    "spf=pass; ",
]


@pytest.mark.parametrize("spf", NO_HOPS)
@pytest.mark.parametrize(
    ("raw", "days", "expected"),
    [
        pytest.param(WHOLE, 30, "old", id="old"),
        pytest.param(GMAIL, 0, "unsigned-field", id="its type is not signed"),
        pytest.param(GMAIL.replace(b"text/plain", b"text/html"), 0, "unsigned-field", id="changed"),
        pytest.param(EXCHANGE, 0, "other-recipients", id="its To is not signed"),
        pytest.param(PARTLY + b"And more.\r\n", 0, "part-of-body", id="words below"),
        pytest.param(SLOW + WHOLE, 0, "unverified", id="beside one that nobody reads"),
        pytest.param(FORGED * 5 + WHOLE, 0, "unverified", id="below many"),
        pytest.param(JUNK * 101 + WHOLE, 0, "unverified", id="below hundreds"),
        pytest.param(FORGED + GMAIL, 0, "unsigned-field", id="beside a forged one that covers all"),
    ],
)
async def test_what_is_passed_by_a_signature_alone_is_measured(
    raw: bytes, days: int, expected: str, spf: str
) -> None:
    """The front has verified it, and asks neither how old it is nor what it covers."""
    decision, known = await ruled(raw, spf + BY_DKIM, now=WRITTEN + days * DAY)

    assert (decision, known.shortfall) == (Decision.HOLD, expected)
    assert known.author_proof != AuthorProof.PROVEN


@pytest.mark.parametrize("spf", NO_HOPS)
async def test_a_whole_signature_is_enough(spf: str) -> None:
    """A genuine mail that took another way, also where others have signed it besides."""
    for raw in (WHOLE, JUNK * 20 + WHOLE, WHOLE.replace(b"please.", b"please, says the front.")):
        decision, known = await ruled(raw, spf + BY_DKIM)

        assert (decision, known.shortfall) == (Decision.POST, "")


async def test_who_has_not_signed_has_passed_by_the_hop() -> None:
    """Some fronts tell the result alone; where SPF is told and proves nothing, nothing does."""
    assert (await ruled(LETTER, PASS))[0] is Decision.POST
    assert (await ruled(JUNK + LETTER, PASS))[0] is Decision.POST
    assert (await ruled(LETTER, f"spf=fail smtp.mailfrom=example.org; {PASS}"))[0] is Decision.HOLD


@pytest.mark.parametrize(
    ("raw", "days", "expected"),
    [
        pytest.param(TWICE, 0, Decision.POST, id="signed twice, once wholly"),
        pytest.param(FORGED * 5 + WHOLE, 0, Decision.POST, id="below broken ones"),
        pytest.param(PARTLY, 0, Decision.POST, id="a length that covers all"),
        pytest.param(PARTLY + b"And more.\r\n", 0, Decision.HOLD, id="words below a length"),
        pytest.param(FORGED + GMAIL, 0, Decision.HOLD, id="a forged one covers all"),
        pytest.param(TWICE, 30, Decision.HOLD, id="signed twice, and old"),
        pytest.param(FORGED * 12 + WHOLE, 0, Decision.HOLD, id="below too many"),
    ],
)
async def test_where_dns_may_be_asked_the_signatures_are_verified(
    pool: ThreadPoolExecutor, raw: bytes, days: int, expected: Decision
) -> None:
    """Which of several it was that passed is then known."""
    assert (await ruled(raw, BY_DKIM, now=WRITTEN + days * DAY, pool=pool))[0] is expected


@pytest.mark.parametrize(
    "results",
    [
        ["dmarc=pass"],
        ["dmarc=pass policy.dmarc=none"],
        ["dkim=pass header.d=example.org; dmarc=pass (p=none) header.d=example.org"],
        ["spf=pass smtp.mailfrom=bo@example.org; dmarc=pass"],
        ["dmarc=pass header.fro=example.org"],
        ["dmarc=pass", PASS],
    ],
)
async def test_a_pass_that_names_nobody_is_nobodys(
    pool: ThreadPoolExecutor, results: list[str]
) -> None:
    """It passed for whoever the front took for the author."""
    decision, known = await ruled(LETTER, *results)

    assert (decision, known.author_proof) == (Decision.HOLD, AuthorProof.UNCHECKED)
    assert (await ruled(LETTER, *results, pool=pool))[0] is Decision.HOLD
    assert (await ruled(WHOLE, *results, pool=pool))[0] is Decision.POST


OWN = "Authentication-Results: mx.front.test; spf=pass smtp.mailfrom=example.org\r\n"


@pytest.mark.parametrize(
    "below",
    [
        "Received: from eve.test by mx.front.test; Tue, 14 Nov 2023 22:13:20 +0000\r\n" + OWN,
        OWN.replace("mx.front", "mx.eve"),
        "Authentication-Results: mx.eve.test; none\r\n" + OWN,
        "Authentication-Results: mx.front.test; (\r\n" + OWN,
        OWN.replace("Authentication-Results", "X-Authentication-Results"),
        "Received-SPF: pass (mx.front.test: domain of bo@example.org)\r\n",
    ],
)
async def test_spf_that_the_front_did_not_write_is_not_read(below: str) -> None:
    """Whoever writes a mail writes what stands below the front's own fields."""
    decision, _ = await ruled(below.encode() + GMAIL, BY_DKIM)

    assert decision is Decision.HOLD


async def test_the_uppermost_that_tells_of_spf_counts() -> None:
    """What stands further down may be of another machine, or of nobody."""
    told = "spf=fail smtp.mailfrom=eve.test"
    forged = "spf=pass smtp.mailfrom=example.org"

    assert (await ruled(GMAIL, f"{told}; {BY_DKIM}", forged))[0] is Decision.HOLD
    assert (await ruled(GMAIL, BY_DKIM, told, forged))[0] is Decision.HOLD


@pytest.mark.parametrize("raw", [GMAIL, EXCHANGE, PARTLY + b"More.\r\n", FORGED + GMAIL])
async def test_spoilt_ones_are_held_too(pool: ThreadPoolExecutor, raw: bytes) -> None:
    """Doubled, and with a megabyte of other words; half of one ends as well."""
    head, _, body = raw.partition(b"\r\n\r\n")
    await ruled(raw[: len(raw) // 2], BY_DKIM, pool=pool)
    longer = head + b"\r\n\r\n" + b"x y\r\n" * 200_000 + body

    assert (await ruled(head + b"\r\n" + raw, BY_DKIM))[0] is Decision.HOLD
    assert (await ruled(longer, BY_DKIM, pool=pool))[0] is Decision.HOLD


def test_a_unix_socket_is_this_machine() -> None:
    """LMTP from the front beside us; a stranger's address is no front."""
    here = replace(FRONT, networks=(ip_network("127.0.0.0/8"),))

    assert [here.is_peer(one) for one in ("local", "127.0.0.9", "192.0.2.1", "")] == [
        True, True, False, False,
    ]  # fmt: skip
