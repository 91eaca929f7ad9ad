"""One emoji has one spelling, and what is not exactly one is none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.rules.emoji import LONGEST, one_emoji, unicode_emoji


@pytest.mark.parametrize(
    ("text", "emoji"),
    [
        pytest.param("👍", "👍", id="a picture"),
        pytest.param("👍\ufe0f", "👍", id="a picture that is asked for without need"),
        pytest.param("❤", "❤\ufe0f", id="a sign that is a picture when asked"),
        pytest.param("❤\ufe0f", "❤\ufe0f", id="and was asked"),
        pytest.param("👍🏽", "👍🏽", id="with a skin tone"),
        pytest.param("☝🏽", "☝🏽", id="a sign with a tone needs no selector"),
        pytest.param("🇳🇱", "🇳🇱", id="a flag"),
        pytest.param("1\u20e3", "1\ufe0f\u20e3", id="a key"),
        pytest.param("👩\u200d❤\u200d👨", "👩\u200d❤\ufe0f\u200d👨", id="joined ones"),
        pytest.param(
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
            id="a flag spelt in tags",
        ),
        pytest.param("\U0001faf9", "\U0001faf9", id="one of these years"),
        pytest.param(":party-cat:", ":party-cat:", id="an app's own"),
        pytest.param(f":{'x' * 48}:", f":{'x' * 48}:", id="a name of the greatest length"),
    ],
)
def test_one_emoji_is_told(text: str, emoji: str) -> None:
    """However it is written, it comes out fully qualified."""
    assert one_emoji(text) == emoji


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("👍👍", id="two"),
        pytest.param("👍 ", id="with a space"),
        pytest.param("ok", id="a word"),
        pytest.param("1", id="a digit"),
        pytest.param("🇳", id="half a flag"),
        pytest.param("☝\ufe0f🏽", id="a sign asked for, and a tone"),
        pytest.param("👍\u200d", id="joined to nothing"),
        pytest.param("\ufe0f", id="a selector alone"),
        pytest.param("👍\0", id="with a NUL"),
        pytest.param("\ud83d\udc4d", id="surrogates"),
        pytest.param("::", id="no name"),
        pytest.param(":a b:", id="a name with a space"),
        pytest.param(f":{'x' * 49}:", id="a name too long"),
        pytest.param("👩" + "\u200d👩" * 40, id="joined without end"),
    ],
)
def test_what_is_not_one_is_none(text: str) -> None:
    """Neither text nor several emoji pass for one."""
    assert one_emoji(text) is None


def test_an_apps_own_is_not_unicodes() -> None:
    """Where only Unicode's are known, a name in colons is text."""
    assert (unicode_emoji(":+1:"), unicode_emoji("🎉")) == (None, "🎉")


@given(
    st.text(st.sampled_from("👍❤☝🏽\ufe0f\u200d1#\u20e3🇳🇱🏴\U000e0067\U000e007f:ab"), max_size=60)
)
@settings(deadline=None)
def test_the_spelling_is_final(text: str) -> None:
    """What came out once comes out the same again, and is short."""
    once = one_emoji(text)

    assert once is None or (one_emoji(once) == once and len(text) <= LONGEST)
