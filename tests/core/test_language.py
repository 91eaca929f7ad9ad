# ruff: noqa: RUF001 (digits of other scripts)
"""Which language a tag means, and what a browser asks for."""

import time

import pytest

from core.language import accepted, closest, first_known

THERE = frozenset(
    ["ar", "de", "en", "fa", "fr", "he", "id", "nb", "pt", "ro", "zh-Hans", "zh-Hant"]
)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        pytest.param("de-AT", "de", id="a region"),
        pytest.param("pt_BR", "pt", id="an underscore"),
        pytest.param("FR", "fr", id="capitals"),
        pytest.param("zh-TW", "zh-Hant", id="a country that tells the script"),
        pytest.param("zh-Hant-HK", "zh-Hant", id="a script that is told"),
        pytest.param("zh-CN", "zh-Hans", id="any other Chinese"),
        pytest.param("no", "nb", id="Norwegian"),
        pytest.param("nn-NO", "nb", id="the other Norwegian"),
        pytest.param("iw-IL", "he", id="the old tag of Hebrew"),
        pytest.param("in", "id", id="the old tag of Indonesian"),
        pytest.param("mo", "ro", id="the old tag of Moldavian"),
        pytest.param("prs-AF", "fa", id="Dari"),
        pytest.param("de_AT.UTF-8", "de", id="as POSIX writes it"),
        pytest.param("xx", None, id="a language that is not there"),
        pytest.param("", None, id="nothing"),
        pytest.param("../de", None, id="a path"),
        pytest.param("-" * 1_000_000 + "de", None, id="a megabyte before it"),
    ],
)
def test_a_tag_means_a_language(tag: str, language: str | None) -> None:
    """From the full tag to its language alone, by what else the language is called."""
    assert closest(tag, THERE) == language


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        pytest.param("fr", ["fr"], id="one"),
        pytest.param("fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5", ["fr-CH", "fr", "en"], id="a browser's"),
        pytest.param("en;q=0.2, de;q=0.9", ["de", "en"], id="what is liked best first"),
        pytest.param("de ; Q = 0.5 ,nb", ["nb", "de"], id="blanks and capitals"),
        pytest.param("de;q=0, nb;q=0.000, fr", ["fr"], id="what is not wanted"),
        pytest.param("de;q=high, nb;level=1, fr;q=-1", [], id="what makes no sense"),
        pytest.param("de;q=9", ["de"], id="more than can be liked"),
        pytest.param("", [], id="nothing"),
        pytest.param(",,;,*", [], id="marks alone"),
        pytest.param("de;q=٠.٥", ["de"], id="digits of another script"),
    ],
)
def test_what_a_browser_asks_for(header: str, tags: list[str]) -> None:
    """RFC 9110, 12.5.4: ranges by their weight, and those of one weight in their order."""
    assert accepted(header) == tags


@pytest.mark.parametrize("unit", ["de,", "de;q=0.1,", ";q=", ",", "a-", "q=0.5;", "\xff"])
def test_whatever_is_sent_costs_little(unit: str) -> None:
    """A header of a megabyte, cut or doubled: an answer, in no time, of a few tags."""
    whole = unit * (1_000_000 // len(unit))
    for header in (whole, whole[: len(whole) // 2 + 1], whole * 2, whole + "fr"):
        began = time.process_time()
        found = accepted(header)

        assert time.process_time() - began < 0.5
        assert len(found) <= 20


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        pytest.param(["fr-CA", "de"], ("fr-CA", "fr"), id="the first"),
        pytest.param([None, "", "xx", "de"], ("de", "de"), id="the first that is there"),
        pytest.param(["xx"], None, id="none"),
        pytest.param([], None, id="nothing asked"),
    ],
)
def test_the_first_that_there_are_words_in(
    tags: list[str | None], found: tuple[str, str] | None
) -> None:
    """A person's locale, their app's, a browser's: whichever is known first."""
    assert first_known(tags, THERE) == found
