# ruff: noqa: RUF001 (letters of many languages look alike)
"""What wrapping left of a quoted line is no answer, and an answer below one is no remnant."""

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract
from gateway.quote.sent import Sent
from tests.support.quoting import a_digest, combed

ANSWER = "Thanks, I will think about it."
LEADS = {
    "Gmail": "On Mon, Nov 30, 2026 at 1:40 PM Mallory via Shop <n@app.example> wrote:",
    "German": 'Am 30.11.26 um 13:40 schrieb "Mallory via Shop" <n@app.example>:',
    "a divider": (
        '----- Original Message -----\nFrom: "Mallory via Shop" <n@app.example>\n'
        'To: "Bo" <bo@example.net>\nSent: Monday, November 30, 2026 1:40 PM\nSubject: Re: x\n'
    ),
    "none": "",
}


def _full(letters: int, end: str = ".") -> str:
    """Return a sentence of so many letters, which ends with a full stop."""
    words = "the bike is in good order and so I ask you what you think of it as well today"
    return (f"Now {words}"[: letters - 2] + "s").ljust(letters - 1, "s") + end


LONG = " ".join([_full(66), "Accepted.", _full(57), "I take it for 900 euros.", _full(60)])
SAID = {
    "one word": _full(66) + " Accepted.",
    "a question": _full(66) + " Accepted.\nWhat do you say?",
    "one word a line": "\n".join(_full(75 - len(one)) + " " + one for one in ("Yes.", "Deal!")),
    "sentences": LONG,
    "other ends": "\n".join(_full(64, end) + " Gekauft!" for end in "?!:…"),
    "a sign": _full(66) + " 👍",
    "a number": _full(66) + " 900",
    "German": "Ich frage dich heute noch einmal nach dem roten Rad in der Scheune. Gekauft.",
    "Greek": "Σε ρωτώ και σήμερα για το κόκκινο ποδήλατο στην αποθήκη μας εκεί. Σύμφωνοι.",
    "Russian": "Спрашиваю тебя и сегодня про красный велосипед в нашем сарае там. Согласен.",
    "Spanish": "Te pregunto hoy otra vez por la bicicleta roja del garaje de atrás. Acepto, sí.",
    "Turkish": "Bugün sana yine garajdaki o kırmızı bisikleti soruyorum, bilesin. Kabul.",
    "a link": "Look there:\nhttps://evil.example/" + "a" * 120,
}


@pytest.mark.parametrize("width", range(62, 80))
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_what_wrapping_left_is_no_answer(said: str, width: int) -> None:
    """Whatever the width, the language, and the sign before the place where it breaks."""
    sent = a_digest(said)
    for lead in LEADS.values():
        reply = extract(Body(text=f"{ANSWER}\n\n{lead}\n{combed(sent, width)}"), sent)

        assert reply.text == ANSWER


@pytest.mark.parametrize("width", [64, 70, 76])
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_an_answer_below_such_a_quote_is_kept(said: str, width: int) -> None:
    """Bottom posting."""
    sent = a_digest(said)
    reply = extract(Body(text=f"{LEADS['Gmail']}\n{combed(sent, width)}\n{ANSWER}\n"), sent)

    assert reply.text == ANSWER


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        pytest.param(_full(70, "?") + "\nYes.", "Yes.", id="the line that came next"),
        pytest.param(_full(62, "?") + " Yes or no?", "Yes", id="a word that came next"),
        pytest.param("Do you take it? Yes.", "Yes.", id="below a short line"),
        pytest.param(_full(70, ":"), "The red one.", id="an answer of its own"),
        pytest.param(_full(70, ","), "the red one", id="small letters"),
        pytest.param(_full(58, " "), "900", id="a number"),
        pytest.param(
            "Sag mir bitte bis morgen, welches von beiden Rädern du nimmst:", "das rote",
            id="German",
        ),
        pytest.param(
            "Πες μου ως αύριο, ποιο από τα δύο ποδήλατα θα πάρεις τελικά εσύ;", "το κόκκινο",
            id="Greek",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("rest", [True, False])
def test_an_answer_right_below_a_long_line_is_kept(said: str, answer: str, *, rest: bool) -> None:
    """It is no rest of the line, also where what was asked went on in its words."""
    sent = a_digest(said)
    quoted = [f"> {line}" for line in sent.text.splitlines()]
    at = next(n for n, line in enumerate(quoted) if "PM:" in line) + 2
    if "or no" in said:
        quoted[at - 1 : at] = [f"> {_full(62, '?')}", "> Yes or no?"]
    below = quoted[at:] if rest else []
    text = "\n".join([LEADS["Gmail"], *quoted[:at], answer, *below])
    reply = extract(Body(text=text + "\n"), sent)

    assert answer in reply.text.split("\n")


@pytest.mark.parametrize(
    ("said", "piece", "answer"),
    [
        ("Do you take the red bike or the blue bike", "Do you take the red bike", "the blue bike"),
        ("Nimmst du das rote Rad oder das blaue", "Nimmst du das rote Rad", "oder das blaue"),
        ("Vas-tu prendre le rouge ou bien le bleu", "Vas-tu prendre le rouge", "ou bien le bleu"),
        ("Kommst du Freitag um neun oder um zehn", "Kommst du Freitag", "um neun oder um zehn"),
        ("Kommst du am Freitag um neun", "Kommst du", "am Freitag um neun"),
    ],
)  # fmt: skip
def test_an_answer_below_a_short_piece_is_kept(said: str, piece: str, answer: str) -> None:
    """Nobody breaks lines there, so somebody cut the quotation and answered in its words."""
    text = f"{LEADS['Gmail']}\n> {piece}\n{answer}\n"
    reply = extract(Body(text=text), a_digest(said))

    assert answer in reply.text.split("\n")


@pytest.mark.parametrize(
    "answers",
    [
        ["Tuesday at nine in the morning", "Thursday at ten in the evening"],
        ["Tuesday at nine in the morning", "Thursday at ten in the evening", "come on your own"],
    ],
)
def test_answers_in_our_words_outnumber_a_quoted_line(answers: list[str]) -> None:
    """One marked line tells of no quote but itself."""
    said = (
        "When shall I come?\nTuesday at nine in the morning or in the evening?\n"
        "Thursday at ten in the evening or at noon?\nShall I come on your own bike?"
    )
    text = "\n".join([LEADS["Gmail"], "> When shall I come?", *answers, ""])

    assert extract(Body(text=text), a_digest(said)).text == "\n".join(answers)


@pytest.mark.parametrize("shape", ["half", "twice", "deep"])
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_whatever_is_done_to_it_is_read(said: str, shape: str) -> None:
    """Cut in the middle, doubled, or behind a megabyte of other words."""
    sent = a_digest(said)
    text = f"{ANSWER}\n\n{LEADS['Gmail']}\n{combed(sent, 70)}"
    made = {"half": text[: len(text) // 2], "twice": text * 2, "deep": "so on\n" * 9_000 + text}

    assert ANSWER in extract(Body(text=made[shape]), sent).text


def test_a_thousand_remnants_cost_little() -> None:
    """What was sent is prepared once, however many lines may be rests of it."""
    sent = Sent(text="\n".join(_full(66) + f" No. {n}" for n in range(2_000)), name="Mallory")
    text = f"{ANSWER}\n\n{combed(sent, 70)}"

    assert ANSWER in extract(Body(text=text), sent).text
