"""What may be set, what goes together, and what the log may show of it."""

from typing import Any

import pytest
from pydantic import ValidationError

from core.config.settings import Settings

STARS = "**********"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        pytest.param("sqlite:///rejoinder.db", "sqlite:///rejoinder.db", id="no password"),
        pytest.param(
            "postgresql://me@db:5432/r", "postgresql://me@db:5432/r", id="a port is no password"
        ),
        pytest.param("postgresql://me:pw@db/r", f"postgresql://me:{STARS}@db/r", id="a password"),
        pytest.param(
            "postgresql://me:p@w/x@db/r",
            f"postgresql://me:{STARS}@db/r",
            id="a password with signs that part a URL",
        ),
        pytest.param(
            "postgresql://:pw@db/r", f"postgresql://:{STARS}@db/r", id="a password without a user"
        ),
        pytest.param(
            "postgresql:///r?host=/run&password=pw&user=me",
            f"postgresql:///r?host=/run&password={STARS}&user=me",
            id="a password among the parameters",
        ),
    ],
)
def test_the_log_shows_no_database_password(url: str, shown: str) -> None:
    """The effective database URL is shown, its password starred."""
    settings = Settings.model_validate({"database": {"url": url}})

    assert settings.effective()["database"]["url"] == shown
    assert "pw" not in repr(settings)


def test_the_log_shows_no_secret() -> None:
    """Passwords and keys are starred in the log and in a printed value."""
    settings = Settings.model_validate(
        {
            "addresses": {"keys": {"1": "ab" * 16}},
            "relay": {"username": "me", "password": "sesame"},
        }
    )

    shown = settings.effective()

    assert shown["addresses"]["keys"] == {"1": STARS}
    assert shown["relay"]["password"] == STARS
    assert "sesame" not in repr(settings)
    assert "abab" not in repr(settings)


@pytest.mark.parametrize(
    ("section", "values", "fault"),
    [
        pytest.param("database", {"url": "mysql://x"}, "neither sqlite", id="another database"),
        pytest.param("smtp", {"tls_key": "k.pem"}, "tls_certificate", id="a key, no certificate"),
        pytest.param(
            "smtp", {"implicit_tls_port": 465}, "tls_certificate", id="implicit TLS without any"
        ),
        pytest.param("smtp", {"lmtp": "unix:"}, "neither unix", id="LMTP on a nameless socket"),
        pytest.param("smtp", {"lmtp": "localhost"}, "neither unix", id="LMTP without a port"),
        pytest.param("smtp", {"hostname": "mx example"}, "domain name", id="a host with a space"),
        pytest.param("smtp", {"hostname": "mx..example"}, "domain name", id="an empty label"),
        pytest.param(
            "http", {"public_url": "example.org"}, "web address", id="a URL without scheme"
        ),
        pytest.param(
            "http", {"public_url": "https://x/?a=1"}, "web address", id="a URL with query"
        ),
        pytest.param(
            "addresses", {"from_address": "a.example.org"}, "mail address", id="no at sign"
        ),
        pytest.param(
            "addresses",
            {"from_address": "A <a@example.org>"},
            "mail address",
            id="name and address",
        ),
        pytest.param(
            "addresses", {"keys": {"1": "xyz"}}, "hexadecimal", id="a key of other digits"
        ),
        pytest.param(
            "addresses", {"keys": {"256": "ab" * 16}}, "255", id="a key id over one octet"
        ),
        pytest.param(
            "addresses",
            {"keys": {"2": "ab" * 16}},
            "current_key is 1",
            id="a ring without its current key",
        ),
        pytest.param("dkim", {"key_file": "k.pem"}, "domain is needed", id="a key for no domain"),
        pytest.param("relay", {"username": "me"}, "go together", id="a login without password"),
        pytest.param(
            "relay",
            {"host": "smtp.example.org", "username": "me", "password": "x"},
            "clear text",
            id="a password on an open line",
        ),
        pytest.param("notifier", {"claim_batch": 0}, "greater than or equal", id="a batch of none"),
    ],
)
def test_what_makes_no_sense_is_refused(section: str, values: dict[str, Any], fault: str) -> None:
    """A setting that cannot work stops the start, not the first mail."""
    with pytest.raises(ValidationError, match=fault):
        Settings.model_validate({section: values})


@pytest.mark.parametrize(
    ("section", "setting", "given", "kept"),
    [
        pytest.param(
            "addresses", "domain", "Reply.Example.ORG.", "reply.example.org", id="a domain"
        ),
        pytest.param("addresses", "domain", "büro.example", "xn--bro-hoa.example", id="an IDN"),
        pytest.param(
            "addresses", "from_address", " A@Example.ORG", "A@example.org", id="an address"
        ),
        pytest.param(
            "http", "public_url", "https://x.org/n/", "https://x.org/n", id="a web address"
        ),
        pytest.param("smtp", "lmtp", "unix:/run/lmtp", "unix:/run/lmtp", id="a socket"),
        pytest.param("smtp", "lmtp", "[::1]:24", "[::1]:24", id="an IPv6 host and port"),
    ],
)
def test_names_are_kept_in_one_form(section: str, setting: str, given: str, kept: str) -> None:
    """However a name was typed, it is compared and written in one form."""
    settings = Settings.model_validate({section: {setting: given}})

    assert getattr(getattr(settings, section), setting) == kept


def test_a_password_may_stay_on_this_machine_uncovered() -> None:
    """A relay on loopback needs no TLS for a login."""
    settings = Settings.model_validate({"relay": {"username": "me", "password": "x"}})

    assert settings.relay.tls == "opportunistic"


def test_bounces_and_lists_share_the_reply_domain_by_default() -> None:
    """One domain is enough; each of the others can have its own."""
    plain = Settings.model_validate({"addresses": {"domain": "r.example"}})
    own = Settings.model_validate(
        {"addresses": {"bounce_domain": "b.example", "list_domain": "l.example"}}
    )

    assert (plain.addresses.bounce_host, plain.addresses.list_host) == ("r.example", "r.example")
    assert (own.addresses.bounce_host, own.addresses.list_host) == ("b.example", "l.example")


def test_our_name_to_the_relay_is_our_name() -> None:
    """EHLO says smtp.hostname unless the relay is to hear another name."""
    plain = Settings.model_validate({"smtp": {"hostname": "mx.example"}})
    other = Settings.model_validate({"relay": {"ehlo_name": "out.example"}})

    assert (plain.ehlo_name, other.ehlo_name) == ("mx.example", "out.example")


def test_serving_needs_a_key() -> None:
    """Without a signing key no mail could be answered; the fault says what to do."""
    keyed = Settings.model_validate({"addresses": {"keys": {"1": "ab" * 16}}})

    assert keyed.missing() == []
    assert "rejoinder init" in Settings().missing()[0]


def test_settings_do_not_change() -> None:
    """What was read at start holds until the end."""
    with pytest.raises(ValidationError, match="frozen"):
        Settings().smtp.port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        pytest.param(
            {"notifier": {"lease_seconds": 600}}, r"relay.*need 870", id="shorter than one mail"
        ),
        pytest.param(
            {"relay": {"timeout_seconds": 300}}, r"900.*relay.*need 4230", id="a patient relay"
        ),
        pytest.param(
            {"relay": {"timeout_seconds": 10}, "notifier": {"lease_seconds": 170},
             "webhooks": {"timeout_seconds": 150}},
            r"webhooks.*need 180",
            id="a patient endpoint",
        ),
    ],
)  # fmt: skip
def test_a_claim_lasts_longer_than_its_work(given: dict[str, Any], fault: str) -> None:
    """A lease that could end while a mail is under way is refused, with what it would need."""
    with pytest.raises(ValidationError, match=fault):
        Settings.model_validate(given)
    Settings.model_validate(given | {"notifier": {"lease_seconds": 4230}})


def _relays(**more: Any) -> Settings:
    return Settings.model_validate({"relay": {"host": "a.test", "fallbacks": more}})


def test_fallbacks_are_relays_in_their_order() -> None:
    """Each takes what the first takes, and our name if it has none of its own."""
    settings = _relays(second={"host": "b.test", "port": 587}, third={"ehlo_name": "mx.test"})

    assert [(name, one.host, one.port) for name, one in settings.relay.each().items()] == [
        ("", "a.test", 25), ("second", "b.test", 587), ("third", "localhost", 25),
    ]  # fmt: skip
    names = [settings.hop(one).ehlo_name for one in settings.relay.each().values()]
    assert names == ["localhost", "localhost", "mx.test"]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"Second": {}}, id="a name that is none"),
        pytest.param({"b:c": {}}, id="a name that parts lanes"),
        pytest.param({"second": {"prot": 25}}, id="a setting that is none"),
        pytest.param({"second": {"fallbacks": {}}}, id="fallbacks of a fallback"),
        pytest.param({"second": {"username": "me"}}, id="a name without a password"),
        pytest.param({"second": {"timeout_seconds": 900}}, id="longer than a claim lasts"),
    ],
)
def test_a_fallback_is_held_to_what_the_first_is(wrong: dict[str, Any]) -> None:
    """What would be refused there is refused here."""
    with pytest.raises(ValidationError):
        _relays(**wrong)


def test_a_fallbacks_password_is_starred() -> None:
    """As the first's is."""
    login = {"username": "me", "password": "sesame", "tls": "starttls"}

    assert "sesame" not in str(_relays(second=login).effective())


@pytest.mark.parametrize(
    ("told", "meant"), [({"gmial": 60}, "did you mean gmail"), ({"zzz": 1}, "gmail, gmx")]
)
def test_a_provider_nobody_knows_is_refused(told: dict[str, int], meant: str) -> None:
    """With what was meant, or with those there are."""
    with pytest.raises(ValidationError, match=meant):
        Settings.model_validate({"providers": {"mails_per_minute": told}})
