# ruff: noqa: RUF001 (letters of many languages look alike)
"""What somebody writes above or below a quotation is theirs, though nearly the same is quoted."""

from collections.abc import Callable

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract
from gateway.quote.sent import Sent
from tests.support.quoting import LINK, MARKED, UNMARKED, a_digest

CLIENTS = UNMARKED | MARKED
SAID = {
    "English": (
        "I do not accept your offer of 500 euros for the bike.",
        "Please send my money back until Friday of next week.",
        "I never agreed to pay any fee for the delivery of it.",
        "And I want the old lamp back that I gave you in May.",
    ),
    "German": (
        "Ich nehme dein Angebot über 500 Euro für das Rad nicht an.",
        "Schick mir mein Geld bitte bis Freitag nächster Woche zurück.",
    ),
    "French": (
        "Je refuse votre offre de 500 euros pour le vélo rouge.",
        "Renvoyez mon argent avant vendredi de la semaine prochaine.",
    ),
    "Greek": ("Δεν δέχομαι την προσφορά σου των 500 ευρώ για το ποδήλατο.",),
    "Russian": ("Я не принимаю твоё предложение в 500 евро за велосипед.",),
    "Chinese": ("我不接受你以五百欧元购买自行车的提议。",),
    "Hebrew": ("אני לא מקבל את ההצעה שלך של 500 אירו עבור האופניים.",),
    "short": ("No.", "Not for 500."),
}
NEARLY: dict[str, Callable[[str], str]] = {
    "the same": lambda one: one,
    "shouted": str.upper,
    "another end": lambda one: one[:-1] + "!",
    "an amount": lambda one: one.replace("500", "900"),
    "more": lambda one: f"No: {one}",
    "a bullet": lambda one: f"- {one}",
}


def _own(said: tuple[str, ...], change: str) -> str:
    return "\n".join(map(NEARLY[change], said))


def _kept(own: str, text: str) -> bool:
    """Tell whether each line is in a reply."""
    found = " ".join(text.split())
    return all(" ".join(line.split()).lstrip("- ") in found for line in own.split("\n"))


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
@pytest.mark.parametrize("change", NEARLY)
@pytest.mark.parametrize("around", ["{}", "Hi Mallory,\n\n{}\n\nBo", "My answer:\n{}"])
def test_own_lines_above_are_kept(
    client: str, said: tuple[str, ...], change: str, around: str
) -> None:
    """Whatever tells where the quotation begins, and however near the words are."""
    sent = a_digest("\n".join(said))
    own = _own(said, change)
    reply = extract(CLIENTS[client](around.format(own), sent), sent)

    assert _kept(own, reply.text)
    assert LINK not in reply.text


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
@pytest.mark.parametrize("change", NEARLY)
@pytest.mark.parametrize("rest", ["-- Reply above this line --\n[{}]\n", "[{}]\n", LINK, "> [{}]"])
def test_own_lines_above_what_was_cut_to_little_are_kept(
    said: tuple[str, ...], change: str, rest: str
) -> None:
    """The digest's head alone, or its foot: what it said stands in it no more."""
    sent = a_digest("\n".join(said))
    own = _own(said, change)
    reply = extract(Body(text=f"{own}\n\n{rest.format(sent.marker)}"), sent)

    assert _kept(own, reply.text)


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
@pytest.mark.parametrize("change", NEARLY)
def test_own_lines_below_an_unmarked_digest_are_kept(said: tuple[str, ...], change: str) -> None:
    """Below the link that ends it nothing of it goes on."""
    sent = a_digest("\n".join(said))
    own = _own(said, change)
    reply = extract(Body(text=f"{sent.text}\n\n{own}\n"), sent)

    assert _kept(own, reply.text)
    assert LINK not in reply.text


@pytest.mark.parametrize("client", CLIENTS)
def test_what_is_quoted_twice_is_folded_twice(client: str) -> None:
    """Somebody who says the same in two messages has not made the first one an answer."""
    said = "I do accept your offer of 500 euros for the bike."
    sent = a_digest(f"{said}\nDo you hear?\n{said}")
    reply = extract(CLIENTS[client]("We shall see.", sent), sent)

    assert reply.text == "We shall see."


@pytest.mark.parametrize("shape", ["half", "twice", "deep"])
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_whatever_is_done_to_it_is_read(said: tuple[str, ...], shape: str) -> None:
    """Cut in the middle, doubled, or behind a megabyte of other words."""
    sent: Sent = a_digest("\n".join(said))
    text = "\n".join(said) + "\n\n" + sent.text
    made = {"half": text[: len(text) // 2], "twice": text * 2, "deep": "so on\n" * 9_000 + text}

    assert _kept("\n".join(said), extract(Body(text=made[shape]), sent).text)
