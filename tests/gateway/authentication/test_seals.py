"""A trusted chain of seals proves this mail, to here and now, or it is held like a signature."""

import pytest

from core.moment import DAY, Moment
from gateway.authentication.authenticate import examine
from gateway.authentication.coverage import Addressed, Shortfall
from gateway.authentication.policy import Decision, judge
from gateway.authentication.resolver import Questions
from gateway.authentication.results import Authentication, Result
from gateway.mail.envelope import Envelope
from tests.support.senders import SEALED_FIELDS, Zones, a_letter, rsa_key, sealed, signed, texts

WRITTEN: Moment = 1_700_000_000_000  # Tue, 14 Nov 2023 22:13:20 +0000
US = "r+abc@reply.example.net"
SEEN = "dmarc=pass header.from=example.org"
ZONES = {
    "_dmarc.example.org": "v=DMARC1; p=reject",
    "sel._domainkey.example.org": rsa_key()[1],
    "sel._domainkey.big.test": rsa_key()[1],
    "sel._domainkey.list.test": rsa_key()[1],
}
JUNK = b"DKIM-Signature: v=1; a=rsa-sha256; d=x%d.test; s=x; h=from; bh=AA==; b=AA==\r\n"
PARTS = (
    "--good\r\nContent-Type: text/plain\r\n\r\nNo.\r\n--good--\r\n"
    "--evil\r\nContent-Type: text/plain\r\n\r\nYes.\r\n--evil--\r\n"
)


def found(raw: bytes, now: Moment = WRITTEN, recipient: str = US) -> Authentication:
    """Return what is found of a mail by a stranger's machine, two forwarders being trusted."""
    questions = Questions(Zones(texts(ZONES)), 5)
    envelope = Envelope("eve@eve.test", (recipient,), "192.0.2.1")
    sealers = frozenset({"big.test", "list.test"})
    addressed = Addressed(recipient, now)
    return examine(raw, envelope, "bo@example.org", questions, sealers, addressed)


def ruled(known: Authentication) -> Decision:
    """Return what becomes of a mail of the owner's of which this is known."""
    return judge("strict", matches=True, authors=1, authentication=known).decision


def without(*fields: bytes) -> list[bytes]:
    """Return what a sealer signs who leaves these out."""
    return [one for one in SEALED_FIELDS if one not in fields]


def test_a_whole_chain_proves_it() -> None:
    """Both sealers saw it, the last signed all of it, it is to us and young."""
    once = sealed(a_letter(), "list.test", SEEN)
    twice = sealed(once, "big.test", f"arc=pass; {SEEN}")

    for raw in (once, twice):
        known = found(raw)
        assert (known.arc, known.shortfall) == (Result.PASS, "")
        assert ruled(known) is Decision.POST


@pytest.mark.parametrize(
    ("raw", "now", "recipient", "expected"),
    [
        pytest.param(
            sealed(a_letter(), "big.test", SEEN), WRITTEN + 8 * DAY, US, Shortfall.OLD, id="old"
        ),
        pytest.param(
            sealed(a_letter(), "big.test", SEEN), WRITTEN, "r+xyz@reply.example.net",
            Shortfall.OTHER_RECIPIENTS, id="to another conversation",
        ),
        pytest.param(
            sealed(a_letter(), "big.test", SEEN, fields=without(b"to")), WRITTEN, US,
            Shortfall.OTHER_RECIPIENTS, id="its recipients are not sealed",
        ),
        pytest.param(
            sealed(a_letter(), "big.test", SEEN, fields=without(b"subject")), WRITTEN, US,
            Shortfall.UNSIGNED_FIELD, id="its subject is not sealed",
        ),
        pytest.param(
            sealed(a_letter(body=PARTS), "big.test", SEEN, fields=without(b"content-type")),
            WRITTEN, US, Shortfall.UNSIGNED_FIELD, id="its type is not sealed",
        ),
        pytest.param(
            sealed(a_letter(), "big.test", SEEN, fields=without(b"message-id")), WRITTEN, US,
            Shortfall.UNSIGNED_FIELD, id="its Message-ID is not sealed",
        ),
        pytest.param(
            sealed(
                sealed(a_letter(), "list.test", SEEN), "big.test", "arc=pass", fields=without(b"to")
            ),
            WRITTEN, US, Shortfall.OTHER_RECIPIENTS, id="the last sealer signs less",
        ),
        pytest.param(
            b"Subject: Re: Order 2\r\n" + sealed(a_letter(), "big.test", SEEN), WRITTEN, US,
            Shortfall.UNSIGNED_FIELD, id="a subject on top",
        ),
    ],
)  # fmt: skip
def test_a_chain_that_falls_short_is_held(
    raw: bytes, now: Moment, recipient: str, expected: Shortfall
) -> None:
    """Whoever has got hold of a sealed mail may send it on, as with a signed one."""
    known = found(raw, now, recipient)

    assert (known.dmarc, known.arc, known.shortfall) == (Result.FAIL, Result.PASS, expected)
    assert ruled(known) is Decision.HOLD


@pytest.mark.parametrize("count", [1, 9, 10, 11, 50])
def test_other_signatures_on_top_change_nothing(count: int) -> None:
    """An old signed mail stays one, whatever stands above it, and a young one is posted."""
    junk = b"".join(JUNK % number for number in range(count))
    raw = junk + sealed(signed(a_letter(), fields=SEALED_FIELDS), "big.test", SEEN)
    old, young = found(raw, WRITTEN + 30 * DAY), found(raw)

    assert (old.dmarc, old.shortfall, ruled(old)) == (Result.PASS, "old", Decision.HOLD)
    assert (young.dmarc, young.shortfall, ruled(young)) == (Result.PASS, "", Decision.POST)


def test_hundreds_of_signatures_prove_nothing() -> None:
    """Nobody looks through all of them, and what is not looked at is held."""
    junk = b"".join(JUNK % number for number in range(500))
    known = found(junk + sealed(signed(a_letter(), fields=SEALED_FIELDS), "eve.test", SEEN))

    assert (known.dmarc, ruled(known)) == (Result.FAIL, Decision.HOLD)


@pytest.mark.parametrize("spoil", ["cut", "doubled", "behind a megabyte"])
def test_a_spoilt_chain_is_held(spoil: str) -> None:
    """Half of it, two of it, or one below a megabyte of other words."""
    raw = sealed(a_letter(), "big.test", SEEN)
    spoilt = {
        "cut": raw[: len(raw) // 2],
        "doubled": raw[: raw.index(b"From:")] + raw,
        "behind a megabyte": raw.replace(b"Yes", b"x\r\n" * 350_000 + b"Yes"),
    }[spoil]

    assert ruled(found(spoilt)) is Decision.HOLD
