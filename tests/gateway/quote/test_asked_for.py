"""A card is a signature, unless the other side asked how the sender can be reached."""

import tomllib
from pathlib import Path

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract
from gateway.quote.sent import Sent
from tests.corpus.metric import words

ALL = tomllib.loads((Path(__file__).parent / "asked.toml").read_text(encoding="utf-8"))
CASES = [pytest.param(*pair, id=name) for name, pair in ALL.items()]


def mail(text: str) -> Body:
    """Return a mail of Bo Berg's."""
    return Body(text=text, sender_name="Bo Berg", sender_address="bo@example.com")


@pytest.mark.parametrize(("question", "answer"), CASES)
def test_a_card_that_was_asked_for_is_kept(question: str, answer: str) -> None:
    """By what we sent, and by what the mail quotes where that is not known."""
    quote = f"\n\nOn Mon, 15 May 2023 at 12:03, Ann <a@shop.example> wrote:\n> {question}\n"
    sent = Sent(text=f"Ann (09:38)\n{question}\n", name="Ann", address="a@shop.example")

    assert words(extract(mail(answer), sent).text) == words(answer)
    assert words(extract(mail(answer + quote)).text) == words(answer)
    assert words(extract(mail(answer + quote), sent).text) == words(answer)


@pytest.mark.parametrize(("question", "answer"), CASES)
def test_a_card_that_nobody_asked_for_is_folded(question: str, answer: str) -> None:
    """The same card, below the same words, where the question was another."""
    other = f"{answer}\n\nOn Mon, 15 May 2023 at 12:03, Ann <a@shop.example> wrote:\n> Is it red?\n"

    assert "555" not in extract(mail(other)).text
    assert question not in other
