"""The phrases of mails, chosen by locale; that they are complete, core's tests tell."""

import pytest

from notifier.rendering.catalogue import catalogue_for


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
        pytest.param("no-NO", "en", "nb", id="Norwegian by its wider tag"),
        pytest.param("in-ID", "en", "id", id="Indonesian by its old one"),
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
        pytest.param("fr", 1_000_000, "1000000 de nouveaux messages : Ann", id="French many"),
        pytest.param("fr", 1, "1 nouveau message : Ann", id="French, before a vowel"),
        pytest.param("ro", 20, "20 de mesaje noi de la Ann", id="Romanian other"),
        pytest.param("sk", 5, "5 nových správ: Ann", id="Slovak other"),
        pytest.param("hr", 22, "22 nove poruke: Ann", id="Croatian few"),
        pytest.param("hu", 7, "7 új üzenet: Ann", id="Hungarian"),
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
    """Arabic, Hebrew and Persian are written from right to left."""
    ways = [catalogue_for(tag).direction for tag in ("ar", "he-IL", "fa-AF", "en", "th")]

    assert ways == ["rtl", "rtl", "rtl", "ltr", "ltr"]
