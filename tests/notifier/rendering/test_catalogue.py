"""The phrases: complete in every language, chosen by locale."""

import re

import pytest
from babel import Locale

from notifier.rendering.catalogue import Catalogue, Phrase, catalogue_for, languages

_PLACE = re.compile(r"\{(\w+)\}")
ENGLISH = catalogue_for("en").phrases


def _places(phrase: Phrase) -> set[str]:
    return set(_PLACE.findall(phrase if isinstance(phrase, str) else phrase["other"]))


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_language_says_everything(language: str) -> None:
    """A language has every phrase, with the same places, in all its plural forms."""
    phrases = catalogue_for(language).phrases
    forms = {*Locale.parse(language, sep="-").plural_form.tags, "other"}

    assert phrases.keys() == ENGLISH.keys()
    assert all(_places(phrases[name]) == _places(ENGLISH[name]) for name in ENGLISH)
    assert all(isinstance(p, str) or p.keys() >= forms - {"many"} for p in phrases.values())


@pytest.mark.parametrize(
    ("locale", "default", "language"),
    [
        pytest.param("de", "en", "de", id="a language"),
        pytest.param("de_AT", "en", "de", id="its region, however written"),
        pytest.param("pt-BR", "en", "pt", id="a region without words of its own"),
        pytest.param("zh-TW", "en", "zh-Hant", id="Taiwan writes traditional characters"),
        pytest.param("zh", "en", "zh-Hans", id="Chinese is simplified unless told"),
        pytest.param("zh-hant-hk", "en", "zh-Hant", id="the script decides"),
        pytest.param("xx-YY", "fr-CA", "fr", id="the app's default"),
        pytest.param("", "", "en", id="nothing known"),
        pytest.param("../../etc/passwd", "en", "en", id="a path"),
        pytest.param("de-1234567890-%%%", "en", "de", id="a tag half broken"),
    ],
)
def test_a_locale_is_resolved(locale: str, default: str, language: str) -> None:
    """The full tag, then the language, then the app's default, then English."""
    assert catalogue_for(locale, default).language == language


@pytest.mark.parametrize(
    ("locale", "count", "text"),
    [
        pytest.param("en", 1, "1 new message from Ann", id="one"),
        pytest.param("en", 2, "2 new messages from Ann", id="more"),
        pytest.param("pl", 3, "3 nowe wiadomości: Ann", id="Polish few"),
        pytest.param("pl", 5, "5 nowych wiadomości: Ann", id="Polish many"),
        pytest.param("ru", 21, "21 новое сообщение: Ann", id="Russian one"),
        pytest.param("ar", 2, "رسالتان جديدتان من Ann", id="Arabic two"),
        pytest.param("fr", 1_000_000, "1000000 nouveaux messages de Ann", id="French many"),
    ],
)
def test_plurals(locale: str, count: int, text: str) -> None:
    """A number is said in the form its language asks for."""
    assert catalogue_for(locale).count("new_messages", count, names="Ann") == text


@pytest.mark.parametrize(
    ("names", "text"),
    [
        pytest.param(["Ann"], "Ann", id="one"),
        pytest.param(["Ann", "Cy"], "Ann and Cy", id="two"),
        pytest.param(["A", "B", "C", "D"], "A, B, and 2 others", id="many"),
        pytest.param(["{app}", "B"], "{app} and B", id="a name with braces"),
    ],
)
def test_names(names: list[str], text: str) -> None:
    """Names are listed as the language lists, and not all of many."""
    assert catalogue_for("en-US").names(names) == text


def test_direction() -> None:
    """Arabic and Hebrew are written from right to left."""
    assert [catalogue_for(tag).direction for tag in ("ar", "he-IL", "en")] == ["rtl", "rtl", "ltr"]


def test_a_phrase_without_forms_serves_every_number() -> None:
    """A language may say a number in one way and leave the table out."""
    words = Catalogue(Locale("ja"), "ja", {"more": "{count}件"})

    assert words.count("more", 3) == "3件"
