# ruff: noqa: RUF001 (letters of many languages look alike)
"""Who writes a sentence that somebody else wrote before has written it: it is no quote by that."""

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract
from gateway.quote.sent import Sent

SAID = {
    "english": ("I take the bicycle for nine hundred.", "My complaint of last week is withdrawn."),
    "german": ("Ich nehme das Fahrrad für neunhundert Euro.", "Meine Beschwerde ziehe ich zurück."),
    "french": ("Je prends le vélo pour neuf cents euros.", "Je retire aussi ma plainte d’hier."),
    "greek": ("Παίρνω το ποδήλατο για εννιακόσια ευρώ.", "Αποσύρω και το παράπονό μου γι’ αυτό."),
    "russian": ("Я беру велосипед за девятьсот евро.", "Свою жалобу я тоже забираю назад."),
    "japanese": ("自転車を九万円で買います。", "先週の苦情も取り下げます。"),
    "hebrew": ("אני לוקח את האופניים בתשע מאות שקל.", "גם את התלונה שלי אני מושך בחזרה."),
}
FOOT = "To get no more of these:\nhttps://n.example/u/aeafx5kxmnujyatwetolh6ko7otl5ltz"


def _sent(said: tuple[str, ...]) -> Sent:
    body = "\n".join(said)
    return Sent(
        text=f"Ann Lee\n{body}\n\n{FOOT}", marker="rjd-0123456789ab", name="Ann Lee via Shop"
    )


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
@pytest.mark.parametrize("opening", ["Fine.\n\n", "", "Hello,\n\n", "These are my words.\n"])
def test_bare_lines_are_the_authors(said: tuple[str, ...], opening: str) -> None:
    """Nothing but the words tells that they stood in what we sent."""
    reply = extract(Body(text=opening + "\n".join(said) + "\n"), _sent(said))

    assert all(line in reply.text for line in said)


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_bare_lines_are_the_authors_in_html(said: tuple[str, ...]) -> None:
    """Paragraphs of theirs are theirs."""
    html = "<p>Fine.</p>" + "".join(f"<p>{line}</p>" for line in said)
    reply = extract(Body(html=html), _sent(said))

    assert all(line in reply.text for line in said)


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_written_anew_above_its_quote_it_is_theirs(said: tuple[str, ...]) -> None:
    """The same lines stand twice: as theirs, and in the quoted copy below."""
    sent = _sent(said)
    quoted = "".join(f"> {line}\n" for line in sent.text.splitlines())
    text = "\n".join(said) + f"\n\nOn 3 June 2025 Ann Lee via Shop wrote:\n{quoted}"
    reply = extract(Body(text=text), sent)

    assert reply.text.split("\n") == list(said)


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
@pytest.mark.parametrize(
    "quote",
    [
        pytest.param("{}\n[rjd-0123456789ab]", id="the marker"),
        pytest.param(f"{{}}\n\n{FOOT}", id="the link that ends it"),
        pytest.param("Zx: Ann Lee via Shop\nZd: 3 June 2025\n\n{}", id="a header of no language"),
        pytest.param("> {}", id="quote marks"),
    ],
)
def test_a_copy_with_more_to_tell_it_is_folded(said: tuple[str, ...], quote: str) -> None:
    """What a mail program puts below an answer is no part of it."""
    mark = "\n> " if quote.startswith(">") else "\n"
    text = "Fine by me.\n\n" + quote.replace("{}", mark.join(said))
    reply = extract(Body(text=text), _sent(said))

    assert reply.text == "Fine by me."


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
@pytest.mark.parametrize("shape", ["half", "twice", "deep"])
def test_whatever_is_done_to_it_is_read(said: tuple[str, ...], shape: str) -> None:
    """Cut in the middle, doubled, or behind a megabyte of other words."""
    text = "\n".join(said)
    made = {"half": text[: len(text) // 2], "twice": text * 2, "deep": "so on\n" * 170_000 + text}
    reply = extract(Body(text=made[shape]), _sent(said))

    assert reply.text or shape == "half"
