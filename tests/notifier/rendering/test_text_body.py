"""Lines of plain text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.rendering.text_body import wrap


@pytest.mark.parametrize(
    ("text", "wrapped"),
    [
        pytest.param("short", "short", id="a short line stays"),
        pytest.param("a " * 50, "a " * 37 + "a\n" + "a " * 12, id="broken at a space"),
        pytest.param("x" * 200 + " y", "x" * 200 + "\ny", id="a long word is never cut"),
        pytest.param("a" * 76 + "\nb", "a" * 76 + "\nb", id="own lines stay"),
    ],
)
def test_wrapping(text: str, wrapped: str) -> None:
    """Lines are broken at spaces, words never."""
    assert wrap(text).strip() == wrapped.strip()


@given(st.lists(st.text("ab", min_size=1, max_size=90), max_size=60))
@settings(deadline=None)
def test_no_word_is_lost(words: list[str]) -> None:
    """Wrapping keeps every word, and lines of words that fit keep the width."""
    lines = wrap(" ".join(words)).split("\n")

    assert " ".join(lines).split() == words
    assert all(len(line) <= 76 or " " not in line.strip() for line in lines)
