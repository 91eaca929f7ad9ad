"""The pages: styled once, kept."""

import pytest

from notifier.rendering.environment import template


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_a_page_is_made_once(direction: str) -> None:
    """The second mail of a process reuses the page of the first."""
    assert template(direction) is template(direction)


def test_there_are_two_directions() -> None:
    """A direction of writing we do not know is a bug, and says so."""
    with pytest.raises(KeyError):
        template("ttb")
