"""The octets of a mail: what was rendered arrives, in lines every server takes."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.channels.email.compose import compose
from notifier.channels.email.folding import Mailbox
from notifier.rendering.bodies import Rendered
from tests.support.digests import MARKER, a_digest, a_letter, a_message, render

anything = st.text(st.characters(exclude_categories=()), max_size=200)


def _read(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def _bodies(raw: bytes) -> list[str]:
    parts = _read(raw).iter_parts()
    return [part.get_content().replace("\r\n", "\n") for part in parts]


def _rendered(text: str, html: str = "<p>x</p>\n") -> Rendered:
    return Rendered(text, html, "", MARKER)


def test_two_alternatives_text_first() -> None:
    """A mail is multipart/alternative, the text before the HTML, nothing else."""
    mail = _read(compose(render(a_digest()), a_letter()))

    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert not mail.defects


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param("Hello\n", "7bit", id="ASCII as it is"),
        pytest.param("x" * 2_000 + "\n", "quoted-printable", id="ASCII in lines too long"),
        pytest.param("Viele Grüße und bis bald, " * 9 + "\n", "quoted-printable", id="Latin"),
        pytest.param("Grüße, " * 9 + "\n", "base64", id="Latin with many marks"),
        pytest.param("Привет\n" * 30, "base64", id="Cyrillic"),
        pytest.param("trailing \n.\n..\n-- \nFrom here é\n", "quoted-printable", id="traps"),
    ],
)
def test_each_part_in_the_encoding_that_costs_least(text: str, encoding: str) -> None:
    """A text arrives as it was, by an encoding that fits it."""
    raw = compose(_rendered(text), a_letter())
    part = next(iter(_read(raw).iter_parts()))

    assert part["Content-Transfer-Encoding"] == encoding
    assert _bodies(raw)[0] == text


@pytest.mark.parametrize(
    ("html", "encoding"),
    [
        pytest.param("<p>x</p>\n", "7bit", id="ASCII"),
        pytest.param("<p>" + "x" * 99 + "é</p>\n", "quoted-printable", id="few"),
        pytest.param("<p>" + "語" * 99 + "</p>\n", "base64", id="mostly foreign"),
        pytest.param("<p>" + "x" * 999 + "</p>\n", "quoted-printable", id="lines too long"),
    ],
)
def test_html_in_the_encoding_that_costs_least(html: str, encoding: str) -> None:
    """HTML in ASCII needs no encoding; no foreign character grows to a reference."""
    raw = compose(_rendered("x\n", html), a_letter())
    part = list(_read(raw).iter_parts())[1]

    assert part["Content-Transfer-Encoding"] == encoding
    assert _bodies(raw)[1] == html


@given(anything, anything, anything)
@settings(deadline=None, max_examples=150)
def test_any_mail_is_well_formed(name: str, subject: str, text: str) -> None:
    """Whatever strangers type, the mail has our headers, two parts and lines that fit."""
    letter = a_letter(recipient=Mailbox(name, "bo@example.net"), subject=subject)
    rendered = render(a_digest(a_message(text, sender_name=name), conversation_subject=subject))
    plain = _read(compose(render(a_digest()), a_letter()))

    raw = compose(rendered, letter)

    assert _read(raw).keys() == plain.keys()
    assert _bodies(raw)[0] == rendered.text
    assert len(_bodies(raw)) == 2
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\x00", raw)


def test_same_input_same_octets() -> None:
    """A retry sends what was sent before; another mail has another boundary."""
    rendered = render(a_digest())
    boundary = _read(compose(rendered, a_letter())).get_boundary()

    assert compose(rendered, a_letter()) == compose(rendered, a_letter())
    assert boundary != _read(compose(rendered, a_letter(message_id="n.2@x.org"))).get_boundary()


def test_the_boundary_is_never_in_a_part() -> None:
    """A part that holds the boundary changes the boundary."""
    first = _read(compose(_rendered("x\n"), a_letter())).get_boundary()
    raw = compose(_rendered("x\n", f"<p>\n--{first}\n</p>\n"), a_letter())

    assert first is not None
    assert len(_bodies(raw)) == 2
    assert first in _bodies(raw)[1]


def test_an_address_beyond_ascii() -> None:
    """An address that needs SMTPUTF8 is written in UTF-8, the rest stays ASCII (RFC 6532)."""
    raw = compose(_rendered("x\n"), a_letter(recipient=Mailbox("Bö", "bö@bücher.example")))
    header = raw.partition(b"\r\n\r\n")[0].decode()

    assert "<bö@bücher.example>" in header
    assert header.replace("bö@bücher", "").isascii()
    assert message_from_bytes(raw, policy=default)["Subject"] == "Re: Order 8841"
