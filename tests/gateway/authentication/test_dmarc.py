"""What a domain asks of its mail is found, and read with care."""

import pytest

from gateway.authentication.dmarc import Demands, demands
from gateway.authentication.resolver import Questions, RecordType, Unanswered
from tests.support.senders import DOWN, Zones, texts


def asked(author: str, zones: Zones) -> Demands | None:
    """Return what the author's domain asks."""
    return demands(author, Questions(zones, 5))


@pytest.mark.parametrize(
    ("author", "records", "policy"),
    [
        pytest.param(
            "example.org", {"_dmarc.example.org": "v=DMARC1; p=reject"}, "reject", id="its own"
        ),
        pytest.param(
            "a.example.co.uk",
            {"_dmarc.example.co.uk": "v=DMARC1; p=reject"},
            "reject",
            id="of the organization, below co.uk",
        ),
        pytest.param(
            "a.example.org",
            {"_dmarc.example.org": "v=DMARC1; p=reject; sp=quarantine"},
            "quarantine",
            id="for sub-domains",
        ),
        pytest.param(
            "a.example.org",
            {
                "_dmarc.a.example.org": "v=DMARC1; p=none",
                "_dmarc.example.org": "v=DMARC1; p=reject; sp=reject",
            },
            "none",
            id="a sub-domain's own goes first",
        ),
        pytest.param(
            "example.org",
            {"_dmarc.example.org": "v=DMARC1; p=reject; t=y"},
            "quarantine",
            id="test",
        ),
        pytest.param(
            "example.org",
            {"_dmarc.example.org": ("v=spf1 -all", "v=DMARC1;p=QUARANTINE")},
            "quarantine",
            id="beside another text",
        ),
        pytest.param(
            "example.org",
            {"_dmarc.example.org": "v=DMARC1; p=banish; rua=mailto:d@example.org"},
            "none",
            id="a policy nobody knows, with reports wanted",
        ),
        pytest.param(
            "example.bank", {"_dmarc.bank": "v=DMARC1; p=reject; psd=y"}, "reject", id="a suffix's"
        ),
        pytest.param("example.bank", {"_dmarc.bank": "v=DMARC1; p=reject"}, None, id="no psd=y"),
        pytest.param("example.org", {}, None, id="none"),
        pytest.param(
            "example.org", {"_dmarc.example.org": "v=DMARC1; p=banish"}, None, id="not a policy"
        ),
        pytest.param("example.org", {"_dmarc.example.org": "v=DMARC1"}, None, id="no policy"),
        pytest.param(
            "example.org", {"_dmarc.example.org": "v=DMARC2; p=reject"}, None, id="another version"
        ),
        pytest.param(
            "example.org",
            {"_dmarc.example.org": ("v=DMARC1; p=reject", "v=DMARC1; p=none")},
            None,
            id="two records",
        ),
        pytest.param(
            "example.org",
            {"_dmarc.example.org": "v=DMARC1; p=reject;" * 500},
            None,
            id="a huge one",
        ),
    ],
)
def test_the_record_that_applies(
    author: str, records: dict[str, str | tuple[str, ...]], policy: str | None
) -> None:
    """The author's own record, else the organization's, else its suffix's."""
    found = asked(author, Zones(texts(records)))

    assert (found.policy if found else None) == policy


@pytest.mark.parametrize(
    ("zone", "policy"),
    [
        pytest.param({}, "reject", id="no such name"),
        pytest.param(
            {("a.example.org", RecordType.A): ("192.0.2.1",)}, "none", id="it has an address"
        ),
        pytest.param(
            {("a.example.org", RecordType.AAAA): ("2001:db8::1",)}, "none", id="of version 6"
        ),
        pytest.param(
            {("a.example.org", RecordType.MX): ("mx.example.org",)}, "none", id="it takes mail"
        ),
        pytest.param({("a.example.org", RecordType.MX): DOWN}, "none", id="nobody can say"),
    ],
)
def test_names_that_are_not_have_a_policy_of_their_own(
    zone: dict[tuple[str, RecordType], tuple[str, ...]], policy: str
) -> None:
    """``np`` is for authors at domains that do not exist (RFC 9091)."""
    records = texts({"_dmarc.example.org": "v=DMARC1; p=none; np=reject"})

    found = asked("a.example.org", Zones(records | zone))

    assert found is not None
    assert found.policy == policy


def test_strictness_is_asked_for_each() -> None:
    """``aspf`` and ``adkim`` are two."""
    found = asked("example.org", Zones(texts({"_dmarc.example.org": "v=DMARC1;p=none;aspf=s"})))

    assert found is not None
    assert (found.strict_spf, found.strict_dkim) == (True, False)


def test_who_ends_an_organization_ends_it() -> None:
    """``psd=n``: what stands above, or beside, does not speak for this domain (RFC 9989)."""
    records = {
        "_dmarc.dept.example.edu": "v=DMARC1; p=reject; psd=n",
        "_dmarc.example.edu": "v=DMARC1; p=none",
    }

    found = asked("a.dept.example.edu", Zones(texts(records)))

    assert found is not None
    assert found.policy == "reject"
    assert found.accepts("b.dept.example.edu", strict=False)
    assert not found.accepts("other.example.edu", strict=False)
    assert not found.accepts("example.edu", strict=False)


def test_no_name_makes_many_questions() -> None:
    """However deep a stranger's name, at most eight records are asked for."""
    zones = Zones({})
    asked(".".join("abcdefghijklmnopqrst") + ".example.org", zones)

    assert len(zones.asked) <= 8


def test_a_server_that_fails_is_not_a_domain_without_a_record() -> None:
    """Who can make DNS fail must not make DMARC go away."""
    zones = Zones({("_dmarc.example.org", RecordType.TXT): DOWN})

    with pytest.raises(Unanswered):
        asked("example.org", zones)
