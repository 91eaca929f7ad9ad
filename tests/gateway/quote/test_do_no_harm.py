"""Words that look like a signature, a banner or a footer, and are what somebody answered.

Each text is all of a mail, in plain text; every word of it must be posted. The languages and the
subjects vary, because a list of words in one language is no evidence of anything in another.
"""

import tomllib
from pathlib import Path

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract
from tests.corpus.metric import words

TEXTS = tomllib.loads((Path(__file__).parent / "answers.toml").read_text(encoding="utf-8"))
QUOTED = TEXTS.pop("quoted")
BETWEEN = TEXTS.pop("between")
ALL = {f"{kind}: {name}": text for kind, some in TEXTS.items() for name, text in some.items()}
DIGEST = (
    "\n\nOn Mon, 15 May 2023 at 12:03, Ann (Shop) <messages@notify.shop.example> wrote:\n\n"
    "> Reply above this line\n>\n> Ann (09:38)\n> Which colours do you have, and from when?\n"
)


def lost(text: str, given: str) -> list[str]:
    """Return the words of a text that are not in what is posted of a mail."""
    found = extract(Body(text=given, sender_name="Bo Berg", sender_address="bo@example.com"))
    return sorted((words(text) - words(found.text)).elements())


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in ALL.items()])
def test_nothing_of_it_is_folded(text: str) -> None:
    """Not as the whole mail, and not above a digest."""
    assert lost(text, text) == []
    assert lost(text, text + DIGEST) == []


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in QUOTED.items()])
def test_what_stands_in_a_quote_folds_nothing_outside(text: str) -> None:
    """Every line that carries no quote mark is the sender's, whatever the quoted ones hold."""
    own = "\n".join(
        line for line in text.split("\n") if not line.startswith((">", "-- ", "Bo Berg", "Sailma"))
    )

    assert lost(own, text) == []


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in BETWEEN.items()])
def test_nobody_signs_between_two_answers(text: str) -> None:
    """A table, an address or a card between two quoted lines is what was asked for."""
    own = "\n".join(line for line in text.split("\n") if not line.startswith(">"))

    assert lost(own, "On Mon, 15 May 2023 at 12:03, Ann (Shop) wrote:\n" + text) == []


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in ALL.items()])
def test_it_is_kept_when_doubled_and_behind_much_text(text: str) -> None:
    """Twice as long, or far down, it is the same answer."""
    far = f"{'A line of no account. ' * 3}\n" * 3_000 + "\n" + text

    assert lost(f"{text}\n\n{text}", f"{text}\n\n{text}") == []
    assert lost(text, far) == []
