# ruff: noqa: RUF001 (letters of many languages look alike)
"""Phrases: complete and none stale in every language and room, and fit for any name."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale

from core.model.held import AuthorProof
from core.translations import (
    FALLBACK,
    SHARED,
    Catalogue,
    Phrase,
    catalogue_in,
    languages_in,
    phrases_in,
    told_in,
)
from gateway.answers import spoken
from gateway.http.pages import held_page

ROOT = Path(__file__).parents[2]
MAIL, PAGES = "notifier.rendering", "gateway.http.pages"
ROOMS = (SHARED, MAIL, PAGES)
LANGUAGES = sorted(languages_in(MAIL))
EVERYWHERE = [(room, one) for room in ROOMS for one in LANGUAGES]
_PLACE = re.compile(r"\{(\w+)\}")
# Names that are made of a value, each said if that can be; and what a list of names ends in.
MADE = {
    "others",
    *(f"choice_{one}" for one in held_page.CHOICES),
    *(f"held_{one}" for one in AuthorProof),
}


def _forms(phrase: Phrase) -> dict[str, str]:
    return {"other": phrase} if isinstance(phrase, str) else dict(phrase)


def _every_form(language: str) -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        for name, phrase in told_in(room, language).items():
            yield from ((name, form) for form in _forms(phrase).values())


def test_there_are_thirty_languages_or_more() -> None:
    """Those that were promised among them, and each in all that people read."""
    asked = (
        "ar bg ca cs da de el en es fa fi fr he hi hr hu id it ja ko nb nl pl pt ro ru sk sv th "
        "tr uk vi zh-Hans zh-Hant"
    )

    assert set(LANGUAGES) == set(asked.split())
    assert all(languages_in(room) == set(LANGUAGES) for room in ROOMS)
    assert spoken.languages() == set(LANGUAGES) - {FALLBACK}


@pytest.mark.parametrize(("room", "language"), EVERYWHERE)
def test_no_phrase_is_missing_or_left_over(room: str, language: str) -> None:
    """A file has the phrases of the English one, in its order, and none beside them."""
    assert list(told_in(room, language)) == list(told_in(room, FALLBACK))


@pytest.mark.parametrize(("room", "language"), EVERYWHERE)
def test_places_are_alike(room: str, language: str) -> None:
    """Each form has the places of the English phrase; a form of one number may say it in words."""
    english = told_in(room, FALLBACK)
    for name, phrase in told_in(room, language).items():
        asked = set(_PLACE.findall(_forms(english[name])["other"]))
        for form, said in _forms(phrase).items():
            spelt = {"count"} if form in {"zero", "one", "two"} else set()
            assert asked - spelt <= set(_PLACE.findall(said)) <= asked, (name, form)
            assert said == said.strip() != "", (name, form)
            assert said.count("{") == said.count("}") == len(_PLACE.findall(said)), (name, form)


@pytest.mark.parametrize(("room", "language"), EVERYWHERE)
def test_plural_forms_are_those_of_the_language(room: str, language: str) -> None:
    """CLDR's categories, as Babel has them: none is missing, none is never asked for."""
    asked = {*Locale.parse(language, sep="-").plural_form.tags, "other"}
    english = told_in(room, FALLBACK)
    for name, phrase in told_in(room, language).items():
        assert isinstance(phrase, str) == isinstance(english[name], str), name
        assert isinstance(phrase, str) or set(phrase) == asked, name


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {FALLBACK}))
def test_no_phrase_is_left_in_english(language: str) -> None:
    """A sentence that is word for word the English one was never translated."""
    english = dict(_every_form(FALLBACK))
    left = [
        name
        for name, form in _every_form(language)
        if form == english[name] and form.count(" ") > 2
    ]

    assert left == []


def _said_by(*folders: str) -> set[str]:
    """Return all strings in the code and the templates of some folders."""
    said: set[str] = set()
    for folder in folders:
        for file in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            strings = (one.value for one in ast.walk(tree) if isinstance(one, ast.Constant))
            said |= {one for one in strings if isinstance(one, str)}
        for file in (ROOT / folder).rglob("*.html"):
            said |= set(re.findall(r'"(\w+)"', file.read_text(encoding="utf-8")))
    return said


@pytest.mark.parametrize(
    ("room", "folders"),
    [
        pytest.param(MAIL, ["notifier"], id="mail"),
        pytest.param(PAGES, ["gateway/http/pages"], id="pages"),
        pytest.param(SHARED, ["notifier/rendering"], id="shared, by the mail"),
        pytest.param(SHARED, ["gateway/http/pages"], id="shared, by the pages"),
    ],
)
def test_no_phrase_is_stale(room: str, folders: list[str]) -> None:
    """What nobody says any more is no phrase; what both say is said by both."""
    assert set(told_in(room, FALLBACK)) - MADE - _said_by(*folders) == set()


# Words before a name that hang on how it begins: elided, voiced, contracted or an article.
HANGS = {
    "fr": r"\b(de|du|des|que|jusque|le|la|d'|l')\s*",
    "ca": r"\b(de|del|el|la|d'|l')\s*",
    "it": r"\b(il|lo|la|l'|del|dello|della|dell'|nel|al)\s*",
    "pt": r"\b(do|da|no|na|o|a|ao)\s+",
    "es": r"\b(del|al|el|la)\s+",
    "de": r"\b(der|die|das|dem|den|des|beim|im|vom|zum|zur)\s+",
    "cs": r"\b(v|ve|z|ze|s|se|k|ke)\s+",
    "sk": r"\b(v|vo|z|zo|s|so|k|ku)\s+",
    "pl": r"\b(w|we|z|ze)\s+",
    "ru": r"\b(в|во|с|со|к|ко|об|о)\s+",
    "uk": r"\b(в|у|з|із|зі|к)\s+",
    "bg": r"\b(в|във|с|със)\s+",
    "hr": r"\b(s|sa|k|ka|u)\s+",
    "hu": r"\b(a|az)\s+",
    "tr": r"\}['’]\w+",
    "fi": r"\}:\w+",
}


@pytest.mark.parametrize("language", HANGS)
def test_no_phrase_hangs_on_how_a_name_begins(language: str) -> None:
    """No word stands before a name that would be another for another name (d'Ann, ve Facebook)."""
    before = HANGS[language]
    pattern = before if before.startswith(r"\}") else before + r"\{(names|name|app|sender)\}"
    bad = [form for _, form in _every_form(language) if re.search(pattern, form, re.IGNORECASE)]

    assert bad == []


@pytest.mark.parametrize(
    ("locale", "names", "text"),
    [
        pytest.param("en", ["Ann", "Carl"], "Ann and Carl", id="English"),
        pytest.param("de", ["Ann", "Carl"], "Ann und Carl", id="German"),
        pytest.param("en", ["A", "B", "C"], "A, B, and C", id="three"),
        pytest.param("en-GB", ["A", "B", "C"], "A, B and C", id="three in Britain"),
        pytest.param("nb", ["A", "B", "C", "D"], "A, B og 2 andre", id="Norwegian, many"),
        pytest.param("hu", ["Ann", "Carl"], "Ann és Carl", id="Hungarian"),
        pytest.param("ro", ["A", "B", "C", "D"], "A, B și încă 2 persoane", id="Romanian, few"),
        pytest.param("hr", ["A", "B", *"cdefg"], "A, B i još 5 osoba", id="Croatian, many"),
        pytest.param("th", ["A", "B"], "AและB", id="Thai"),
        pytest.param("vi", ["A", "B"], "A và B", id="Vietnamese"),
        pytest.param("id", ["A", "B", "C"], "A, B, dan C", id="Indonesian"),
        pytest.param("ja", ["A", "B"], "A、B", id="Japanese"),
        pytest.param("es", ["Ann", "Carl"], "Ann y Carl", id="Spanish"),
        pytest.param("es", ["Ann", "Ignacio"], "Ann e Ignacio", id="Spanish, before i"),
        pytest.param("es-MX", ["Ann", "Hilda"], "Ann e Hilda", id="Spanish, before a silent h"),
        pytest.param("es", ["Ann", "Íñigo"], "Ann e Íñigo", id="Spanish, before an accent"),
        pytest.param("es", ["A", "B", "Inés"], "A, B e Inés", id="Spanish, three"),
        pytest.param("es", ["Ann", "Hielo"], "Ann y Hielo", id="Spanish, before a half-vowel"),
        pytest.param("es", ["Y y I", "I"], "Y y I e I", id="Spanish, a joint in a name"),
        pytest.param("he", ["דן", "רות"], "דן ורות", id="Hebrew"),
        pytest.param("he", ["דן", "Ann"], "דן ו-Ann", id="Hebrew, before Latin letters"),
        pytest.param("ar", ["A", "B"], "A وB", id="Arabic"),
        pytest.param("en", [], "", id="nobody"),
        pytest.param("fr", ["{0}", "{1}"], "{0} et {1}", id="names with braces"),
    ],
)
def test_names_are_listed(locale: str, names: list[str], text: str) -> None:
    """As the language lists people, and not all of many."""
    assert catalogue_in(MAIL, [locale]).names(names) == text


def test_a_phrase_without_forms_serves_every_number() -> None:
    """A language may say a number in one way and leave the table out."""
    words = Catalogue(Locale("ja"), "ja", {"more": "{count}件"})

    assert words.count("more", 3) == "3件"


def test_a_room_has_what_all_share() -> None:
    """The question's answers are called alike in the mail and on its page."""
    for language in LANGUAGES:
        mail, pages = phrases_in(MAIL, language), phrases_in(PAGES, language)

        assert {name: mail[name] for name in told_in(SHARED, language)} == {
            name: pages[name] for name in told_in(SHARED, language)
        }
