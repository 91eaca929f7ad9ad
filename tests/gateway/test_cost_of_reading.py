"""Mails that were slow to read, each by a rule of its own, and are not any more."""

import pytest

from gateway.mail.content.transfer_encoding import undo
from gateway.mail.envelope import Envelope
from gateway.reading import read
from tests.support.cost import cost

HEAD = b"From: Bo <bo@example.net>\r\nMessage-ID: <1@x>\r\n\r\n"
ARMOUR = b"-----BEGIN PGP MESSAGE-----\r\n-----END PGP MESSAGE-----\r\n"
DASHED = b"> q\r\nThat is fine\r\n\r\n--\r\nand bring the old pump too\r\n"
ESCAPED = b"=C3=B6" * 12 + b"=\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(HEAD + b"*" * 700 + b"a\r\n" + ARMOUR, id="stars above armour"),
        pytest.param(HEAD + b"(" * 300 + b"<" * 300 + b"a\r\n" + ARMOUR, id="brackets above it"),
        pytest.param(HEAD + DASHED * 2_000, id="a remark below a dash, many times"),
    ],
)
def test_a_mail_is_read_in_bounded_time(raw: bytes) -> None:
    """A second or so at most; it was several, or more with each line."""
    assert cost(lambda: read(raw, Envelope("bo@example.net", ()))) < 150


@pytest.mark.parametrize(
    ("written", "label"),
    [
        pytest.param(ESCAPED * 25_000, "7bit", id="escapes that no label tells of"),
        pytest.param(b"abc=" * 500_000, "base64", id="pieces of base64 without end"),
    ],
)
def test_an_encoding_is_undone_in_bounded_time(written: bytes, label: str) -> None:
    """Two megabytes, without a step for each sign."""
    assert cost(lambda: undo(written, [label], is_text=True)) < 60
