"""A body whose type or coding somebody took away is told by its shape."""

import base64

import pytest

from gateway.authentication.missing_type import may_lack_a_coding, may_lack_a_type
from tests.support.cost import cost

TYPED = [
    pytest.param("<html><body>No.<!--\r\nYes.\r\n--></body></html>", id="HTML"),
    pytest.param("No, never.<!--\r\nYes, take it.\r\n-->", id="a comment alone"),
    pytest.param("No.\r\n<BLOCKQUOTE>\r\nYes.\r\n</BLOCKQUOTE>", id="elements in capitals"),
    pytest.param("No.</p>", id="the end of an element"),
    pytest.param("<style/bo@example.net>Yes.", id="an element that is like an address"),
    pytest.param("Fish &amp; chips", id="a named character"),
    pytest.param("Fish &#38; chips", id="a numbered character"),
    pytest.param("--good\r\n\r\nNo.\r\n--good--", id="parts without heads"),
    pytest.param("Hi\r\n------=_Part_1\r\n\r\nNo.", id="parts below a preamble"),
    pytest.param("X\r\ncontent-type: text/plain\r\n\r\nNo.", id="the head of a part"),
    pytest.param("From: ann@example.com\r\nSubject: x\r\n\r\nYes.", id="a whole mail"),
    pytest.param("BEGIN:VCALENDAR\r\nMETHOD:REPLY", id="a calendar"),
    pytest.param("{\\rtf1 No.}", id="rich text"),
    pytest.param('{"answer": "no"}', id="JSON"),
    pytest.param("Nej, aldrig +AOU- nej", id="UTF-7"),
    pytest.param("+BB0ENQRC", id="UTF-7 to the end"),
    pytest.param("~{2;~}", id="HZ"),
    pytest.param("\x1b$B$$$$$(\x1b(B", id="ISO-2022-JP"),
    pytest.param("Nein, möchte ich nicht.", id="letters beyond ASCII"),
    pytest.param("No=2C never =F0=9F=98=80.", id="quoted-printable"),
    pytest.param("A long line =\r\nthat goes on", id="quoted-printable, soft line ends alone"),
    pytest.param(base64.b64encode(b"No, I will not sell it.").decode(), id="base64"),
    pytest.param("Tm8u", id="base64 of one word"),
    pytest.param("TmVpbiwg\r\nbmllbWFscy4=\r\n", id="base64 in lines"),
    pytest.param("0J3QtdGC\r\n\r\n", id="base64 in another script"),
    pytest.param("Yes. " * 1_000, id="a long one"),
    pytest.param("No.\0", id="NUL"),
]
PLAIN = [
    "Yes, please.",
    "OK",
    "Okay",
    "Thanks\r\nBo",
    "2 < 3 and 5 > 4, you & me",
    "On Monday, Ann <ann+x@example.com> wrote:\r\n> See <https://example.com/a?b=c>",
    "Sure!\r\n-- \r\nBo\r\nphone: +49 170 1234567",
    "C++ is fine; a = b",
    "No: never.\r\nNot even then.",
    "Price: 5 EUR, 50% off -- or so",
    "",
]


@pytest.mark.parametrize("body", TYPED)
def test_what_another_type_would_read_otherwise(body: str) -> None:
    """Cut off from its type, each would be posted as it was never meant."""
    assert may_lack_a_type(body.encode())
    assert may_lack_a_type(f"{body}\r\n{body}".encode())
    assert may_lack_a_type(f"{body}\r\n{'Yes. ' * 200_000}".encode())


@pytest.mark.parametrize("body", PLAIN)
def test_plain_words_are_the_same_with_and_without(body: str) -> None:
    """A client of few words writes no type, and its mail is what it is."""
    assert not may_lack_a_type(body.encode())
    assert not may_lack_a_coding(body.encode())


@pytest.mark.parametrize("body", TYPED)
def test_half_of_one_is_judged_too(body: str) -> None:
    """Whatever is left of it."""
    octets = body.encode()

    assert may_lack_a_type(octets[: len(octets) // 2]) in {True, False}
    assert may_lack_a_coding(octets[: len(octets) // 2]) in {True, False}


@pytest.mark.parametrize(
    "piece", ["A", "A\r\n", "\r\n", "= ", "=3D", "<a", "<a@", "+a", "-- ", "a:\n"]
)
def test_runs_cost_little(piece: str) -> None:
    """No pattern tries them in all ways."""
    octets = (piece * 100_000 + "!").encode()

    assert cost(lambda: may_lack_a_coding(octets)) < 30
    assert cost(lambda: may_lack_a_type(octets[:4_000])) < 30
