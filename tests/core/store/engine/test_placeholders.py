"""Counting on the places of a statement touches its places, and nothing that looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.store.engine.placeholders import counted_on

LEFT_ALONE = {
    "a string": "'costs $1'",
    "a string with a quote in it": "'it''s $1, ''$2'''",
    "an empty string before one": "'' || '$1'",
    "a string with escapes": r"E'it\'s $1'",
    "a string whose last escape is a backslash": r"e'\\' || '$1'",
    "a plain string that ends in a backslash": r"'\' || '$1'",
    "a string of Unicode escapes": r"U&'\0024 $1'",
    "a column in quotes": '"costs $1"',
    "a column with a quote in it": '"a""b $1"',
    "a text in dollars": "$$costs $1$$",
    "a text in dollars with a tag": "$tag$costs $1, $$2$$ and '$tag $3$tag$",
    "a text in dollars with a quote in it": "$$it's $1$$",
    "a line's comment": "1 -- it's $1\n",
    "a comment": "/* it's $1 */ 1",
    "a comment in a comment": "/* a /* it's */ $1 */ 1",
    "a name with a dollar in it": "t$1.price$2",
    "a name of another alphabet": "größe$1",
}


@pytest.mark.parametrize("kept", LEFT_ALONE.values(), ids=LEFT_ALONE.keys())
def test_what_is_no_place_is_left_alone(kept: str) -> None:
    """Text, names and remarks stay as they are; the places before and behind are counted on."""
    assert counted_on(f"SELECT $1, {kept}, $2", 8) == (f"SELECT $9, {kept}, $10", 2)


@pytest.mark.parametrize(
    ("before", "by", "after", "most"),
    [
        pytest.param("SELECT 1", 3, "SELECT 1", 0, id="no place"),
        pytest.param("$1", 0, "$1", 1, id="nothing else"),
        pytest.param("$1, $10, $11", 1, "$2, $11, $12", 11, id="one digit is not a part of two"),
        pytest.param("$2, $1, $1", 5, "$7, $6, $6", 2, id="a place named twice"),
        pytest.param("$1::VARCHAR", 1, "$2::VARCHAR", 1, id="with its type"),
        pytest.param("($1)||$2-$3", 1, "($2)||$3-$4", 3, id="between signs"),
        pytest.param("a>$1 /* $2", 1, "a>$2 /* $2", 1, id="a comment without an end"),
    ],
)
def test_places_are_counted_on(before: str, by: int, after: str, most: int) -> None:
    """Each place moves by as much, and the highest is told."""
    assert counted_on(before, by) == (after, most)


@given(st.text(alphabet="$1'\"-*/\\ eEt\n", max_size=40), st.integers(0, 99))
def test_there_and_back_is_as_before(said: str, by: int) -> None:
    """Whatever is said, counting back undoes counting on: nothing but places has moved."""
    moved, most = counted_on(said, by)

    assert counted_on(moved, -by) == (said, most + by if most else 0)
