"""Headers: folded where they may be, encoded where they must be, never broken into."""

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.policy import default
from email.utils import parseaddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.email_address import wire_form
from notifier.channels.email.folding import (
    Mailbox,
    address_header,
    encoded_words,
    fold,
    safe_token,
    text_header,
)
from notifier.rendering.clean import one_line

anything = st.text(st.characters(exclude_categories=()), max_size=300)


def _value(header: str) -> str:
    """Return what the standard library reads, unfolded and decoded."""
    name, _, folded = header.partition(":")
    assert name.isascii()
    assert header.endswith("\r\n")
    return str(make_header(decode_header(folded.replace("\r\n", "").strip())))


@pytest.mark.parametrize(
    ("tokens", "header"),
    [
        pytest.param(["a", "b"], "X: a b\r\n", id="short"),
        pytest.param(["a" * 75, "b"], f"X: {'a' * 75}\r\n b\r\n", id="at the 78th octet"),
        pytest.param(["a" * 90, "b"], f"X: {'a' * 90}\r\n b\r\n", id="no empty first line"),
        pytest.param(["ä" * 36, "bcd"], f"X: {'ä' * 36}\r\n bcd\r\n", id="octets, not letters"),
    ],
)
def test_folding(tokens: list[str], header: str) -> None:
    """A header is folded between tokens, at 78 octets where it can be."""
    assert fold("X", tokens) == header


def test_a_token_no_line_can_hold() -> None:
    """What cannot be sent uncorrupted is refused, not cut."""
    assert max(map(len, fold("X", ["a" * 995]).split("\r\n"))) == 998
    with pytest.raises(ValueError, match="too long"):
        fold("X", ["a" * 996])


@pytest.mark.parametrize(
    ("subject", "header"),
    [
        pytest.param("Re: Order", "Subject: Re: Order\r\n", id="ASCII stays"),
        pytest.param("Grüße", "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n", id="Latin in Q"),
        pytest.param("日本", "Subject: =?utf-8?b?5pel5pys?=\r\n", id="Japanese in B"),
        pytest.param("a=?b", "Subject: =?utf-8?q?a=3D=3Fb?=\r\n", id="no false encoded word"),
        pytest.param("a\r\nBcc: x", "Subject: a Bcc: x\r\n", id="no second header"),
    ],
)
def test_subjects(subject: str, header: str) -> None:
    """A subject is ASCII or encoded words."""
    assert text_header("Subject", subject) == header


@given(anything)
@settings(deadline=None, max_examples=300)
def test_a_subject_arrives(text: str) -> None:
    """Any text arrives as it was, in lines of at most 78 octets and words of at most 75."""
    header = text_header("Subject", text)

    assert _value(header) == one_line(text, 255)
    assert header.isascii()
    assert max(map(len, header.split("\r\n"))) <= 78
    assert all(len(word) <= 75 for word in re.findall(r"=\?\S+\?=", header))
    assert header.count("\r") == header.count("\n") == len(re.findall(r"\r\n(?: |$)", header))


@given(anything.filter(lambda text: bool(one_line(text))))
@settings(deadline=None)
def test_words_are_cut_between_characters(text: str) -> None:
    """Each encoded word decodes by itself (RFC 2047, 5)."""
    words = list(encoded_words(one_line(text), first=20))

    assert all(len(word) <= 75 for word in words)
    assert "".join(str(make_header(decode_header(word))) for word in words) == one_line(text)


@given(anything)
@settings(deadline=None, max_examples=300)
def test_a_name_arrives(name: str) -> None:
    """Any display name arrives, cut if it must be; the address always arrives, alone."""
    header = address_header("To", Mailbox(name, "bo@example.net"))
    folded = header.replace("\r\n ", " ")
    read, address = parseaddr(folded.removeprefix("To: ").strip())

    assert address == "bo@example.net"
    assert len(header) <= 320
    assert max(map(len, header.split("\r\n"))) <= 200
    shown, whole = str(make_header(decode_header(read))), one_line(name, 150)
    assert shown == whole or (shown.endswith("\u2026") and whole.startswith(shown[:-1]))
    assert bool(shown) == bool(whole)


def test_two_parsers_read_one_name() -> None:
    """Quotes and backslashes in a name stay in the name."""
    name = 'Ann "the \\ table" <eve@x.org>, Bo'
    mail = message_from_bytes(
        address_header("To", Mailbox(name, "bo@example.net")).encode() + b"\r\n", policy=default
    )

    assert [(a.display_name, a.addr_spec) for a in mail["To"].addresses] == [
        (name, "bo@example.net")
    ]


@pytest.mark.parametrize("letter", ["語", "ж", "é", "x", "ก", "😀", "W i d e "])
def test_a_long_name_is_cut(letter: str) -> None:
    """A header that large receivers would refuse keeps what there is room for of the name."""
    header = address_header("To", Mailbox(letter * 100, "bo@x.org"))
    read = message_from_bytes(header.encode() + b"\r\n", policy=default)["To"].addresses[0]

    assert len(header) <= 320
    assert read.display_name.startswith(letter * 3)
    assert read.addr_spec == "bo@x.org"


@pytest.mark.parametrize(
    ("address", "written"),
    [
        pytest.param("bo@example.net", "bo@example.net", id="ASCII"),
        pytest.param("bo@bücher.example", "bo@xn--bcher-kva.example", id="a domain in IDNA"),
        pytest.param("bö@bücher.example", "bö@bücher.example", id="SMTPUTF8 stays as it is"),
    ],
)
def test_addresses(address: str, written: str) -> None:
    """An address is written as its transport can carry it."""
    assert wire_form(address) == written


@pytest.mark.parametrize(
    "address",
    ["", "bo", "@x", "bo@", "b o@x", "bo@x\r\nBcc: e@x", "bo@x>,<e@x", "bo@x,e@y", "bo\u202e@x"],
)
def test_bad_addresses_are_refused(address: str) -> None:
    """An address that would break its header is refused."""
    with pytest.raises(ValueError, match=r"address|token"):
        address_header("To", Mailbox("Bo", address))


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "a>", "<a", "\x00", "a\u2066", "\ud800"])
def test_bad_tokens_are_refused(token: str) -> None:
    """A URL or id that would break its header is refused."""
    with pytest.raises(ValueError, match="token"):
        safe_token(token)


def test_a_domain_that_cannot_be() -> None:
    """A domain no name server could hold is refused."""
    with pytest.raises(ValueError, match="domain"):
        wire_form("bo@" + "ü" * 80 + ".example")
