"""What people call themselves makes no mail of ours look forged, and empties no header."""

import re
from email import message_from_string
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.channels.email.folding import Mailbox, address_header
from notifier.rendering.clean import display_name, one_line
from notifier.rendering.titles import sender_name

_ADDRESS = re.compile(r"[^\s<>@]+[@\uff20\ufe6b][^\s<>@]+")
NAMES = [
    pytest.param("support@bank.example", "support via Acme", id="an address"),
    pytest.param("Ann <ceo@bank.example>", "Ann via Acme", id="a name and an address"),
    pytest.param('"Bank" <ceo@bank.example>', "Bank via Acme", id="quoted"),
    pytest.param("Bank\uff20bank.example", "Bank via Acme", id="a wide at sign"),
    pytest.param("bank.example", "bank. example via Acme", id="a domain"),
    pytest.param("https://bank.example/in", "https bank. example/in via Acme", id="a link"),
    pytest.param("Ann\r\nBcc: eve@evil.example", "Ann Bcc: via Acme", id="a line end"),
    pytest.param("\u202eelpmaxe.knab", "elpmaxe. knab via Acme", id="turned round"),
    pytest.param("\u3164\u200b\u2800", "Acme", id="nothing to see"),
    pytest.param("@", "@ via Acme", id="a sign alone"),
    pytest.param("=?utf-8?q?x=40y.example?=", "=?utf-8?q?x=40y. example?= via Acme", id="encoded"),
    pytest.param("Ødegård, Åse", "Ødegård, Åse via Acme", id="a comma"),
    pytest.param("J. R. R. Tolkien", "J. R. R. Tolkien via Acme", id="initials"),
    pytest.param("محمد علي", "محمد علي via Acme", id="Arabic"),
    pytest.param("สมชาย ใจดี", "สมชาย ใจดี via Acme", id="Thai"),
    pytest.param("Nguyễn Thị Ánh", "Nguyễn Thị Ánh via Acme", id="Vietnamese"),
    pytest.param("Z" + "\u0301" * 200 + "al", "Z" + "\u0301" * 4 + "al via Acme", id="stacked"),
]


@pytest.mark.parametrize(("name", "shown"), NAMES)
def test_who_a_mail_is_from(name: str, shown: str) -> None:
    """The author is named, and no address or domain but ours is in From."""
    header = address_header("From", Mailbox(sender_name([name], "Acme", "en"), "n@acme.example"))
    read = message_from_string(f"{header}\r\n", policy=default)["From"]

    assert sender_name([name], "Acme", "en") == shown
    assert [one.addr_spec for one in read.addresses] == ["n@acme.example"]
    assert read.addresses[0].display_name


@pytest.mark.parametrize("letter", ["語", "ж", "ก", "😀", "x", "א"])
def test_a_long_name_leaves_room_for_the_app(letter: str) -> None:
    """However long the author's name is, both are still named."""
    name = sender_name([letter * 3_000], "Acme", "en")
    header = address_header("From", Mailbox(name, "notify@example.org"))
    read = message_from_string(f"{header}\r\n", policy=default)["From"].addresses[0]

    assert read.display_name.startswith(letter)
    assert read.display_name.endswith("via Acme")


@given(st.text(st.characters(exclude_categories=()), max_size=120) | st.from_regex(_ADDRESS))
@settings(deadline=None, max_examples=300)
def test_no_name_holds_an_address(name: str) -> None:
    """Whatever the name is, no filter finds an address in it, and it is on one line."""
    shown = display_name(name)

    assert not _ADDRESS.search(shown)
    assert not set(shown) & set('<>"\\')
    assert one_line(shown) == shown
