"""Is this the line at the head of our digests?"""

import pytest

from gateway.quote.above import is_the_line
from gateway.quote.line import text_line
from gateway.quote.words import phrases


@pytest.mark.parametrize("drawn", ["{}", "> {}", "--- {} ---", "##- {} -##", "## {}:"])
def test_every_wording_is_known_with_and_without_what_is_drawn_around_it(drawn: str) -> None:
    """No line is passed over for its length before it was compared with the longest wording."""
    unknown = [
        phrase
        for phrase in phrases("above", "phrases")
        if not is_the_line(text_line(drawn.format(phrase.upper() if phrase.isascii() else phrase)))
    ]

    assert unknown == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("I did not reply above this line.", id="a sentence"),
        pytest.param("reply above this line " + "or below it " * 9, id="a long line"),
        pytest.param(
            "---- what we said about the pump on Monday, and again on Friday ----", id="rule"
        ),
    ],
)
def test_a_line_that_says_something_else_is_not_ours(text: str) -> None:
    """Only the wording itself, or what is drawn around it, makes the line."""
    assert not is_the_line(text_line(text))
