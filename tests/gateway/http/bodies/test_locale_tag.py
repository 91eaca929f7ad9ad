"""A locale is a tag of a language that there is, or what was meant is said."""

import time

import pytest

from gateway.http.bodies.locale_tag import locale_tag, nearest_tag

WRONG = [
    pytest.param("xx-nonsense", "fall back to no language", id="no language"),
    pytest.param("german", "did you mean de?", id="its name in English"),
    pytest.param("Deutsch", "did you mean de?", id="its own name"),
    pytest.param("fran\u00e7ais", "did you mean fr?", id="its own name in French"),
    pytest.param("\u65e5\u672c\u8a9e", "did you mean ja?", id="its own name in Japanese"),
    pytest.param("Englsh", "did you mean en?", id="misspelt"),
    pytest.param("deu-AT", "did you mean de-AT?", id="a longer code"),
    pytest.param("en_US.UTF-8", "did you mean en-US?", id="a server's"),
    pytest.param("ca_ES@valencia", "did you mean ca-ES?", id="with a variant"),
    pytest.param("de-", "did you mean de?", id="cut off"),
    pytest.param("de--AT", "no language tag", id="a subtag of nothing"),
    pytest.param("C", "as de-AT", id="no locale at all"),
    pytest.param("und", "fall back to no language", id="undetermined"),
    pytest.param("en US", "no language tag", id="a blank"),
    pytest.param("12", "no language tag", id="a number"),
    pytest.param("x-private", "no language tag", id="private"),
    pytest.param("de-\u00d6sterreich", "no language tag", id="letters beside ASCII"),
]
RIGHT = [
    "en", "de-AT", "pt_BR", "pt-PT", "zh-Hans-CN", "zh-TW", "sr-Latn", "es-419", "de-CH-1996",
    "en-US-u-ca-gregory", "fy-NL", "nb", "nn-NO", "no", "iw", "in", "fil", "yue-Hant-HK", "EN-us",
    "en-UK", "gsw", "mi-NZ",
]  # fmt: skip


@pytest.mark.parametrize(("given", "meant"), WRONG)
def test_what_is_no_locale_is_refused_with_the_nearest(given: str, meant: str) -> None:
    """In one sentence."""
    with pytest.raises(ValueError, match="language") as told:
        locale_tag(given)

    assert meant in str(told.value)


@pytest.mark.parametrize("given", RIGHT)
def test_what_can_fall_back_is_taken_as_it_stands(given: str) -> None:
    """A region, a script or a variant that nobody knows leaves the language."""
    assert locale_tag(given) == given


@pytest.mark.parametrize("given", [str(one.values[0]) for one in WRONG])
def test_it_is_judged_in_bounded_time(given: str) -> None:
    """Cut in the middle, doubled, and behind a megabyte of other text."""
    nearest_tag("warm")  # the names are read once
    began = time.perf_counter()
    for each in (given[: len(given) // 2], given * 2, "x" * (1 << 20) + given):
        nearest_tag(each)

    assert time.perf_counter() - began < 1
