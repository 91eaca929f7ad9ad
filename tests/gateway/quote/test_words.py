"""The words of the languages, made into patterns."""

import re

import pytest

from gateway.quote.line import may_end_one, text_line
from gateway.quote.words import fold, one_of, pattern, phrases


@pytest.mark.parametrize(
    ("choices", "found"),
    [
        pytest.param(["a", "ab", "abc"], "abc", id="the longest of those that begin alike"),
        pytest.param(["abx", "ab"], "ab", id="a shorter one where the longer goes on otherwise"),
        pytest.param(["a.c", "a+"], None, id="signs mean themselves"),
        pytest.param(["abc"], "abc", id="a single word"),
        pytest.param([], None, id="no word is found nowhere"),
    ],
)
def test_one_of_several_words_is_found_the_longest_first(
    choices: list[str], found: str | None
) -> None:
    """The pattern that branches letter by letter finds what a plain list of words would."""
    match = re.match(one_of(choices), "abcd")

    assert (match.group() if match else None) == found


@pytest.mark.parametrize("text", ["{}", "x {} y", "é {} ü"])
def test_a_whole_word_is_found_in_plain_and_in_other_text(text: str) -> None:
    """ASCII text is searched for ASCII words alone, and none of them is missed."""
    plain = [word for word in phrases("notices", "titles") if word.isascii()]
    missed = [
        word
        for word in plain
        if not pattern("notices", "titles", text.format(word)).search(text.format(word))
    ]

    assert plain
    assert missed == []


def test_an_attribution_may_end_at_every_verb() -> None:
    """The look at a line's last words reaches over the longest verb known."""
    lines = [f"12:30 somebody of a long name {verb}" for verb in phrases("attribution", "verbs")]

    assert [line for line in lines if not may_end_one(text_line(line))] == []


def test_folding_evens_out_case_and_apostrophes() -> None:
    """What clients vary makes no difference to a comparison."""
    assert fold("You Don\u2019t") == fold("you don't") == "you don't"
