"""What is found of a mail tells the same, whether its author's domain asks for anything or not."""

import pytest

from core.model.held import AuthorProof
from core.moment import DAY, Moment
from gateway.authentication.authenticate import examine
from gateway.authentication.coverage import Addressed
from gateway.authentication.policy import Decision, judge
from gateway.authentication.resolver import Questions
from gateway.authentication.results import Authentication, Result
from gateway.mail.envelope import Envelope
from tests.support.senders import SEALED_FIELDS, Zones, a_letter, rsa_key, signed, texts

WRITTEN: Moment = 1_700_000_000_000  # Tue, 14 Nov 2023 22:13:20 +0000
US, OTHERS = "r+abc@reply.example.net", "r+xyz@reply.example.net"
SILENT = {
    "sel._domainkey.example.org": rsa_key()[1],
    "sel._domainkey.mail.example.org": rsa_key()[1],
    "example.org": "v=spf1 ip4:192.0.2.1 -all",
}
ASKS = SILENT | {"_dmarc.example.org": "v=DMARC1; p=none"}
LETTER = signed(a_letter(), fields=SEALED_FIELDS)
WITHOUT_TO = signed(a_letter(), fields=[one for one in SEALED_FIELDS if one != b"to"])
WITHOUT_TYPE = signed(a_letter(), fields=[b"from", b"to", b"subject", b"date", b"message-id"])
HALF_A_DOMAIN = signed(a_letter(), "mail.example.org", fields=SEALED_FIELDS)


def found(
    raw: bytes, zone: dict[str, str], now: Moment, recipient: str, sender: str
) -> Authentication:
    """Return what is found of a mail of Bo's by the machine that his domain sends with."""
    questions = Questions(Zones(texts(zone)), 5)
    envelope = Envelope(sender, (recipient,), "192.0.2.1")
    addressed = Addressed(recipient, now)
    return examine(raw, envelope, "bo@example.org", questions, addressed=addressed)


CASES = [
    pytest.param(LETTER, WRITTEN, US, "", id="whole"),
    pytest.param(HALF_A_DOMAIN, WRITTEN, US, "", id="whole, by a domain below the author's"),
    pytest.param(WITHOUT_TO, WRITTEN, US, "other-recipients", id="its To is not signed"),
    pytest.param(WITHOUT_TYPE, WRITTEN, US, "unsigned-field", id="its type is not signed"),
    pytest.param(LETTER, WRITTEN + 8 * DAY, US, "old", id="old"),
    pytest.param(LETTER, WRITTEN, OTHERS, "other-recipients", id="to another conversation"),
    pytest.param(b"Subject: x\r\n" + LETTER, WRITTEN, US, "unsigned-field", id="a subject on top"),
    pytest.param(HALF_A_DOMAIN, WRITTEN + 8 * DAY, US, "old", id="old, by a domain below"),
    pytest.param(
        LETTER[: LETTER.index(b"From:")] + WITHOUT_TYPE, WRITTEN, US, "",
        id="signed twice, once wholly",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "now", "recipient", "expected"), CASES)
@pytest.mark.parametrize("zone", [SILENT, ASKS], ids=["no policy", "p=none"])
def test_what_it_falls_short_of_is_told(
    raw: bytes, zone: dict[str, str], now: Moment, recipient: str, expected: str
) -> None:
    """The owner who is asked reads "signed once", and not "it did send this"."""
    known = found(raw, zone, now, recipient, "eve@eve.test")
    proof = AuthorProof.AUTHOR_ONLY if expected else AuthorProof.PROVEN

    assert (known.shortfall, known.author_proof) == (expected, proof)


@pytest.mark.parametrize(("raw", "now", "recipient", "expected"), CASES)
@pytest.mark.parametrize("zone", [SILENT, ASKS], ids=["no policy", "p=none"])
def test_the_hop_makes_it_whole(
    raw: bytes, zone: dict[str, str], now: Moment, recipient: str, expected: str
) -> None:
    """It comes from a machine that the author's domain names, whatever its signature covers."""
    known = found(raw, zone, now, recipient, "bo@example.org")

    assert (known.spf, known.shortfall) == (Result.PASS, "")
    assert known.author_proof == AuthorProof.PROVEN


@pytest.mark.parametrize(("raw", "now", "recipient", "expected"), CASES)
def test_a_domain_that_asks_for_nothing_keeps_nobody_waiting(
    raw: bytes, now: Moment, recipient: str, expected: str
) -> None:
    """Anybody may write in its name: the secret address proves the owner, as it did before."""
    known = found(raw, SILENT, now, recipient, "eve@eve.test")
    ruling = judge("strict", matches=True, authors=1, authentication=known)

    assert ruling.decision is Decision.POST


# What large senders sign, less the fields that no such letter has.
PROVIDERS = {
    "Gmail": "to:subject:message-id:date:from:in-reply-to:references:mime-version",
    "Yahoo": "date:from:to:in-reply-to:references:subject:reply-to",
    "iCloud": "from:content-type:mime-version:subject:message-id:date:to",
    "Fastmail": "cc:content-type:date:from:in-reply-to:message-id:mime-version:references:reply-to:"
    "subject:to",
    "Proton": "date:to:from:reply-to:subject:message-id:in-reply-to:references:from:to:cc:date:"
    "subject:reply-to:feedback-id:message-id:bimi-selector",
    "Exchange Online": "from:date:subject:message-id:content-type:mime-version",
    "Postfix with OpenDKIM": "to:references:from:date:in-reply-to",
    "nobody's": "",
}


@pytest.mark.parametrize("named", PROVIDERS.values(), ids=PROVIDERS)
@pytest.mark.parametrize("kind", ["text/plain; charset=utf-8", "multipart/alternative; boundary=x"])
@pytest.mark.parametrize("zone", [SILENT, ASKS], ids=["no policy", "p=none"])
def test_mail_of_its_own_servers_is_posted(named: str, kind: str, zone: dict[str, str]) -> None:
    """Few sign all that decides; those who send from where SPF says need not."""
    letter = a_letter().replace(b"text/plain; charset=utf-8", kind.encode())
    more = b"MIME-Version: 1.0\r\nIn-Reply-To: <0@example.net>\r\n" + letter
    raw = signed(more, fields=named.encode().split(b":")) if named else more
    known = found(raw, zone, WRITTEN, US, "bo@example.org")
    ruling = judge("strict", matches=True, authors=1, authentication=known)

    assert (ruling.decision, known.shortfall) == (Decision.POST, "")
