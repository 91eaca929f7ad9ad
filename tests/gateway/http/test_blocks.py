"""Content blocks are read as far as they are what they say they are."""

from typing import Any

import pytest

from gateway.http import blocks


@pytest.mark.parametrize(
    ("block", "place"),
    [
        pytest.param({"latitude": 1, "longitude": 2.5}, [1.0, 2.5], id="two numbers"),
        pytest.param({"latitude": "1", "longitude": 2}, None, id="text"),
        pytest.param({"latitude": True, "longitude": 2}, None, id="a truth"),
        pytest.param({"latitude": float("inf"), "longitude": 2}, None, id="beyond all bounds"),
        pytest.param({"latitude": 1}, None, id="half a place"),
    ],
)
def test_a_place_is_two_finite_numbers(block: dict[str, Any], place: list[float] | None) -> None:
    """A location block that is not as it should be says nothing."""
    assert blocks.location([{"type": "text"}, {"type": "location"} | block]) == place


def test_text_and_mentions_are_found_however_deep() -> None:
    """Bold, links and mentions nest; their words come in order."""
    deep = {"type": "bold", "children": ["dear ", {"type": "mention", "id": "bo", "text": "Bo"}]}
    content = [{"type": "text", "children": ["Hello ", deep, {"type": "mention", "id": 3}]}]

    assert blocks.plain(content) == "Hello dear @Bo"
    assert blocks.mentions(content) == ["bo"]


def test_only_a_file_is_a_file() -> None:
    """A block that refers to an upload is known by its type."""
    assert blocks.has_file([{"type": "text"}, {"type": "file"}])
    assert not blocks.has_file([{"type": "text"}, {"type": 1}])
