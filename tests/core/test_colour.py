"""Whatever colour an app chooses, words on it and links in it can be read."""

import colorsys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.colour import READABLE, SEEN, contrast, hex_colour, moved, with_words
from notifier.rendering.palette import DARK, LIGHT

colours = st.binary(min_size=3, max_size=3).map(lambda octets: "#" + octets.hex())


@pytest.mark.parametrize(
    ("written", "colour"),
    [
        ("#1d4ed8", "#1d4ed8"),
        ("#1D4ED8", "#1d4ed8"),
        ("#0aF", "#00aaff"),
        ("1d4ed8", None),
        ("#1d4ed", None),
        ("#1d4ed8ff", None),
        ("blue", None),
        ("#\uff11d4ed8", None),
        ("#1d4ed8\n", None),
        ("", None),
        ("#" * 1_000_000, None),
    ],
)
def test_a_colour_has_one_spelling(written: str, colour: str | None) -> None:
    """Three digits are six, capitals are small; anything else is none."""
    assert hex_colour(written) == colour


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#1d4ed8", "#ffffff", 6.70),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_counted_as_wcag_does(one: str, other: str, ratio: float) -> None:
    """The same from both sides."""
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(other, one) == contrast(one, other)


@given(colours)
def test_words_on_any_colour_can_be_read(colour: str) -> None:
    """White or black, and the colour itself wherever it has room for them."""
    ground, words = with_words(colour)

    assert contrast(words, ground) >= READABLE
    assert ground == colour or contrast("#ffffff", colour) < READABLE


@pytest.mark.parametrize(
    ("colour", "ground", "words"),
    [
        ("#1d4ed8", "#1d4ed8", "#ffffff"),
        ("#ffd400", "#ffda22", "#000000"),
        ("#ffffff", "#ffffff", "#000000"),
        ("#000000", "#000000", "#ffffff"),
        ("#ffeb80", "#ffeb80", "#000000"),
        ("#25d366", "#188741", "#ffffff"),
        ("#ff0000", "#ed0000", "#ffffff"),
        ("#ff5a5f", "#cc484c", "#ffffff"),
    ],
)
def test_the_words_of_some_brands(colour: str, ground: str, words: str) -> None:
    """A pale yellow has black words; a bright red or green is darker and has white ones."""
    assert with_words(colour) == (ground, words)


@given(colours)
def test_any_colour_is_moved_until_it_can_be_read(colour: str) -> None:
    """Darker on light grounds, lighter on dark ones."""
    for grounds in (LIGHT, DARK):
        for least in (SEEN, READABLE):
            assert min(contrast(moved(colour, grounds, least), one) for one in grounds) >= least


@pytest.mark.parametrize("colour", ["#1d4ed8", "#7a0016", "#005f3c"])
def test_a_colour_that_can_be_read_stays(colour: str) -> None:
    """An app's own colour is not touched where there is no need."""
    assert moved(colour, LIGHT) == colour


@pytest.mark.parametrize("colour", ["#ffd400", "#ff5a5f", "#00d1b2", "#e6f0ff"])
def test_the_hue_stays(colour: str) -> None:
    """A yellow becomes a darker yellow, and no grey."""

    def hue(one: str) -> float:
        red, green, blue = bytes.fromhex(one[1:])
        return colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)[0]

    assert hue(moved(colour, LIGHT)) == pytest.approx(hue(colour), abs=0.02)
