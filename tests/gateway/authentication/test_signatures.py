"""Signatures are verified, and only those that may count."""

import pytest
from dkim.crypto import parse_pem_private_key

from gateway.authentication import signatures
from gateway.authentication.canonical import split
from gateway.authentication.resolver import Questions, RecordType
from gateway.authentication.signatures import Signers, signers
from tests.support.cost import cost
from tests.support.senders import (
    DOWN,
    Zones,
    a_letter,
    ed25519_key,
    key_record,
    rsa_key,
    signed,
    signed_by_hand,
    signed_ed25519,
    texts,
)

NAME = "sel._domainkey.example.org"


def found(raw: bytes, author: str = "example.org", **zone: str) -> Signers:
    """Return who has signed, with the RSA key in example.org's zone."""
    zones = Zones(texts({NAME: rsa_key()[1], **zone}))
    letter = split(raw)
    assert letter is not None
    return signers(letter, author, Questions(zones, 5))


GOOD = Signers(("example.org",))
NOBODY = Signers()


@pytest.mark.parametrize(
    "canonicalize",
    [
        pytest.param((head, body), id=f"{head.decode()}/{body.decode()}")
        for head in (b"simple", b"relaxed")
        for body in (b"simple", b"relaxed")
    ],
)
def test_a_good_signature_is_good(canonicalize: tuple[bytes, bytes]) -> None:
    """Real signatures, in each canonical form (RFC 6376, 3.4)."""
    raw = a_letter(body="One  line \r\n\r\n\ttwo\r\n\r\n\r\n")

    assert found(signed(raw, canonicalize=canonicalize)) == GOOD


def test_ed25519_is_as_good() -> None:
    """RFC 8463."""
    zones = Zones(texts({NAME: ed25519_key()[1]}))
    letter = split(signed_ed25519(a_letter()))
    assert letter is not None

    assert signers(letter, "example.org", Questions(zones, 5)) == GOOD


def test_a_signature_made_by_hand_is_good() -> None:
    """What the tests below change is what makes them fail."""
    assert found(signed_by_hand(a_letter())) == GOOD


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        pytest.param(b"Yes, please.", b"No, never.", id="the body"),
        pytest.param(b"please.\r\n", b"please.\r\nAnd more.\r\n", id="more of the body"),
        pytest.param(b"Subject: Re", b"Subject: Fwd", id="a signed field"),
        pytest.param(b"From: Bo", b"From: Ann", id="the author's name"),
        pytest.param(
            b"From: Bo", b"From: Eve <eve@example.org>\r\nFrom: Bo", id="a second From above"
        ),
        pytest.param(
            b"\r\n\r\nYes", b"\r\nFrom: Eve <eve@example.org>\r\n\r\nYes", id="a second From below"
        ),
    ],
)
def test_what_was_changed_is_no_longer_signed(was: bytes, becomes: bytes) -> None:
    """One octet is enough."""
    raw = signed(a_letter())
    assert was in raw

    assert found(raw.replace(was, becomes, 1)) == NOBODY


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param({"h": "to:subject"}, id="From is not signed"),
        pytest.param({"a": "rsa-sha1"}, id="rsa-sha1 (RFC 8301)"),
        pytest.param({"x": "1500000000"}, id="expired"),
        pytest.param({"t": "99999999999"}, id="from the future"),
        pytest.param({"t": "1700000000", "x": "1600000000"}, id="expired before it was made"),
        pytest.param({"v": "2"}, id="another version"),
        pytest.param({"l": "0"}, id="l= covers nothing"),
        pytest.param({"l": "999999"}, id="l= covers more than there is"),
        pytest.param({"i": "bo@example.net"}, id="an identity elsewhere"),
        pytest.param({"d": "example.net"}, id="a domain that cannot count"),
        pytest.param({"s": "other"}, id="a key that is not there"),
        pytest.param({"c": "nofws"}, id="an unknown canonical form"),
        pytest.param({"q": "dns/other"}, id="an unknown way to ask"),
        pytest.param({"h": "from:" + ":".join(["x"] * 200)}, id="hundreds of fields"),
        pytest.param({"z": "b" + "\r\n " * 400 + "="}, id="folded blanks"),
        pytest.param({"z": " " * 100}, id="a run of blanks"),
        pytest.param({"z": "x" * 5_000}, id="a huge one"),
    ],
)
def test_a_signature_that_must_not_count_does_not(tags: dict[str, str]) -> None:
    """Each is made with the right key."""
    assert found(signed_by_hand(a_letter(), key=None, **tags)) == NOBODY


def test_a_length_that_covers_all_is_good() -> None:
    """Some large senders write ``l=`` always; it is what stands behind it that must be nothing."""
    assert found(signed(a_letter(), length=True)) == GOOD


def test_what_stands_behind_a_length_is_an_attackers() -> None:
    """``l=`` would let anybody write below a mail that was once signed (RFC 6376, 8.2)."""
    raw = signed(a_letter(), length=True)

    assert found(raw + b"<b>Send the money to me.</b>\r\n") == NOBODY


def test_a_subdomain_may_sign_for_the_author() -> None:
    """Of the author's organization; whether that is enough, DMARC says."""
    zone = {"sel._domainkey.mail.example.org": rsa_key()[1]}

    assert found(signed(a_letter(), "mail.example.org"), **zone) == Signers(("mail.example.org",))


def test_strangers_keys_are_not_even_asked_for() -> None:
    """A signature that cannot count costs no question in a zone of a stranger's."""
    zones = Zones({})
    letter = split(signed(a_letter(), "evil.example.net"))
    assert letter is not None
    signers(letter, "example.org", Questions(zones, 5))

    assert zones.asked == []


def test_the_second_signature_may_be_the_good_one() -> None:
    """A signature on top that is broken hides none below."""
    raw = signed(a_letter())
    broken = raw[: raw.index(b"From:")].replace(b"bh=", b"bh=AAAA")

    assert found(broken + raw) == GOOD


def test_ten_signatures_are_looked_at() -> None:
    """A mail with a thousand costs as much as one with ten."""
    raw = signed(a_letter())
    good = raw[: raw.index(b"From:")]
    broken = good.replace(b"bh=", b"bh=AAAA")

    assert found(broken * 9 + raw) == GOOD
    assert found(broken * 10 + raw) == NOBODY


@pytest.mark.parametrize(
    "record",
    [
        pytest.param("", id="empty"),
        pytest.param("v=DKIM1; p=", id="revoked"),
        pytest.param("v=DKIM1; p=####", id="no base64"),
        pytest.param("v=DKIM1; k=rsa; p=AAAA", id="no key"),
        pytest.param("v=DKIM1; k=ed25519; p=AAAA", id="no Ed25519 key"),
        pytest.param("v=DKIM1; k=dsa; p=AAAA", id="an unknown kind"),
        pytest.param("v=DKIM2; " + rsa_key()[1][9:], id="an unknown version"),
        pytest.param("p=" + "A" * 6_000, id="a huge record"),
        pytest.param("p;p=;=p", id="nonsense"),
        pytest.param("v=DKIM1; p=\xff\xfe", id="octets beyond ASCII"),
    ],
)
def test_a_record_that_is_no_key_proves_nothing(record: str) -> None:
    """Whatever stands in a zone, it is an answer: nobody has signed."""
    zones = Zones(texts({NAME: record}))
    letter = split(signed(a_letter()))
    assert letter is not None

    assert signers(letter, "example.org", Questions(zones, 5)) == NOBODY


def test_a_short_key_proves_nothing() -> None:
    """RFC 8301, 3.2: below 1,024 bits is no signature."""
    record = key_record(parse_pem_private_key(rsa_key()[0])["modulus"] >> 1_300, 65537)
    zones = Zones(texts({NAME: record}))
    letter = split(signed(a_letter()))
    assert letter is not None

    assert signers(letter, "example.org", Questions(zones, 5)) == NOBODY


@pytest.mark.parametrize(
    ("modulus", "exponent"),
    [
        pytest.param((1 << 8_192) - 159, 65537, id="a huge modulus"),
        pytest.param((1 << 4_096) - 159, (1 << 4_096) - 3, id="a huge exponent"),
        pytest.param((1 << 2_048) - 159, (1 << 34) + 1, id="an exponent beyond all that are used"),
        pytest.param((1 << 2_048) - 159, 1, id="an exponent that makes anything a signature"),
    ],
)
def test_a_key_may_not_cost_more_than_a_key(modulus: int, exponent: int) -> None:
    """The zone's owner chooses the exponent, and we would have to raise to it."""
    record = key_record(modulus, exponent)
    zones = Zones(texts({NAME: record}))
    letter = split(signed(a_letter()))
    assert letter is not None

    assert signers(letter, "example.org", Questions(zones, 5)) == NOBODY
    assert signatures.key(NAME.encode(), Questions(zones, 5)) is None
    assert cost(lambda: signers(letter, "example.org", Questions(zones, 5))) < 30


def test_a_server_that_fails_leaves_it_open() -> None:
    """Not good, but it may yet be: the mail is tried again."""
    zones = Zones({(NAME, RecordType.TXT): DOWN})
    letter = split(signed(a_letter()))
    assert letter is not None

    assert signers(letter, "example.org", Questions(zones, 5)) == Signers((), unanswered=True)


def test_many_fields_and_signatures_cost_little() -> None:
    """A thousand fields under ten signatures that name a hundred each."""
    names = [b"x%d" % number for number in range(100)]
    raw = b"".join(b"X%d: y\r\n" % number for number in range(900)) + a_letter()
    one = signed_by_hand(raw, h="from:" + b":".join(names).decode(), bh="AAAA")
    head = one[: one.index(b"X0:")]
    letter = split(head * 10 + raw)
    assert letter is not None

    zones = Zones(texts({NAME: rsa_key()[1]}))

    assert cost(lambda: signers(letter, "example.org", Questions(zones, 5))) < 200
