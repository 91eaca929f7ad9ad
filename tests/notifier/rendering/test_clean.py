"""Foreign values: what of them may be shown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.rendering.clean import block, clip, one_line


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Ann", "Ann", id="a plain name stays"),
        pytest.param("Ann\r\nBcc: eve@x", "Ann Bcc: eve@x", id="line breaks become spaces"),
        pytest.param("  Ann \t  B ", "Ann B", id="spaces are joined"),
        pytest.param("gpj.\u202exe", "gpj.xe", id="an override is taken out"),
        pytest.param("\u2067Ann\u2069\x00", "Ann", id="isolates and NUL are taken out"),
        pytest.param("A\ud800nn", "Ann", id="half a character is taken out"),
        pytest.param("👩\u200d🚀 Ann", "👩\u200d🚀 Ann", id="joined emoji stay joined"),
        pytest.param("pay\u200bpal\u200e", "paypal", id="what has no width is taken out"),
        pytest.param("A\u00adnn\u2060 B\u061co", "Ann Bo", id="soft hyphens and marks, too"),
        pytest.param("An\U000e0041\U000e0042n", "Ann", id="tags are taken out"),
        pytest.param("\u3164", "", id="a name of fillers is none"),
        pytest.param("A \u200b B", "A B", id="nor do they part spaces"),
        pytest.param("\u05d0\u200f\u05d1", "\u05d0\u05d1", id="nor stay in Hebrew"),
        pytest.param("\u06cc\u200c\u062e", "\u06cc\u200c\u062e", id="a Persian word stays"),
        pytest.param("\u845b\U000e0100", "\u845b\U000e0100", id="so does a name's ideograph"),
        pytest.param("x" * 300, "x" * 199 + "…", id="a long one is cut and shows it"),
    ],
)
def test_a_value_fits_one_line(text: str, shown: str) -> None:
    """A name is one line of seen characters, whatever its owner typed."""
    assert one_line(text) == shown


@given(st.text(st.characters(exclude_categories=()), max_size=400))
@settings(deadline=None)
def test_p7_19_nothing_breaks_out(text: str) -> None:
    """No text whatever yields a line break, a control or half a character."""
    line = one_line(text)

    assert len(line) <= 200
    assert not set(line) & set("\r\n\x00\x85\u2028\u2029\u202e\u2066")
    assert line.encode().decode() == line
    assert "\r" not in block(text)
    assert block(text).encode().decode() == block(text)


def test_a_block_keeps_its_lines() -> None:
    """A message keeps its lines and loses what is not seen."""
    assert block("\na\r\n\r\nb\u2028c\x07\td\n") == "a\n\nb\nc    d"


def test_clip_counts_the_sign() -> None:
    """The sign that text was cut is inside the limit."""
    assert clip("abcdef", 4) == "abc…"
