"""Which mailbox provider is behind an address?"""

import pytest

from core.mailbox_provider import provider_names, provider_of
from core.rules.mail_lane import lane_of


@pytest.mark.parametrize(
    ("address", "provider"),
    [
        ("ann@gmail.com", "gmail"),
        ("ann@GoogleMail.com", "gmail"),
        ("ann@hotmail.co.uk", "outlook"),
        ("ann@live.se", "outlook"),
        ("ann@yahoo.co.jp", "yahoo"),
        ("ann@aol.com", "yahoo"),
        ("ann@web.de", "gmx"),
        ("ann@yandex.com.tr", "yandex"),
        ("ann@example.org", ""),
        ("ann@gmail.com.example.org", ""),
        ("ann@mail.yahoo.example.org", ""),
        ("ann@yahoo", ""),
        ("no address", ""),
        ("", ""),
        ("ann@bücher.example", ""),
    ],
)
def test_a_provider_is_known_by_its_domains(address: str, provider: str) -> None:
    """Whatever it is written like; of all other domains nothing is known."""
    assert provider_of(address) == provider


def test_a_lane_is_named_by_channel_and_provider() -> None:
    """Mail alone has providers."""
    assert lane_of("email", "ann@gmail.com") == "email/gmail"
    assert lane_of("email", "ann@example.org") == "email"
    assert lane_of("pager", "ann@gmail.com") == "pager"


def test_names_are_words_for_settings() -> None:
    """Each is lower case and stands once."""
    assert len(provider_names()) == len(set(provider_names())) >= 10
    assert all(name == name.lower() and "/" not in name for name in provider_names())
