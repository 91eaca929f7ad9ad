"""The records that make replies arrive and digests trusted."""

import re

from core.config.settings import Settings
from gateway.cli.dns import PublicKey, Record, dns_records, zone_text

PUBLIC = "A" * 392
KEY = PublicKey("s1", "rsa", PUBLIC)


def settings(**addresses: str) -> Settings:
    """Return settings of an operator with a reply domain, a relay and a DKIM key."""
    return Settings.model_validate(
        {
            "smtp": {"hostname": "mx.example.org"},
            "addresses": {
                "domain": "reply.example.org",
                "from_address": "hello@example.org",
                **addresses,
            },
            "dkim": {"domain": "example.org", "key_file": "k.pem"},
            "relay": {"host": "smtp.example.net", "port": 587, "tls": "starttls"},
        }
    )


def facts(of: Settings, *keys: PublicKey) -> set[tuple[str, str, str]]:
    """Return records without their reasons."""
    return {(one.name, one.kind, one.value) for one in dns_records(of, keys)}


def test_one_domain_needs_these_records() -> None:
    """With one reply domain: MX, SPF where mail is sent from, DKIM, DMARC, and the reverse name."""
    records = facts(settings(), KEY)

    assert records == {
        ("reply.example.org", "MX", "10 mx.example.org."),
        ("reply.example.org", "TXT", "v=spf1 a:smtp.example.net -all"),
        ("example.org", "TXT", "v=spf1 a:smtp.example.net -all"),
        ("s1._domainkey.example.org", "TXT", f"v=DKIM1; k=rsa; p={PUBLIC}"),
        ("_dmarc.example.org", "TXT", "v=DMARC1; p=none"),
        ("", "PTR", "mx.example.org."),
    }


def test_a_second_key_has_a_record_of_its_own() -> None:
    """An Ed25519 signature without its record is one that no receiver can verify (RFC 8463)."""
    records = facts(settings(), KEY, PublicKey("s2", "ed25519", "B" * 44))

    assert ("s1._domainkey.example.org", "TXT", f"v=DKIM1; k=rsa; p={PUBLIC}") in records
    assert ("s2._domainkey.example.org", "TXT", f"v=DKIM1; k=ed25519; p={'B' * 44}") in records


def test_a_bounce_domain_of_its_own_leaves_the_reply_domain_silent() -> None:
    """Only the domain of the reverse-path may send; both receive."""
    records = facts(settings(bounce_domain="bounce.example.org"))

    assert ("reply.example.org", "MX", "10 mx.example.org.") in records
    assert ("bounce.example.org", "MX", "10 mx.example.org.") in records
    assert ("reply.example.org", "TXT", "v=spf1 -all") in records
    assert ("bounce.example.org", "TXT", "v=spf1 a:smtp.example.net -all") in records


def test_a_name_has_one_spf_record() -> None:
    """Two SPF records at one name are an error for receivers (RFC 7208, 3.2)."""
    records = facts(settings(domain="example.org"))

    spf = [name for name, _, value in records if value.startswith("v=spf1")]
    assert spf == ["example.org"]


def test_reports_go_to_the_operator() -> None:
    """DMARC's aggregate reports come to the operator's address, if there is one."""
    records = facts(settings(operator_address="ops@example.org"))

    assert ("_dmarc.example.org", "TXT", "v=DMARC1; p=none; rua=mailto:ops@example.org") in records


def test_a_relay_on_this_machine_sends_under_our_name() -> None:
    """Behind a relay on loopback, it is our own host that the world sees."""
    own = Settings.model_validate({"smtp": {"hostname": "mx.example.org"}})

    assert ("localhost", "TXT", "v=spf1 a:mx.example.org -all") in facts(own)


def test_without_a_key_there_is_no_dkim_record() -> None:
    """A record for a key that does not exist would be worse than none."""
    records = facts(settings())

    assert not [name for name, _, _ in records if "_domainkey" in name]


def test_long_text_is_split_and_whole() -> None:
    """No character string is longer than 255 octets, and together they are the value."""
    record = Record("x.example", "TXT", "v=DKIM1; p=" + PUBLIC, "a key")

    assert [len(part) for part in record.strings] == [255, 148]
    assert "".join(record.strings) == record.value


def test_a_zone_has_one_line_a_record() -> None:
    """Every line is a comment or a record that name servers read; the reverse name is a comment."""
    text = zone_text(dns_records(settings(), [KEY]))

    lines = [line for line in text.splitlines() if not line.startswith(";")]
    assert len(lines) == 5
    assert all(
        re.fullmatch(r'\S+\. IN (MX 10 \S+\.|TXT "[^"]{1,255}"( "[^"]{1,255}")*)', line)
        for line in lines
    )
    assert "; (the sending address, reversed) IN PTR mx.example.org." in text
