"""What a program put above or below a text in base64, as it is, costs none of its words."""

import base64

import pytest

from tests.support.written import words_in

LABELS = ("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64")
SAID = ["Yes, it is still here.", "Ja, um zehn.", "Да, ещё здесь.", "はい、 まだあります。"]
FOOTERS = [
    "_______________________________________________\r\nClub mailing list\r\nhttps://l.example/c",
    "--\r\nYou get this because you are subscribed to the group.\r\nhttps://g.example/g",
    "====\r\nThis mail was checked for viruses by Guard.\r\nhttps://guard.example/",
]


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize("footer", FOOTERS, ids=["underscores", "dashes", "equals"])
@pytest.mark.parametrize("gap", ["", "\r\n"], ids=["right below", "below a blank line"])
def test_a_footer_below_base64_is_folded(said: str, footer: str, gap: str) -> None:
    """With a blank line between or without, padded or not: the words alone are posted."""
    code = base64.b64encode(f"{said}\n".encode()).decode()

    assert words_in(f"{code}\r\n{gap}{footer}\r\n".encode(), *LABELS) == said


@pytest.mark.parametrize("said", ["Thanks\r\nBo Berg, sailmaker", "Ok, fine\r\nand bring the pump"])
def test_words_under_that_label_are_words(said: str) -> None:
    """A first line that might be base64 decodes to nobody's words."""
    assert words_in(said.encode(), *LABELS).split() == said.split()
