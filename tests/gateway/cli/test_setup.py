"""A new operator's settings file, from answers to a process that could start."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.config.loading import load
from core.errors import SettingsError
from gateway.cli.setup import Answers, new_settings, relay_settings

ANSWERS = Answers(
    reply_domain="reply.example.org",
    from_address="hello@example.org",
    public_url="https://notify.example.org",
    hostname="mx.example.org",
    relay_url="smtp://me:p%40ss@smtp.example.net",
    operator_address="ops@example.org",
    from_name='The "Example"',
)
KEY = "0f" * 32


def test_the_new_file_can_be_served(tmp_path: Path) -> None:
    """What init writes is read back as it was answered, and nothing is missing."""
    file = tmp_path / "rejoinder.toml"
    file.write_text(new_settings(ANSWERS, KEY, "keys/s1.pem"), encoding="utf-8")

    settings = load(file, {}, {})

    assert settings.missing() == []
    assert settings.addresses.key_octets == {1: bytes.fromhex(KEY)}
    assert settings.addresses.domain == "reply.example.org"
    assert settings.addresses.from_name == 'The "Example"'
    assert settings.addresses.operator_address == "ops@example.org"
    assert settings.smtp.hostname == "mx.example.org"
    assert settings.http.public_url == "https://notify.example.org"
    assert (settings.dkim.domain, settings.dkim.key_file) == ("example.org", Path("keys/s1.pem"))
    assert settings.relay.host == "smtp.example.net"


def test_what_was_not_answered_is_not_written() -> None:
    """An answer left out leaves the default, not an empty setting."""
    text = new_settings(replace(ANSWERS, operator_address=None, from_name=None), KEY, "k.pem")

    assert "operator_address" not in text
    assert "from_name" not in text


@pytest.mark.parametrize(
    ("url", "read"),
    [
        pytest.param(
            "smtp://localhost:25",
            {"host": "localhost", "port": 25, "tls": "opportunistic"},
            id="an MTA nearby",
        ),
        pytest.param(
            "smtp://relay.example",
            {"host": "relay.example", "port": 25, "tls": "opportunistic"},
            id="no port is 25",
        ),
        pytest.param(
            "smtp://relay.example:587",
            {"host": "relay.example", "port": 587, "tls": "starttls"},
            id="submission requires STARTTLS",
        ),
        pytest.param(
            "smtp://me:p%40s%2Fs@relay.example",
            {
                "host": "relay.example",
                "port": 587,
                "tls": "starttls",
                "username": "me",
                "password": "p@s/s",
            },
            id="a login is submission, its signs decoded",
        ),
        pytest.param(
            "smtps://me:x@relay.example",
            {
                "host": "relay.example",
                "port": 465,
                "tls": "implicit",
                "username": "me",
                "password": "x",
            },
            id="smtps is TLS from the first octet",
        ),
    ],
)
def test_a_relay_is_one_url(url: str, read: dict[str, Any]) -> None:
    """One answer says host, port, TLS and login, with safe defaults for what is left out."""
    assert relay_settings(url) == read


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://relay.example", id="another scheme"),
        pytest.param("relay.example:25", id="no scheme"),
        pytest.param("smtp://", id="no host"),
        pytest.param("smtp://relay.example:port", id="a port that is no number"),
        pytest.param("smtp://relay.example/path", id="a path"),
        pytest.param("smtp://me:pa/ss@relay.example", id="a password that parts a URL"),
        pytest.param("smtp://me:pass@\u2100.example", id="a name of two"),
    ],
)
def test_a_url_of_no_relay_is_refused(url: str) -> None:
    """A relay that cannot be one is told before anything is written."""
    with pytest.raises(SettingsError, match=r"^relay: ") as told:
        relay_settings(url)

    assert "me:pa" not in str(told.value)
    assert "'pa'" not in str(told.value)
