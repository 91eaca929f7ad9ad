"""Whoever only says "stop", in any language we write in, is left alone; whoever talks is not."""

import tomllib
from importlib import resources

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract
from gateway.quote.extraction import ReplyKind
from gateway.quote.optout import is_opt_out

DIGEST = "On Tue, Jun 3, 2025 at 10:15 AM Ada <ada@example.net> wrote:\n> Is it there?"
DATA = tomllib.loads(
    (resources.files("gateway.quote") / "data" / "optout.toml").read_text(encoding="utf-8")
)
LANGUAGES = {name: words for name, words in DATA.items() if isinstance(words, dict)}
LOCALES = [
    file.name.removesuffix(".toml")
    for file in (resources.files("notifier.rendering") / "locales").iterdir()
    if file.name.endswith(".toml")
]
EVERY_WORD = [
    pytest.param(word, id=f"{name}: {word}")
    for name, words in LANGUAGES.items()
    for word in (*words["alone"], *words["clear"])
]


@pytest.mark.parametrize("locale", sorted(LOCALES))
def test_each_language_of_the_digest_has_its_words(locale: str) -> None:
    """What a digest is written in can be answered with a word to be left alone."""
    assert LANGUAGES[locale]["alone"]
    assert len(LANGUAGES[locale]["clear"]) >= 5
    assert LANGUAGES[locale]["polite"]


@pytest.mark.parametrize("word", EVERY_WORD)
def test_a_bare_word_asks_to_be_left_alone(word: str) -> None:
    """In any case, with any punctuation, above a signature and the quoted digest."""
    written = [
        word,
        word.upper(),
        word.title(),
        f"  \u201c{word}\u201d!!\n",
        f"**{word}.**",
        f"{word}\n\n-- \nBo Larsson\n+46 70 123 45 67",
        f"{word}\n\nSent from my iPhone\n\n{DIGEST}",
    ]

    kinds = [extract(Body(text=text)).kind for text in written]

    assert kinds == [ReplyKind.OPT_OUT_WORD] * len(written)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("STOP", id="as SMS taught"),
        pytest.param("Please unsubscribe me, thanks!", id="politely"),
        pytest.param("Bitte abmelden. Vielen Dank!", id="politely in German"),
        pytest.param("Merci de me désinscrire, svp.", id="politely in French"),
        pytest.param("DESABONNER", id="French capitals without their accents"),
        pytest.param("ABONELİKTEN ÇIK", id="Turkish capitals, with dots"),
        pytest.param("ABONELIKTEN CIK", id="Turkish on a keyboard without them"),
        pytest.param("ΔΙΑΓΡΑΦΗ", id="Greek capitals without their accents"),
        pytest.param("\uff33\uff34\uff2f\uff30", id="full width"),
        pytest.param("配信停止。", id="the full stop of Japanese"),
        pytest.param("\u200bstop\ufeff", id="with signs nobody sees"),
        pytest.param("Opt-out", id="a hyphen"),
        pytest.param("Stop\n\nKind regards,\nBo Larsson", id="with a closing and a name"),
        pytest.param("Stopp\n\nMit freundlichen Grüßen\nBo", id="with a German one"),
        pytest.param("Unsubscribe\nThank you", id="with thanks below"),
        pytest.param("Stop\n\n----\nBo\nExample Ltd", id="with a signature"),
    ],
)
def test_it_is_recognised_however_it_is_written(text: str) -> None:
    """What people's keyboards and programs make of the word is the word."""
    assert extract(Body(text=text)).kind is ReplyKind.OPT_OUT_WORD


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Please stop the delivery", id="stop within a sentence"),
        pytest.param("please stop", id="said to somebody, not to us"),
        pytest.param("Stop it!", id="also said to somebody"),
        pytest.param("Stop?", id="a question"),
        pytest.param("Stop 😂", id="a joke"),
        pytest.param("Unsubscribe? How?", id="a question about it"),
        pytest.param("How do I unsubscribe", id="another"),
        pytest.param("Cancel", id="an answer about an order"),
        pytest.param("İptal", id="an answer about an order in Turkish"),
        pytest.param("Cancelar", id="an answer about an order in Spanish"),
        pytest.param("end", id="a place to get off"),
        pytest.param("Bitte stoppen Sie die Lieferung", id="a sentence in German"),
        pytest.param("Je voudrais arrêter demain", id="a sentence in French"),
        pytest.param("配信停止の件ですが", id="a sentence in Japanese"),
        pytest.param("Стоп, где посылка", id="a sentence in Russian"),
        pytest.param("Stop\n\nThe red one, please.", id="a word and a sentence"),
        pytest.param("Stop\n\nKind regards,\nbut call me first", id="no name below the closing"),
        pytest.param("Stop\n\nBo\nAnn\nEve\nMy list", id="a list"),
        pytest.param("Stop stop stop", id="said thrice"),
        pytest.param("thanks", id="nothing but thanks"),
        pytest.param("please", id="nothing but please"),
        pytest.param("!!!", id="no word at all"),
    ],
)
def test_who_says_more_is_heard(text: str) -> None:
    """What may be meant for a person is posted to them."""
    reply = extract(Body(text=text))

    assert reply.kind is ReplyKind.REPLY
    assert reply.text


def test_a_quote_of_a_stop_word_alone_is_not_one() -> None:
    """Only what was written now counts."""
    assert extract(Body(text=f"{DIGEST}\n> STOP")).kind is ReplyKind.EMPTY


def test_a_long_text_is_not_even_looked_at() -> None:
    """The work is bounded, whatever is written."""
    assert not is_opt_out("stop" + " \n" * 500_000)
    assert not is_opt_out("\u0301" * 1_000_000)
